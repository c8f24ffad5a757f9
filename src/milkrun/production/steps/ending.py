"""End a job early; what its calls still miss stays on its lines until another job makes it."""

from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import check, move
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.production.errors import JobNotEmpty, ReworkOpen
from milkrun.production.models import Job, JobLine
from milkrun.production.states import JOB_MOVES
from milkrun.production.steps.following import note_on_groups


def end_job(job_id: int, how: str, *, reason: str, actor: Actor, at: datetime) -> tuple[Job, list[ComponentGroup]]:
    """Close or cancel a job.

    Args:
        how: "close" or "cancel", which needs a job of which nothing was made.

    Returns:
        The job, and the groups that now miss something.

    Raises:
        IllegalMove: the job has ended before.
        ReworkOpen: pieces wait in rework.
        JobNotEmpty: something was made.
    """
    job = lock_one(Job.objects.filter(pk=job_id), noun="job")
    lines = lock(JobLine.objects.filter(job=job).select_related("component", "part"))
    keys = {line.component.group_id for line in lines if line.component}
    groups = {row.pk: row for row in demand_steps.lock_groups(ComponentGroup.objects.filter(pk__in=keys))}
    check([job], JOB_MOVES, how, noun="Job")
    _refuse_unfinished(job, lines, how)

    missing = []
    for line in lines:
        group = groups.get(line.component.group_id) if line.component else None
        dropped = to_micro(line.qty) - to_micro(line.good_qty)
        if group is not None and group.state != "cancelled" and dropped:
            JobLine.objects.filter(pk=line.pk).update(dropped_qty=from_micro(dropped))
            missing.append(group)
    before = job.state
    move([job], JOB_MOVES, how, noun="Job")
    missing = list(dict.fromkeys(missing))
    ComponentGroup.objects.filter(pk__in=[group.pk for group in missing]).update(production="none")
    action = f"{how}_job"
    note_on_groups(missing, action, facts={"job": job.number, "why": reason}, actor=actor, at=at)
    journal.write(
        [
            journal.Entry(
                action, "job", job.pk, site_id=job.site_id, before=before, after=job.state, reason=reason,
                facts={"calls that miss parts": len({group.call_id for group in missing})},
            )
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    return job, missing


def _refuse_unfinished(job: Job, lines: list[JobLine], how: str) -> None:
    waiting = [line for line in lines if line.rework_qty]
    if waiting:
        raise ReworkOpen(
            " ".join(
                _("Line {position}: {rework_qty} wait in rework.").format(
                    position=line.position, rework_qty=line.rework_qty
                )
                for line in waiting
            )
            + " "
            + _("Confirm them as good or scrap first."),
            lines=[line.position for line in waiting],
        )
    if how == "cancel" and any(line.good_qty or line.scrap_qty for line in lines):
        raise JobNotEmpty(
            _("Of job {job} something was made already: close it instead.").format(job=job), job=job.number
        )
