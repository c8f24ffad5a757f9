"""Take one call over, as typed by a planner or sent by a customer's system."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps
from milkrun.demand.errors import (
    CallGone,
    CallKnown,
    CallNotUnderstood,
    CallUnderWay,
    GroupsChanged,
    SequenceTaken,
)
from milkrun.demand.models import JitCall
from milkrun.demand.steps import CallInput, ComponentInput, GroupInput
from milkrun.demand.steps.inputs import problems_of
from milkrun.kernel.command import command
from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import hold

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
    anew: bool = False,
    request: Request | None = None,
) -> CallReceived:
    """Store one call; an equal one changes nothing, a changed one updates while it is not released.

    Args:
        call: what is called.
        site_id: the site that supplies it.
        partner_id: the customer.
        source: by which way it came: edi, api, manual or portal.
        actor: who takes it over.
        at: when.
        anew: the call is to be a new one: a number that stands for another call is refused, and that one not changed.
        request: set where a repeat must not take effect again.

    Raises:
        CallNotUnderstood: lists every impossible field.
        CallKnown: the number stands for another call, and this one was to be new.
        SequenceTaken: another vehicle has this number.
        CallUnderWay: the call was released and now comes changed.
        CallGone, GroupsChanged: it must be called anew.
    """
    problems = problems_of(call)
    if problems:
        raise CallNotUnderstood(problems)
    if anew:
        _refuse_known(call, site_id, partner_id)

    (done,) = steps.record_calls([call], site_id=site_id, partner_id=partner_id, source=source, actor=actor, at=at)
    if done.outcome == "refused":
        raise REFUSALS[done.code](done.message, **done.facts)

    return CallReceived(done.call_id or 0, done.public_id, done.external_no, done.outcome, done.unmatched, done.notes)


def _refuse_known(call: CallInput, site_id: int, partner_id: int) -> None:
    # The same hold as the writing itself: two new calls of one number must not both find it free.
    hold("calls", partner_id)
    known = JitCall.objects.filter(site_id=site_id, partner_id=partner_id, external_no=call.external_no)
    if known.exclude(content_hash=call.content_hash()).exists():
        said = _("Number {number} stands for another call already. Give this one another number, or none.")
        raise CallKnown(said.format(number=call.external_no), external_no=call.external_no)
