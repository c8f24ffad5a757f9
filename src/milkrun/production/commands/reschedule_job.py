"""Move a job's date, and tell everybody whom it affects."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand.models import JitCall
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import check
from milkrun.production import steps
from milkrun.production.models import Job
from milkrun.production.states import JOB_MOVES


@dataclass(frozen=True, slots=True)
class JobRescheduled:
    """A job's date was moved; `late_calls` are promised later than they are required, `told` were told."""

    job_id: int
    due_at: datetime
    late_calls: tuple[str, ...]
    told: tuple[str, ...]


@command
def reschedule_job(
    *, job_id: int, due_at: datetime, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> JobRescheduled:
    """Move a job's date.

    The customer of a call is told where the promise moves: the new date, or the old one, is later than required.

    Raises:
        Invalid: no reason is given, or the date is the one it has.
        IllegalMove: the job has ended.
    """
    job = lock_one(Job.objects.filter(pk=job_id), noun="job")
    problems = []
    if not reason.strip():
        problems.append(Problem("reason", _("Say why: the reason stands in the history."), "reason_missing"))
    if due_at == job.due_at:
        problems.append(Problem("due_at", _("The job has this date already."), "date_unchanged"))
    if problems:
        raise Invalid(problems)
    check([job], JOB_MOVES, "close", noun="Job")

    before = job.due_at
    calls = JitCall.objects.filter(groups__components__jobline__job=job).exclude(state="cancelled").distinct()
    moved = [call for call in calls.select_related("partner").order_by("pk") if max(before, due_at) > call.required_at]
    Job.objects.filter(pk=job.pk).update(due_at=due_at)
    job.due_at = due_at
    told = steps.tell_moved(job, before, moved, reason=reason.strip(), actor=actor, at=at)

    facts = {"before": before.isoformat(), "date": due_at.isoformat(), "told": ", ".join(told)}
    entries = [
        journal.Entry("reschedule_job", "job", job.pk, site_id=job.site_id, reason=reason.strip(), facts=facts),
        *[
            journal.Entry(
                "promise_moved", "call", call.pk, site_id=job.site_id, reason=reason.strip(),
                facts={"job": job.number, "before": before.isoformat(), "date": due_at.isoformat()},
            )
            for call in moved
        ],
    ]  # fmt: skip
    journal.write(entries, actor=actor, at=at)
    late = tuple(str(call) for call in moved if due_at > call.required_at)
    return JobRescheduled(job.pk, due_at, late, told)
