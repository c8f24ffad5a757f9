"""Decline that a call under way is cancelled: it goes on where it stood, and the customer is told."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.production import steps as production_steps
from milkrun.shipping.steps import Held


@dataclass(frozen=True, slots=True)
class CancelDeclined:
    """The call goes on; `states` are those its groups have again."""

    call_id: int
    states: tuple[str, ...]


@command
def decline_cancel(
    *, call_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> CancelDeclined:
    """Let a call go on whose cancelling was asked for; what was made meanwhile counts.

    Raises:
        Invalid: no reason is given.
        NotFound: no such call.
        NothingRequested: nobody asked for it, or it is decided already.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why: the customer is told so."), "reason_missing")])
    held = Held([call_id])
    wish = demand_steps.open_request(call_id, "cancel")

    by_state: dict[str, list[ComponentGroup]] = {}
    for group in held.groups:
        if group.state == "cancel_requested":
            by_state.setdefault(wish.was[str(group.pk)], []).append(group)
    for state, groups in by_state.items():
        demand_steps.advance(groups, f"keep_{state}", action="decline_cancel", actor=actor, at=at, reason=reason)
    made = [group for group in by_state.get("released", []) if group.production == "planned"]
    production_steps.follow_up(made, action="decline_cancel", actor=actor, at=at)
    demand_steps.decide(wish, "decline", note=reason, actor=actor, at=at)

    demand_steps.tell(held.groups[0].call, "cancel_declined", reason, actor=actor, at=at)
    return CancelDeclined(call_id, tuple(sorted({group.state for groups in by_state.values() for group in groups})))
