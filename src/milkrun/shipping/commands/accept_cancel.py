"""Accept that a call under way is cancelled: its jobs are closed, its goods free, its slot empty."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.demand import steps as demand_steps
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.shipping.steps import Held, retire


@dataclass(frozen=True, slots=True)
class CancelAccepted:
    """The call is cancelled; nobody else's slot has shifted."""

    call_id: int


@command
def accept_cancel(
    *, call_id: int, actor: Actor, at: datetime, note: str = "", request: Request | None = None
) -> CancelAccepted:
    """Cancel a call whose cancelling was asked for.

    Packed goods go back to storage and are free for an equal later call; a delivery that carried only this call is
    cancelled, another one goes on without it.

    Raises:
        NotFound: no such call.
        NothingRequested: nobody asked for it, or it is decided already.
        AnnouncedBefore: its delivery was announced and withdrawn, and carries other calls.
    """
    held = Held([call_id])
    wish = demand_steps.open_request(call_id, "cancel")
    groups = [group for group in held.groups if group.state == "cancel_requested"]

    retire(held, groups, reason=wish.reason, actor=actor, at=at)
    demand_steps.advance(
        groups,
        "accept_cancel",
        action="accept_cancel",
        actor=actor,
        at=at,
        reason=note or wish.reason,
        packing="none",
        picking="none",
        delivery="none",
    )
    demand_steps.decide(wish, "accept", note=note, actor=actor, at=at)

    demand_steps.tell(wish.call, "call_cancelled", note or wish.reason, actor=actor, at=at)
    return CancelAccepted(call_id)
