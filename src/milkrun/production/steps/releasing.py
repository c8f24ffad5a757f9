"""Release groups to production: reserve finished stock where it is, make jobs for the rest.

Sequenced calls are made in call order by rack, one job a rack; summarised calls by part, one job a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.errors import CallUnmatched
from milkrun.demand.models import Component, ComponentGroup, PackingSlot
from milkrun.kernel.identity import Actor
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.production.errors import CannotBeMade
from milkrun.production.steps.making import NewJob, NewLine, make_job, signal_of_calls
from milkrun.stock import steps as stock_steps


@dataclass(frozen=True, slots=True)
class JobMade:
    """A job that was made."""

    job_id: int
    public_id: str
    number: str


@dataclass(frozen=True, slots=True)
class _ToMake:
    component: Component
    qty: Decimal


def release_groups(
    groups: Sequence[ComponentGroup], *, actor: Actor, at: datetime
) -> tuple[list[JobMade], tuple[int, ...]]:
    """Release groups that are held and may be released, all of them or none.

    Returns:
        The jobs that were made, and the calls that are served from stock.

    Raises:
        CallUnmatched: a component is not matched; lists what is missing.
        CannotBeMade: a part is neither in stock nor made here.
    """
    components = list(
        Component.objects.filter(group__in=groups)
        .select_related("part", "group__call")
        .order_by(F("group__call__position").asc(nulls_last=True), "group__call__required_at", "group_id", "line_no")
    )
    _refuse_unmatched(components)

    to_make = _reserve(components, actor, at)
    _refuse_unmakeable(to_make)
    demand_steps.advance(groups, "release", action="release_call", actor=actor, at=at)
    jobs = _make_jobs(to_make, actor, at)
    waiting = {item.component.group_id for item in to_make}
    from_stock = [group for group in groups if group.pk not in waiting]
    ComponentGroup.objects.filter(pk__in=waiting).update(production="planned")
    demand_steps.advance(from_stock, "make_ready", action="reserve_stock", actor=actor, at=at, production="not_needed")

    ready = {group.call_id for group in from_stock} - {item.component.group.call_id for item in to_make}
    return jobs, tuple(sorted(ready))


def _refuse_unmatched(components: Sequence[Component]) -> None:
    missing = [row for row in components if row.matching_reason]
    if missing:
        raise CallUnmatched(
            " ".join(
                _("Call {call}: {reason}").format(call=row.group.call, reason=row.matching_reason)
                for row in missing[:5]
            )
            + " "
            + _("Mend the master data, then reprocess the call."),
            missing=[{"call": row.group.call.external_no, "reason": row.matching_reason} for row in missing],
        )


def _reserve(components: Sequence[Component], actor: Actor, at: datetime) -> list[_ToMake]:
    wants = [stock_steps.Want(("component", row.pk), row.part_id or 0, row.qty or Decimal(0)) for row in components]
    given = stock_steps.reserve(wants, site_id=components[0].site_id, at=at)
    return [
        _ToMake(row, from_micro(to_micro(want.qty) - to_micro(given[want.purpose])))
        for row, want in zip(components, wants, strict=True)
        if given[want.purpose] < want.qty
    ]


def _refuse_unmakeable(to_make: Sequence[_ToMake]) -> None:
    bought = [item for item in to_make if item.component.part and not item.component.part.made_here]
    if bought:
        raise CannotBeMade(
            " ".join(
                _("Call {call}: {qty} of {part} are short and not made here.").format(
                    call=item.component.group.call, qty=item.qty, part=item.component.part
                )
                for item in bought[:5]
            )
            + " "
            + _("Receive stock first."),
            short=[{"part": str(item.component.part), "qty": str(item.qty)} for item in bought],
        )


def _make_jobs(to_make: Sequence[_ToMake], actor: Actor, at: datetime) -> list[JobMade]:
    racks = {
        slot.group_id: slot.packing_group
        for slot in PackingSlot.objects.filter(
            group_id__in={item.component.group_id for item in to_make}
        ).select_related("packing_group")
    }
    batches: dict[tuple[str, int], list[_ToMake]] = {}
    for item in to_make:
        rack = racks.get(item.component.group_id)
        key = ("rack", rack.pk) if rack else ("part", item.component.part_id or 0)
        batches.setdefault(key, []).append(item)

    made = []
    for (kind, __), items in batches.items():
        first = items[0].component
        rack = racks.get(first.group_id) if kind == "rack" else None
        calls = [item.component.group.call for item in items]
        new = NewJob(
            title=_("Rack {rack}").format(rack=rack) if rack else str(first.part),
            due_at=min(call.required_at for call in calls),
            lines=[NewLine(item.component.part_id or 0, item.qty, item.component.pk) for item in items],
            signal="call",
            signal_text=signal_of_calls(calls),
            packing_group_id=rack.pk if rack else None,
            priority=max(call.priority for call in calls),
        )
        job = make_job(new, site_id=first.site_id, actor=actor, at=at)
        made.append(JobMade(job.pk, job.public_id, job.number))
    return made
