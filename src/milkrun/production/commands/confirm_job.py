"""Confirm what the floor has made: good pieces and scrap by job line, with the stock that follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import check, move
from milkrun.parts.queries import component_ids
from milkrun.production import steps
from milkrun.production.models import Confirmation, Job, JobLine
from milkrun.production.states import JOB_MOVES
from milkrun.production.steps import JobReport
from milkrun.stock import steps as stock_steps

__all__ = ["ConfirmationMade", "JobConfirmed", "JobReport", "confirm_job"]


@dataclass(frozen=True, slots=True)
class ConfirmationMade:
    """A confirmation that was kept; where stock refused, `failure` says why."""

    confirmation_id: int
    public_id: str
    position: int
    posted: bool
    failure: str


@dataclass(frozen=True, slots=True)
class JobConfirmed:
    """A job was confirmed; its state is "done" when nothing is left to make."""

    job_id: int
    state: str
    confirmations: tuple[ConfirmationMade, ...]


@command
def confirm_job(
    *,
    job_id: int,
    reports: Sequence[JobReport],
    actor: Actor,
    at: datetime,
    source: str = "",
    request: Request | None = None,
) -> JobConfirmed:
    """Keep the reports, post finished goods and used components, and make calls ready whose parts are all made.

    A refused posting does not stop the floor: the confirmation stays, marked failed, until it is reprocessed.

    Args:
        source: the system or place that reports, as people know it ("MES line 4").

    Raises:
        IllegalMove: the job is paused, done, closed or cancelled.
        ReportNotUnderstood: lists every impossible report.
        NoLongerWanted: the call of a line was cancelled.
        TooMuchConfirmed: more good pieces than a line has open.
    """
    job = lock_one(Job.objects.filter(pk=job_id), noun="job")
    rows = JobLine.objects.filter(job=job).select_related("component__group__call", "part", "job")
    lines = {row.position: row for row in lock(rows)}
    named = [lines[r.position].component for r in reports if r.position in lines]
    touched = {component.group_id for component in named if component is not None}
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk__in=touched))
    check([job], JOB_MOVES, "confirm", noun="Job")
    steps.refuse_impossible(reports, lines, site_id=job.site_id)

    parts = {lines[report.position].part_id for report in reports}
    stock_steps.hold_parts(parts | component_ids(parts), site_id=job.site_id)
    made = [
        _made(steps.keep_report(lines[r.position], r, actor=actor, at=at, source=source), r.position) for r in reports
    ]
    steps.follow_up(groups, action="confirm_job", actor=actor, at=at, source=source)
    if all(line.good_qty == line.qty or _given_up(line) for line in lines.values()):
        move([job], JOB_MOVES, "finish", noun="Job")

    facts = {
        "lines": [[r.position, str(r.good), str(r.scrap)] for r in reports],
        "failed": [m.failure for m in made if not m.posted],
    } | ({"source": source} if source else {})
    entry = journal.Entry(
        "confirm_job", "job", job.pk, site_id=job.site_id, before="open", after=job.state, facts=facts
    )
    journal.write([entry], actor=actor, at=at)
    if source:
        steps.note_on_groups(groups, "report_production", facts={"source": source}, actor=actor, at=at)
    return JobConfirmed(job.pk, job.state, tuple(made))


def _given_up(line: JobLine) -> bool:
    return line.component is not None and line.component.group.state == "cancelled"


def _made(row: Confirmation, position: int) -> ConfirmationMade:
    return ConfirmationMade(row.pk, row.public_id, position, row.state == "posted", row.failure)
