"""Put calls on hold: nothing goes on with them until they are resumed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand.models import JitCall
from milkrun.demand.steps import CallAnswer, Selection, mark_held
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.spoken import spoken

__all__ = ["CallAnswer", "CallsHeld", "hold_calls"]


OPEN = ("created", "released", "ready", "in_packing", "packed", "on_delivery", "cancel_requested")


@dataclass(frozen=True, slots=True)
class CallsHeld:
    """One answer a call: held, unchanged or refused."""

    answers: tuple[CallAnswer, ...]


@command
def hold_calls(
    *, call_ids: Sequence[int], reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> CallsHeld:
    """Hold every chosen call whose goods have not left; each gets its own answer.

    Raises:
        MixedSites: the calls belong to different sites.
    """
    chosen = Selection(call_ids)
    fit: list[JitCall] = []
    for call in chosen.open():
        if call.held is True:
            chosen.done([call], "unchanged")
        elif call.state not in OPEN:
            state = call.state.replace("_", " ")
            chosen.refuse(
                call,
                "illegal_move",
                _("Call {call} is {state}: there is nothing left to hold.").format(call=call, state=spoken(state)),
            )
        else:
            fit.append(call)

    mark_held(fit, True, action="hold_call", reason=reason, actor=actor, at=at)
    chosen.done(fit, "held")
    return CallsHeld(chosen.answers())
