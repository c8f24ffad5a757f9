"""Cancel a call before its release; its slots become empty and nobody else's place shifts."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps
from milkrun.demand.errors import TooLateToCancel
from milkrun.demand.models import ComponentGroup
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.spoken import spoken


@dataclass(frozen=True, slots=True)
class CallCancelled:
    """The call is cancelled."""

    call_id: int


@command
def cancel_call(
    *, call_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> CallCancelled:
    """Cancel every group of a call.

    Raises:
        NotFound: no such call.
        TooLateToCancel: a group was released already.
    """
    groups = steps.lock_groups(ComponentGroup.objects.filter(call_id=call_id))
    if not groups:
        raise NotFound(_("This call does not exist."))
    under_way = [group for group in groups if group.state != "created"]
    if under_way:
        raise TooLateToCancel(
            _(
                "Call {call} is {state}: a call is cancelled freely before its release only. Request its "
                "cancellation, and a planner decides."
            ).format(call=groups[0].call, state=spoken(under_way[0].state)),
            state=under_way[0].state,
        )

    steps.leave_slots(groups, reason=reason, actor=actor, at=at)
    steps.advance(groups, "cancel", action="cancel_call", actor=actor, at=at, reason=reason)

    return CallCancelled(call_id)
