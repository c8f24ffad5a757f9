"""Wishes about calls under way: find the open one, close it with what was decided."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from milkrun.demand.errors import NothingRequested
from milkrun.demand.models import CallRequest, JitCall
from milkrun.demand.states import REQUEST_MOVES
from milkrun.kernel import journal
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move

PAST = {"cancel": N_("its cancelling"), "change": N_("a change")}


def open_request(call_id: int, kind: str) -> CallRequest:
    """Hold the open wish about a call that is held.

    Raises:
        NotFound: there is no such call.
        NothingRequested: there is no open wish of this kind.
    """
    found = lock(CallRequest.objects.filter(call_id=call_id, kind=kind, state="open").select_related("call"))
    if found:
        return found[0]
    call = JitCall.objects.filter(pk=call_id).first()
    if call is None:
        raise NotFound(_("This call does not exist."))
    raise NothingRequested(
        _("Nobody asks for {past} of call {call} any more. Load the page again.").format(past=_(PAST[kind]), call=call),
        kind=kind,
        state=call.state,
    )


def waiting_changes(call_ids: Collection[int]) -> list[str]:
    """Name the calls of which a change waits for a planner."""
    rows = CallRequest.objects.filter(call_id__in=call_ids, kind="change", state="open")
    return sorted(set(rows.values_list("call__external_no", flat=True)))


def decide(wish: CallRequest, step: str, *, note: str, actor: Actor, at: datetime) -> None:
    """Close a wish: accept, decline or supersede it."""
    move([wish], REQUEST_MOVES, step, noun="Request", decided_at=at, decided_by=actor.name[:120], note=note[:400])
    entry = journal.Entry(
        f"{step}_{wish.kind}", "call", wish.call_id, site_id=wish.site_id, reason=note, facts={"request": wish.pk}
    )
    journal.write([entry], actor=actor, at=at)


def supersede_changes(
    call_ids: Collection[int], overtaken: Callable[[CallRequest], bool], *, actor: Actor, at: datetime
) -> None:
    """Close the open wishes for a change of calls that are held where a newer word overtook them."""
    found = CallRequest.objects.filter(call_id__in=call_ids, kind="change", state="open")
    for wish in lock(found) if call_ids else ():
        if overtaken(wish):
            decide(wish, "supersede", note="", actor=actor, at=at)
