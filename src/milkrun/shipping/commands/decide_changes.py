"""Decide about changes that were asked of calls under way: take them over, or let the calls go on as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from milkrun.demand import steps as demand_steps
from milkrun.demand.errors import NothingRequested
from milkrun.demand.models import CallRequest, JitCall
from milkrun.demand.steps import CallAnswer, CallInput, Selection
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.shipping.steps import Held
from milkrun.shipping.steps.changing import carry_out, changes_of

__all__ = ["CallAnswer", "ChangesDecided", "decide_changes"]


@dataclass(frozen=True, slots=True)
class ChangesDecided:
    """One answer a call: updated, declined, unchanged (it is so already) or refused."""

    answers: tuple[CallAnswer, ...]


@command
def decide_changes(
    *, call_ids: Sequence[int], accept: bool, note: str, actor: Actor, at: datetime, request: Request | None = None
) -> ChangesDecided:
    """Accept or decline the open changes of calls, each for itself; the customer is told.

    Args:
        accept: False lets the calls go on as they are.
        note: kept in the history; a declined change needs one.

    Raises:
        Invalid: nothing says why a change is declined.
        MixedSites: the calls belong to different sites.
    """
    if not accept and not note.strip():
        raise Invalid([Problem("note", _("Say why: the customer is told so."), "reason_missing")])
    held = Held(call_ids)
    chosen = Selection(call_ids)
    open_wishes = CallRequest.objects.filter(call_id__in=chosen.calls, kind="change", state="open")
    wishes = {wish.call_id: wish for wish in lock(open_wishes.select_related("call"))}
    for call in chosen.open():
        if call.pk not in wishes:
            text = _("Nobody asks for a change of call {call} any more. Load the page again.").format(call=call)
            chosen.refuse(call, NothingRequested.code, text)

    if not accept:
        calls = chosen.open()
        chosen.done(calls, "declined")
        for call in calls:
            demand_steps.decide(wishes[call.pk], "decline", note=note, actor=actor, at=at)
            demand_steps.tell(call, "call_refused", note, actor=actor, at=at)
        return ChangesDecided(chosen.answers())

    wanted = changes_of(
        chosen,
        lambda call, now: _granted(wishes[call.pk], now),
        heard=lambda call, _after: _heard(wishes[call.pk], call),
        source="edi",
        at=at,
    )
    done = carry_out(held, chosen, wanted, source="manual", reason=note, actor=actor, at=at)
    chosen.done([change.call for change in done], "updated")
    answers = chosen.answers()
    for answer in answers:
        if answer.done:
            demand_steps.decide(wishes[answer.call_id], "accept", note=note, actor=actor, at=at)
    return ChangesDecided(answers)


def _granted(wish: CallRequest, now: CallInput) -> CallInput:
    """Return what a call wants with what was asked, and shown, and nothing else: it may have changed since."""
    wanted = TypeAdapter(CallInput).validate_python(wish.wanted)
    return demand_steps.with_difference(now, wanted, wish.changed.keys())


def _heard(wish: CallRequest, call: JitCall) -> str:
    """Tell the customer's last word about a call, which a wish of our own side is not."""
    return wish.content_hash if wish.source == "edi" else call.content_hash
