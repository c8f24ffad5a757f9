"""Jobs let go of groups that nobody wants any more: a job with nothing else to make ends by itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet

from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.production.models import Job, JobLine
from milkrun.production.states import JOB_MOVES, LIVE_JOBS


def live_jobs(group_ids: Iterable[int]) -> QuerySet[Job]:
    """Find the live jobs that make parts for groups."""
    lines = JobLine.objects.filter(component__group_id__in=list(group_ids))
    return Job.objects.filter(pk__in=lines.values("job_id"), state__in=LIVE_JOBS)


def hold_jobs(group_ids: Iterable[int]) -> list[Job]:
    """Hold the live jobs that make parts for groups; jobs are held before groups, as everybody does."""
    return lock(live_jobs(group_ids))


def let_go(jobs: Sequence[Job], groups: Sequence[ComponentGroup], *, reason: str, actor: Actor, at: datetime) -> None:
    """End held jobs that make nothing but parts of groups that are given up; pieces in rework keep a job alive."""
    lines = JobLine.objects.filter(job__in=jobs)
    needed = lines.exclude(component__group__in=groups).exclude(component__group__state="cancelled")
    busy = set(needed.filter(good_qty__lt=F("qty") - F("dropped_qty")).values_list("job_id", flat=True))
    busy |= set(lines.filter(rework_qty__gt=0).values_list("job_id", flat=True))
    begun = set(lines.filter(Q(good_qty__gt=0) | Q(scrap_qty__gt=0)).values_list("job_id", flat=True))
    for job in jobs:
        if job.pk in busy:
            continue
        before = job.state
        how = "close" if job.pk in begun else "cancel"
        move([job], JOB_MOVES, how, noun="Job")
        entry = journal.Entry(
            f"{how}_job", "job", job.pk, site_id=job.site_id, before=before, after=job.state, reason=reason
        )
        journal.write([entry], actor=actor, at=at)
