"""Let a job rest: nothing is confirmed on it until it goes on."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move
from milkrun.production.models import Job
from milkrun.production.states import JOB_MOVES


@dataclass(frozen=True, slots=True)
class JobPaused:
    """A job rests."""

    job_id: int
    state: str


@command
def pause_job(
    *, job_id: int, actor: Actor, at: datetime, reason: str = "", source: str = "", request: Request | None = None
) -> JobPaused:
    """Pause a job.

    Args:
        source: the system that reports it, as people know it.

    Raises:
        IllegalMove: the job is not open.
    """
    job = lock_one(Job.objects.filter(pk=job_id), noun="job")
    move([job], JOB_MOVES, "pause", noun="Job")

    facts = {"source": source[:60]} if source else {}
    journal.write(
        [
            journal.Entry(
                "pause_job", "job", job.pk, site_id=job.site_id, before="open", after=job.state, reason=reason,
                facts=facts,
            )
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    return JobPaused(job.pk, job.state)
