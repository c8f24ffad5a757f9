"""End a job of which nothing was made."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.production import steps


@dataclass(frozen=True, slots=True)
class JobCancelled:
    """A job has ended; `missing_calls` still wait for what it would have made."""

    job_id: int
    state: str
    missing_calls: tuple[str, ...]


@command
def cancel_job(*, job_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None) -> JobCancelled:
    """Cancel a job; the planners are told which calls now miss parts.

    Raises:
        Invalid: no reason is given.
        IllegalMove: the job has ended before.
        ReworkOpen: pieces wait in rework.
        JobNotEmpty: something was made; close it instead.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why: the reason stands in the history."), "reason_missing")])

    job, missing = steps.end_job(job_id, "cancel", reason=reason.strip(), actor=actor, at=at)
    calls = tuple(dict.fromkeys(str(group.call) for group in missing))
    steps.tell_missing(job, calls, reason=reason.strip(), actor=actor, at=at)

    return JobCancelled(job.pk, job.state, calls)
