"""Note how far a job line has come at a step before the last; the last one is confirmed with stock."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import check
from milkrun.measure.quantity import trouble_with
from milkrun.parts.queries.routing import routing
from milkrun.production.errors import LastStep, ReportNotUnderstood, TooMuchConfirmed
from milkrun.production.models import Job, JobLine, StepReport
from milkrun.production.states import JOB_MOVES


@dataclass(frozen=True, slots=True)
class StepConfirmed:
    """A step has come so far."""

    job_id: int
    step_no: int
    done_qty: Decimal


@command
def confirm_step(
    *,
    job_id: int,
    position: int,
    step_no: int,
    qty: Decimal,
    actor: Actor,
    at: datetime,
    source: str = "",
    request: Request | None = None,
) -> StepConfirmed:
    """Report pieces that a step is done with.

    Raises:
        IllegalMove: the job is not open.
        ReportNotUnderstood: no such line or step, or an impossible quantity.
        LastStep: the last step is confirmed by `confirm_job`.
        TooMuchConfirmed: more pieces than the line has.
    """
    job = lock_one(Job.objects.filter(pk=job_id), noun="job")
    check([job], JOB_MOVES, "confirm", noun="Job")
    line = JobLine.objects.filter(job=job, position=position).select_related("part").first()
    plan = routing(job.site_id, [line.part_id]).get(line.part_id, []) if line else []
    step = next((step for step in plan if step.step_no == step_no), None)
    problems = []
    if line is None:
        problems.append(
            Problem("position", _("The job has no line {position}.").format(position=position), "unknown_line")
        )
    elif step is None:
        problems.append(
            Problem(
                "step_no", _("{part} has no step {step_no}.").format(part=line.part, step_no=step_no), "unknown_step"
            )
        )
    if trouble := trouble_with(qty):
        problems.append(Problem("qty", trouble, "not_positive"))
    if problems or line is None or step is None:
        raise ReportNotUnderstood(problems)
    if step is plan[-1]:
        raise LastStep(
            _("Step {step_no} is the last: confirm the job, so that stock follows.").format(step_no=step_no),
            step_no=step_no,
        )
    reported = StepReport.objects.filter(line=line, step_no=step_no).aggregate(sum=Sum("qty"))["sum"] or Decimal(0)
    if reported + qty > line.qty:
        raise TooMuchConfirmed(
            _("Step {step_no}: {qty} reported, {qty2} open.").format(
                step_no=step_no, qty=qty, qty2=line.qty - reported
            ),
            lines=[position],
            step_no=step_no,
        )

    StepReport.objects.create(
        site_id=job.site_id, line=line, step_no=step_no, work_centre_id=step.work_centre_id, qty=qty,
        source=source[:60], at=at, actor=actor.name,
    )  # fmt: skip
    facts = {"line": position, "step": step_no, "qty": str(qty)} | ({"source": source} if source else {})
    journal.write([journal.Entry("confirm_step", "job", job.pk, site_id=job.site_id, facts=facts)], actor=actor, at=at)
    return StepConfirmed(job.pk, step_no, reported + qty)
