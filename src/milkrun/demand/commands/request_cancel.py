"""Ask for calls to be cancelled: at once before their release, by a planner's word when they are under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps
from milkrun.demand.errors import TooLateToCancel
from milkrun.demand.models import CallRequest, JitCall
from milkrun.demand.states import GROUP_MOVES
from milkrun.demand.steps import CallAnswer, Selection
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request

__all__ = ["CallAnswer", "CancelRequested", "request_cancel"]


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """One answer a call: cancelled, requested, unchanged (asked before) or refused."""

    answers: tuple[CallAnswer, ...]


@command
def request_cancel(
    *,
    call_ids: Sequence[int],
    reason: str,
    source: str,
    actor: Actor,
    at: datetime,
    interchange_id: int | None = None,
    request: Request | None = None,
) -> CancelRequested:
    """Cancel calls that are not released; of those under way hold everything until a planner accepts or declines.

    A delivery that carries goods of such a call cannot leave before that. What has left is not cancelled: it is a
    return, and the wish stays in the history.

    Args:
        call_ids: any number of calls of one site; each gets its own answer.
        reason: kept in the history.
        source: edi, api or manual.

    Raises:
        MixedSites: the calls belong to different sites.
    """
    chosen = Selection(call_ids)

    free: list[JitCall] = []
    under_way: list[JitCall] = []
    for call in chosen.open():
        states = {group.state for group in chosen.groups_of([call])}
        if not states or "cancel_requested" in states:
            chosen.done([call], "unchanged")
        elif states - GROUP_MOVES["request_cancel"].keys():
            chosen.refuse(call, TooLateToCancel.code, _gone(call))
        else:
            (free if states == {"created"} else under_way).append(call)

    freed, asked = chosen.groups_of(free), chosen.groups_of(under_way)
    was = {call.pk: {str(group.pk): group.state for group in chosen.groups_of([call])} for call in under_way}
    steps.leave_slots(freed, reason=reason, actor=actor, at=at)
    steps.advance(freed, "cancel", action="cancel_call", actor=actor, at=at, reason=reason)
    steps.advance(asked, "request_cancel", action="request_cancel", actor=actor, at=at, reason=reason)
    CallRequest.objects.bulk_create(
        [
            CallRequest(
                site_id=call.site_id, call=call, kind="cancel", reason=reason[:400], source=source, was=was[call.pk],
                interchange_id=interchange_id, asked_at=at, asked_by=actor.name,
            )
            for call in under_way
        ]
    )  # fmt: skip

    chosen.done(free, "cancelled")
    chosen.done(under_way, "requested")
    answers = chosen.answers()
    refused = [
        journal.Entry(
            "refuse_cancel",
            "call",
            answer.call_id,
            site_id=chosen.calls[answer.call_id].site_id,
            before=chosen.calls[answer.call_id].state,
            after=chosen.calls[answer.call_id].state,
            reason=answer.message,
            facts={"asked": reason, "interchange": interchange_id},
        )
        for answer in answers
        if answer.code == TooLateToCancel.code
    ]
    journal.write(refused, actor=actor, at=at)
    if under_way:
        numbers = ", ".join(call.external_no for call in under_way[:20])
        steps.tell(under_way[0], "cancel_asked", f"{reason}\n{numbers}", actor=actor, at=at)
    return CancelRequested(answers)


def _gone(call: JitCall) -> str:
    return _(
        "Goods of call {call} have left: it cannot be cancelled any more. Agree with the "
        "customer on a return, or reverse the goods issue."
    ).format(call=call)
