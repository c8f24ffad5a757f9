"""Take the calls of an interchange over, set-based."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from milkrun.demand import steps
from milkrun.demand.steps import CallInput, CallOutcome
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request

__all__ = ["CallInput", "CallOutcome", "CallsReceived", "receive_jit_calls"]


@dataclass(frozen=True, slots=True)
class CallsReceived:
    """One outcome a call, in the order given."""

    outcomes: tuple[CallOutcome, ...]


@command
def receive_jit_calls(
    *,
    calls: Sequence[CallInput],
    site_id: int,
    partner_id: int,
    source: str,
    actor: Actor,
    at: datetime,
    by_rule: bool = False,
    request: Request | None = None,
) -> CallsReceived:
    """Store many calls of one customer in one transaction; bad ones are set aside, good ones go on.

    Args:
        by_rule: changed calls that were released are left with the outcome "under_way", for `update_calls` to go on
            with; otherwise they are refused.
    """
    done = steps.record_calls(
        calls, site_id=site_id, partner_id=partner_id, source=source, actor=actor, at=at, by_rule=by_rule
    )
    return CallsReceived(tuple(done))
