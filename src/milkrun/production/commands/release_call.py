"""Release calls to production: reserve finished stock where it is, make jobs for the rest.

Sequenced calls are made in call order by rack, one job a rack; summarised calls by part, one job a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.demand.states import GROUP_MOVES
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.machine import check
from milkrun.production import steps
from milkrun.production.steps import JobMade

__all__ = ["CallsReleased", "JobMade", "release_call"]


@dataclass(frozen=True, slots=True)
class CallsReleased:
    """Calls were released; `ready_calls` are served from stock and need no job."""

    jobs: tuple[JobMade, ...]
    ready_calls: tuple[int, ...]


@command
def release_call(
    *, call_ids: Sequence[int], actor: Actor, at: datetime, request: Request | None = None
) -> CallsReleased:
    """Release every group of these calls, all of them or none.

    Raises:
        NotFound: a call does not exist.
        CallHeld: a call is on hold.
        IllegalMove: a call was released before.
        CallUnmatched: a component is not matched; lists what is missing.
        CannotBeMade: a part is neither in stock nor made here.
    """
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(call_id__in=call_ids).exclude(state="cancelled"))
    if not groups or {group.call_id for group in groups} != set(call_ids):
        raise NotFound(_("A call you chose does not exist any more, or is cancelled."))
    groups = demand_steps.at_step(groups, "release")
    check(groups, GROUP_MOVES, "release", noun="Call")
    demand_steps.refuse_held(groups)

    jobs, ready = steps.release_groups(groups, actor=actor, at=at)

    return CallsReleased(tuple(jobs), ready)
