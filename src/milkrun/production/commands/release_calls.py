"""Release many calls at once, each for itself: what cannot be released is told, the others go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from milkrun.demand.models import Component, JitCall
from milkrun.demand.steps import CallAnswer, Selection, at_step
from milkrun.kernel.command import command
from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.spoken import spoken
from milkrun.production.steps import JobMade, release_groups

__all__ = ["CallAnswer", "CallsReleasedEach", "release_calls"]


@dataclass(frozen=True, slots=True)
class CallsReleasedEach:
    """One answer a call, and the jobs that were made for those released."""

    answers: tuple[CallAnswer, ...]
    jobs: tuple[JobMade, ...]


@command
def release_calls(
    *, call_ids: Sequence[int], actor: Actor, at: datetime, request: Request | None = None
) -> CallsReleasedEach:
    """Release the calls of a selection that can be released: set-based, but each bought part on its own.

    Raises:
        MixedSites: the calls belong to different sites.
    """
    chosen = Selection(call_ids)
    _set_aside(chosen)
    fit = chosen.open()
    bought = set(
        Component.objects.filter(group__call__in=fit, part__made_here=False).values_list("group__call_id", flat=True)
    )

    jobs: list[JobMade] = []
    for batch in [[call for call in fit if call.pk not in bought], *[[call] for call in fit if call.pk in bought]]:
        if batch:
            jobs += _release(chosen, batch, actor, at)

    return CallsReleasedEach(chosen.answers(), tuple(jobs))


def _set_aside(chosen: Selection) -> None:
    for call in chosen.open():
        groups = at_step(chosen.groups_of([call]), "release")
        if call.held:
            chosen.refuse(call, "call_held", _("Call {call} is on hold. Resume it first.").format(call=call))
        elif not groups or any(group.state != "created" for group in groups):
            chosen.refuse(
                call,
                "illegal_move",
                _("Call {call} is {state}: it was released.").format(call=call, state=spoken(call.state)),
            )
        elif any(group.matching == "unmatched" for group in groups):
            chosen.refuse(
                call,
                "call_unmatched",
                _("Call {call} has a part, plant or dock that is not known here.").format(call=call),
            )


def _release(chosen: Selection, calls: list[JitCall], actor: Actor, at: datetime) -> list[JobMade]:
    try:
        with transaction.atomic():
            jobs, __ = release_groups(at_step(chosen.groups_of(calls), "release"), actor=actor, at=at)
    except Refusal as refusal:
        for call in calls:
            chosen.refuse(call, refusal.code, refusal.message)
        return []
    chosen.done(calls, "released")
    return jobs
