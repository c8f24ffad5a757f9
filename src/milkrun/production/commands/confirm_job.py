"""Confirm what the floor has made: good pieces and scrap by job line, with the stock that follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import check, move
from milkrun.measure.quantity import from_micro, to_micro, trouble_with
from milkrun.parts.queries import component_ids
from milkrun.production import steps
from milkrun.production.errors import ReportNotUnderstood, TooMuchConfirmed
from milkrun.production.models import Confirmation, Job, JobLine
from milkrun.production.states import JOB_MOVES
from milkrun.stock import steps as stock_steps


@dataclass(frozen=True, slots=True)
class JobReport:
    """What was made of one job line, in base units of its part."""

    position: int
    good: Decimal
    scrap: Decimal = Decimal(0)
    scrap_reason: str = ""


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
    *, job_id: int, reports: Sequence[JobReport], actor: Actor, at: datetime, request: Request | None = None
) -> JobConfirmed:
    """Keep the reports, post finished goods and used components, and make calls ready whose parts are all made.

    A refused posting does not stop the floor: the confirmation stays, marked failed, until it is reprocessed.

    Raises:
        IllegalMove: the job is done or cancelled.
        ReportNotUnderstood: lists every impossible report.
        TooMuchConfirmed: more good pieces than a line has open.
    """
    job = lock_one(Job.objects.filter(pk=job_id), noun="job")
    lines = {row.position: row for row in lock(JobLine.objects.filter(job=job).select_related("component", "part"))}
    touched = {lines[r.position].component.group_id for r in reports if r.position in lines}
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk__in=touched))
    check([job], JOB_MOVES, "finish", noun="Job")
    _refuse_impossible(reports, lines)

    parts = {lines[report.position].part_id for report in reports}
    stock_steps.hold_parts(parts | component_ids(parts), site_id=job.site_id)
    made = [_confirm(lines[report.position], report, actor, at) for report in reports]
    steps.follow_up(groups, action="confirm_job", actor=actor, at=at)
    if all(line.good_qty == line.qty for line in lines.values()):
        move([job], JOB_MOVES, "finish", noun="Job")

    journal.write(
        [
            journal.Entry(
                "confirm_job",
                "job",
                job.pk,
                site_id=job.site_id,
                before="open",
                after=job.state,
                facts={
                    "lines": [[r.position, str(r.good), str(r.scrap)] for r in reports],
                    "failed": [m.failure for m in made if not m.posted],
                },
            )
        ],
        actor=actor,
        at=at,
    )
    return JobConfirmed(job.pk, job.state, tuple(made))


def _refuse_impossible(reports: Sequence[JobReport], lines: dict[int, JobLine]) -> None:
    problems = []
    if not reports:
        problems.append(Problem("reports", "Say for at least one line what was made.", "empty"))
    for report in reports:
        if report.position not in lines:
            problems.append(Problem("position", f"The job has no line {report.position}.", "unknown_line"))
        elif any(trouble_with(qty, zero_allowed=True) for qty in (report.good, report.scrap)):
            problems.append(
                Problem(
                    "good",
                    f"Line {report.position}: good and scrap must be zero or more, with at most 6 decimals.",
                    "not_positive",
                )
            )
        elif not report.good + report.scrap:
            problems.append(
                Problem(
                    "good",
                    f"Line {report.position}: good and scrap must be zero or more, one of them above zero.",
                    "not_positive",
                )
            )
    if len({report.position for report in reports}) != len(reports):
        problems.append(Problem("position", "Each line is reported once.", "line_twice"))
    if problems:
        raise ReportNotUnderstood(problems)
    over = [
        r for r in reports if to_micro(lines[r.position].good_qty) + to_micro(r.good) > to_micro(lines[r.position].qty)
    ]
    if over:
        raise TooMuchConfirmed(
            " ".join(
                f"Line {r.position}: {r.good} reported, "
                f"{from_micro(to_micro(lines[r.position].qty) - to_micro(lines[r.position].good_qty))} open."
                for r in over
            ),
            lines=[r.position for r in over],
        )


def _confirm(line: JobLine, report: JobReport, actor: Actor, at: datetime) -> ConfirmationMade:
    line.good_qty = from_micro(to_micro(line.good_qty) + to_micro(report.good))
    line.scrap_qty = from_micro(to_micro(line.scrap_qty) + to_micro(report.scrap))
    JobLine.objects.filter(pk=line.pk).update(good_qty=line.good_qty, scrap_qty=line.scrap_qty)
    row = Confirmation.objects.create(
        site_id=line.site_id,
        line=line,
        good_qty=report.good,
        scrap_qty=report.scrap,
        scrap_reason=report.scrap_reason[:120],
        at=at,
        actor=actor.name,
    )
    posted = steps.post_confirmation(row, actor=actor, at=at)
    return ConfirmationMade(row.pk, row.public_id, line.position, posted, row.failure)
