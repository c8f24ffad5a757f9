"""Resume calls that were put on hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from milkrun.demand.models import JitCall
from milkrun.demand.steps import CallAnswer, Selection, mark_held
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request

__all__ = ["CallAnswer", "CallsResumed", "resume_calls"]


@dataclass(frozen=True, slots=True)
class CallsResumed:
    """One answer a call: resumed, unchanged or refused."""

    answers: tuple[CallAnswer, ...]


@command
def resume_calls(
    *, call_ids: Sequence[int], reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> CallsResumed:
    """Let every chosen call go on that is on hold; each gets its own answer.

    Raises:
        MixedSites: the calls belong to different sites.
    """
    chosen = Selection(call_ids)
    fit: list[JitCall] = []
    for call in chosen.open():
        if call.held is False:
            chosen.done([call], "unchanged")
        else:
            fit.append(call)

    mark_held(fit, False, action="resume_call", reason=reason, actor=actor, at=at)
    chosen.done(fit, "resumed")
    return CallsResumed(chosen.answers())
