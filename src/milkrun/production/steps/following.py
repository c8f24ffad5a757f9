"""Bring the component groups along that a job serves: ready once everything is made, with the state of their stock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.identity import Actor
from milkrun.production.models import Confirmation, JobLine
from milkrun.production.states import LIVE_JOBS

# A line still owes its component something: its job goes on, or it ended early and nothing has replaced the rest.
OWING = Q(job__state__in=LIVE_JOBS, good_qty__lt=F("qty")) | Q(dropped_qty__gt=0)


def follow_up(groups: Sequence[ComponentGroup], *, action: str, actor: Actor, at: datetime, source: str = "") -> None:
    """Make groups ready whose job lines are all confirmed, and show on each whether stock followed."""
    short = _groups_of(JobLine.objects.filter(OWING, component__group__in=groups).values_list("component__group_id"))
    failed = _groups_of(
        Confirmation.objects.filter(line__component__group__in=groups, state="failed").values_list(
            "line__component__group_id"
        )
    )
    for words, members in (
        ("failed", [g for g in groups if g.pk in failed]),
        ("posted", [g for g in groups if g.pk not in failed]),
    ):
        ComponentGroup.objects.filter(pk__in=[g.pk for g in members]).update(stock_posting=words)
    done = [group for group in groups if group.pk not in short and group.state == "released"]
    facts = {"source": source} if source else {}
    demand_steps.advance(done, "make_ready", action=action, actor=actor, at=at, facts=facts, production="confirmed")


def _groups_of(found: Iterable[tuple[Any, ...]]) -> set[int]:
    return {row[0] for row in found}


def note_on_groups(
    groups: Iterable[ComponentGroup], action: str, *, facts: Mapping[str, Any], actor: Actor, at: datetime
) -> None:
    """Let the history of calls tell what production did for them without moving them."""
    journal.write(
        [journal.Entry(action, "group", group.pk, site_id=group.site_id, facts=facts) for group in groups],
        actor=actor,
        at=at,
    )
