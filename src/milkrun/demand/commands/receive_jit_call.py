"""Take one call over, as typed by a planner or sent by a customer's system."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.demand import steps
from milkrun.demand.errors import (
    CallGone,
    CallNotUnderstood,
    CallUnderWay,
    GroupsChanged,
    SequenceTaken,
)
from milkrun.demand.steps import CallInput, ComponentInput, GroupInput
from milkrun.demand.steps.inputs import problems_of
from milkrun.kernel.command import command
from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Actor, Request

__all__ = ["CallInput", "CallReceived", "ComponentInput", "GroupInput", "receive_jit_call"]


REFUSALS: dict[str, type[Refusal]] = {
    refusal.code: refusal for refusal in (CallGone, CallUnderWay, GroupsChanged, SequenceTaken)
}


@dataclass(frozen=True, slots=True)
class CallReceived:
    """A call was taken over: created, updated or found unchanged; `unmatched` says what we do not know in it.

    `notes` tell what was taken over but should be looked at: a sequence number that gives no place.
    """

    call_id: int
    public_id: str
    external_no: str
    outcome: str
    unmatched: tuple[str, ...]
    notes: tuple[str, ...] = ()


@command
def receive_jit_call(
    *,
    call: CallInput,
    site_id: int,
    partner_id: int,
    source: str,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> CallReceived:
    """Store one call; an equal one changes nothing, a changed one updates while it is not released.

    Raises:
        CallNotUnderstood: lists every impossible field.
        SequenceTaken: another vehicle has this number.
        CallUnderWay: the call was released and now comes changed.
        CallGone, GroupsChanged: it must be called anew.
    """
    problems = problems_of(call)
    if problems:
        raise CallNotUnderstood(problems)

    (done,) = steps.record_calls([call], site_id=site_id, partner_id=partner_id, source=source, actor=actor, at=at)
    if done.outcome == "refused":
        raise REFUSALS[done.code](done.message, **done.facts)

    return CallReceived(done.call_id or 0, done.public_id, done.external_no, done.outcome, done.unmatched, done.notes)
