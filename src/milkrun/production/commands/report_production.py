"""Report what a line made of a part in a period, without an order for each unit.

Open jobs of the part are satisfied in due order, the rest goes to stock; components follow the bill of material.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal, numbering
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.measure.quantity import from_micro, to_micro, trouble_with
from milkrun.parts.errors import UnknownPart, WorkCentreUnknown
from milkrun.parts.models import Part, WorkCentre
from milkrun.parts.queries import component_ids
from milkrun.production import steps
from milkrun.production.errors import CannotBeMade, NoDemand, PeriodImpossible
from milkrun.production.models import Confirmation, Job, JobLine, ProductionRun
from milkrun.production.states import JOB_MOVES
from milkrun.production.steps import JobReport
from milkrun.stock import steps as stock_steps


@dataclass(frozen=True, slots=True)
class RunShare:
    """What one job got of the run."""

    confirmation_id: int
    job_number: str
    good: Decimal
    scrap: Decimal
    posted: bool
    failure: str


@dataclass(frozen=True, slots=True)
class ProductionReported:
    """A run was reported; `to_stock` pieces were asked for by no job."""

    run_id: int
    public_id: str
    number: str
    shares: tuple[RunShare, ...]
    to_stock: Decimal


@command
def report_production(
    *,
    site_id: int,
    part_id: int,
    good: Decimal,
    from_at: datetime,
    to_at: datetime,
    actor: Actor,
    at: datetime,
    scrap: Decimal = Decimal(0),
    scrap_reason: str = "",
    work_centre_id: int | None = None,
    lot_no: str = "",
    source: str = "",
    request: Request | None = None,
) -> ProductionReported:
    """Report what a line made of a part in a period.

    Args:
        good: base units of the part.
        work_centre_id: the line.
        lot_no: the batch of a part kept by lot; the job's or the run's number where none is given.

    Raises:
        UnknownPart, WorkCentreUnknown: there is no such part or line.
        PeriodImpossible: lists what is wrong with quantities and period.
        ReportNotUnderstood: scrap without a reason of the site's list.
        CannotBeMade: the part is not made here.
        NoDemand: more of a part made to order than the open jobs ask for.
    """
    part, centre = _known(site_id, part_id, work_centre_id)
    _refuse_impossible(good, scrap, from_at, to_at, at)
    jobs, lines = _open_lines(site_id, part_id)
    groups = demand_steps.lock_groups(
        ComponentGroup.objects.filter(pk__in={line.component.group_id for line in lines if line.component})
    )
    shares, rest = _share_out(lines, to_micro(good))
    if rest and part.make_to_order:
        text = _("{part} is made to order: {rest} more than the open jobs ask for.").format(
            part=part, rest=from_micro(rest)
        )
        raise NoDemand(text, part=str(part), too_many=str(from_micro(rest)))

    run = ProductionRun.objects.create(
        site_id=site_id,
        number=numbering.written("run", numbering.take(f"run:{site_id}")),
        part=part,
        work_centre=centre,
        from_at=from_at,
        to_at=to_at,
        good_qty=good,
        scrap_qty=scrap,
        source=source[:60],
        at=at,
        actor=actor.name,
    )
    if rest or not shares:
        made = rest or (0 if lines else to_micro(scrap))
        line = _stock_line(run, part, from_micro(made), actor, at) if made else lines[0]
        jobs[line.job_id] = line.job
        shares.append((line, rest))
    reports = _reports(shares, scrap, scrap_reason, lot_no)
    for line, report in reports:
        steps.refuse_impossible([report], {line.position: line}, site_id=site_id)
    stock_steps.hold_parts({part_id} | component_ids([part_id]), site_id=site_id)
    kept = [
        (line, steps.keep_report(line, report, actor=actor, at=at, source=source, run=run)) for line, report in reports
    ]
    _finish(jobs, [line for line, __ in kept], run, actor, at)
    steps.follow_up(groups, action="report_production", actor=actor, at=at, source=source)
    return ProductionReported(
        run.pk, run.public_id, run.number, tuple(_answer(row, jobs) for __, row in kept), from_micro(rest)
    )


def _known(site_id: int, part_id: int, work_centre_id: int | None) -> tuple[Part, WorkCentre | None]:
    part = Part.objects.filter(pk=part_id).first()
    if part is None:
        raise UnknownPart(_("This part does not exist."))
    if not part.made_here or part.phantom:
        raise CannotBeMade(_("{part} is not made here.").format(part=part), part=str(part))
    centre = WorkCentre.objects.filter(site_id=site_id, pk=work_centre_id or 0).first()
    if work_centre_id is not None and centre is None:
        raise WorkCentreUnknown(_("This work centre does not exist at this site."))
    return part, centre


def _refuse_impossible(good: Decimal, scrap: Decimal, from_at: datetime, to_at: datetime, at: datetime) -> None:
    problems = [
        Problem(name, trouble, "not_positive")
        for name, qty in (("good", good), ("scrap", scrap))
        if (trouble := trouble_with(qty, zero_allowed=True))
    ]
    if not problems and not good + scrap:
        problems.append(Problem("good", _("Say what was made: good, scrap or both."), "not_positive"))
    if to_at < from_at or to_at > at:
        problems.append(Problem("to_at", _("The period ends after it began, and not in the future."), "period"))
    if problems:
        raise PeriodImpossible(problems)


def _open_lines(site_id: int, part_id: int) -> tuple[dict[int, Job], list[JobLine]]:
    """Hold the open jobs of a part and return their lines that still want pieces, the earliest due first."""
    wanting = JobLine.objects.filter(site_id=site_id, part_id=part_id, job__state="open")
    jobs = {job.pk: job for job in lock(Job.objects.filter(pk__in=wanting.values("job_id")))}
    rows = lock(
        JobLine.objects.filter(job__in=jobs, part_id=part_id).select_related("component__group__call", "part", "job")
    )
    for row in rows:
        row.job = jobs[row.job_id]
    wanted = [row for row in rows if row.job.state == "open" and _left(row) > 0 and not _cancelled(row)]
    return jobs, sorted(wanted, key=lambda row: (row.job.due_at, row.job_id, row.position))


def _cancelled(line: JobLine) -> bool:
    return line.component is not None and line.component.group.state == "cancelled"


def _left(line: JobLine) -> int:
    return to_micro(line.qty) - to_micro(line.good_qty) - to_micro(line.rework_qty)


def _share_out(lines: Sequence[JobLine], micro: int) -> tuple[list[tuple[JobLine, int]], int]:
    shares = []
    for line in lines:
        share = min(micro, _left(line))
        if share > 0:
            shares.append((line, share))
            micro -= share
    return shares, micro


def _stock_line(run: ProductionRun, part: Part, qty: Decimal, actor: Actor, at: datetime) -> JobLine:
    """Make the job of what no job asked for; it names the run as its signal."""
    centre = str(run.work_centre) if run.work_centre else ""
    new = steps.NewJob(
        title=str(part),
        due_at=run.to_at,
        lines=[steps.NewLine(part.pk, qty)],
        signal="repetitive",
        signal_text=f"{run.number} {centre}".strip(),
    )
    job = steps.make_job(new, site_id=run.site_id, actor=actor, at=at)
    return JobLine.objects.select_related("component", "part", "job").get(job=job)


def _reports(
    shares: Sequence[tuple[JobLine, int]], scrap: Decimal, scrap_reason: str, lot_no: str
) -> list[tuple[JobLine, JobReport]]:
    """Turn shares into reports; scrap belongs to no piece that was asked for, so the first line carries it."""
    found = []
    for index, (line, micro) in enumerate(shares):
        found.append(
            (
                line,
                JobReport(
                    line.position,
                    from_micro(micro),
                    scrap if index == 0 else Decimal(0),
                    scrap_reason if index == 0 else "",
                    lot_no=lot_no,
                ),
            )
        )
    return found


def _finish(jobs: dict[int, Job], lines: Sequence[JobLine], run: ProductionRun, actor: Actor, at: datetime) -> None:
    facts = {"run": run.number, "good": str(run.good_qty), "scrap": str(run.scrap_qty)}
    if run.source:
        facts["source"] = run.source
    entries = [journal.Entry("report_production", "run", run.pk, site_id=run.site_id, facts=facts)]
    for job_id in dict.fromkeys(line.job_id for line in lines):
        job = jobs[job_id]
        left = [row for row in JobLine.objects.filter(job=job) if row.good_qty < row.qty]
        # Nothing but scrap was made for stock: that job has nothing to go on with.
        ended = "finish" if not left else "close" if job.signal == "repetitive" else ""
        if ended:
            move([job], JOB_MOVES, ended, noun="Job")
        entries.append(
            journal.Entry(
                "report_production", "job", job.pk, site_id=run.site_id, before="open", after=job.state, facts=facts
            )
        )
    journal.write(entries, actor=actor, at=at)


def _answer(row: Confirmation, jobs: dict[int, Job]) -> RunShare:
    number = jobs[row.line.job_id].number
    return RunShare(row.pk, number, row.good_qty, row.scrap_qty, row.state == "posted", row.failure)
