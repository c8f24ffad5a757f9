"""Begin a job, or go on with a paused one."""

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
class JobStarted:
    """A job is being worked on."""

    job_id: int
    state: str


@command
def start_job(
    *, job_id: int, actor: Actor, at: datetime, source: str = "", request: Request | None = None
) -> JobStarted:
    """Note that work on a job begins or goes on.

    Args:
        source: the system that reports it, as people know it.

    Raises:
        IllegalMove: the job is done, closed or cancelled.
    """
    job = lock_one(Job.objects.filter(pk=job_id), noun="job")
    before = job.state
    move([job], JOB_MOVES, "start", noun="Job", started_at=job.started_at or at)

    facts = {"source": source[:60]} if source else {}
    journal.write(
        [journal.Entry("start_job", "job", job.pk, site_id=job.site_id, before=before, after=job.state, facts=facts)],
        actor=actor,
        at=at,
    )
    return JobStarted(job.pk, job.state)
