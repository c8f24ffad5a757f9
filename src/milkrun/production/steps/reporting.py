"""Take what was reported of a job line: checked against what is open, kept, and posted as far as stock allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor
from milkrun.measure.quantity import from_micro, to_micro, trouble_with
from milkrun.production.errors import NoLongerWanted, ReportNotUnderstood, TooMuchConfirmed
from milkrun.production.models import Confirmation, JobLine, ProductionRun, ScrapReason
from milkrun.production.steps.posting import post_confirmation


@dataclass(frozen=True, slots=True)
class JobReport:
    """What was made of one job line, in base units of its part.

    Args:
        rework: made, but to be worked on again before it is good.
        from_rework: so many of the good and scrap pieces came out of rework; they use up nothing anew.
        lot_no: the batch, where the part is kept by lot; the job's number where none is given.
    """

    position: int
    good: Decimal
    scrap: Decimal = Decimal(0)
    scrap_reason: str = ""
    rework: Decimal = Decimal(0)
    from_rework: Decimal = Decimal(0)
    lot_no: str = ""


def refuse_impossible(reports: Sequence[JobReport], lines: Mapping[int, JobLine], *, site_id: int) -> None:
    """Refuse what cannot be.

    Raises:
        ReportNotUnderstood: lists every impossible report.
        NoLongerWanted: a line's call was cancelled.
        TooMuchConfirmed: more than a line has open.
    """
    problems = [] if reports else [Problem("reports", _("Say for at least one line what was made."), "empty")]
    reasons = set(ScrapReason.objects.filter(site_id=site_id, active=True).values_list("code", flat=True))
    for report in reports:
        problems += _problems(report, lines, reasons)
    if len({report.position for report in reports}) != len(reports):
        problems.append(Problem("position", _("Each line is reported once."), "line_twice"))
    if problems:
        raise ReportNotUnderstood(problems)
    _refuse_unwanted(reports, lines)
    _refuse_too_much(reports, lines)


def _problems(report: JobReport, lines: Mapping[int, JobLine], reasons: set[str]) -> list[Problem]:
    if report.position not in lines:
        return [
            Problem("position", _("The job has no line {position}.").format(position=report.position), "unknown_line")
        ]
    named = _("Line {position}:").format(position=report.position) + " "
    figures = (report.good, report.scrap, report.rework, report.from_rework)
    if any(trouble_with(qty, zero_allowed=True) for qty in figures):
        text = _("{named}good and scrap must be zero or more, with at most 6 decimals.").format(named=named)
        return [Problem("good", text, "not_positive")]
    if not report.good + report.scrap + report.rework:
        text = _("{named}good and scrap must be zero or more, one of them above zero.").format(named=named)
        return [Problem("good", text, "not_positive")]
    waiting = lines[report.position].rework_qty
    if report.from_rework > waiting or report.from_rework > report.good + report.scrap:
        text = _(
            "{named}{from_rework} from rework, but {waiting} wait there and that many must be good or scrap."
        ).format(named=named, from_rework=report.from_rework, waiting=waiting)
        return [Problem("from_rework", text, "not_in_rework")]
    if report.scrap and reasons and report.scrap_reason.strip().upper() not in reasons:
        text = _("{named}say why it is scrap: {reasons}.").format(named=named, reasons=", ".join(sorted(reasons)))
        return [Problem("scrap_reason", text, "unknown_scrap_reason")]
    return []


def _refuse_unwanted(reports: Sequence[JobReport], lines: Mapping[int, JobLine]) -> None:
    gone = [
        (report.position, component.group.call)
        for report in reports
        if (component := lines[report.position].component) is not None and component.group.state == "cancelled"
    ]
    if gone:
        raise NoLongerWanted(
            " ".join(
                _("Line {position}: call {call} was cancelled.").format(position=position, call=call)
                for position, call in gone
            )
            + " "
            + _("Put the pieces aside and tell the supervisor."),
            lines=[position for position, __ in gone],
            calls=[str(call) for __, call in gone],
        )


def _refuse_too_much(reports: Sequence[JobReport], lines: Mapping[int, JobLine]) -> None:
    over = [(report, _open(report, lines[report.position])) for report in reports]
    over = [(report, left) for report, left in over if to_micro(report.good) + to_micro(report.rework) > left]
    if over:
        raise TooMuchConfirmed(
            " ".join(
                _("Line {position}: {good} reported, {left} open.").format(
                    position=r.position, good=r.good + r.rework, left=from_micro(left)
                )
                for r, left in over
            ),
            lines=[r.position for r, __ in over],
        )


def _open(report: JobReport, line: JobLine) -> int:
    """Return what may still come: what waits in rework is spoken for, unless it is what comes now."""
    left = to_micro(line.qty) - to_micro(line.good_qty) - to_micro(line.rework_qty) - to_micro(line.dropped_qty)
    return left + to_micro(report.from_rework)


def keep_report(
    line: JobLine,
    report: JobReport,
    *,
    actor: Actor,
    at: datetime,
    source: str = "",
    run: ProductionRun | None = None,
) -> Confirmation:
    """Keep a report that was checked, count it on the line and post it; a refused posting stays with its cause."""
    listed = ScrapReason.objects.filter(site_id=line.site_id, active=True).exists()
    line.good_qty = _sum(line.good_qty, report.good)
    line.scrap_qty = _sum(line.scrap_qty, report.scrap)
    line.rework_qty = _sum(line.rework_qty, report.rework, -report.from_rework)
    JobLine.objects.filter(pk=line.pk).update(
        good_qty=line.good_qty, scrap_qty=line.scrap_qty, rework_qty=line.rework_qty
    )
    reason = report.scrap_reason.strip()[:120]
    row = Confirmation.objects.create(
        site_id=line.site_id,
        line=line,
        good_qty=report.good,
        scrap_qty=report.scrap,
        rework_qty=report.rework,
        from_rework_qty=report.from_rework,
        scrap_reason=reason.upper() if listed and report.scrap else reason,
        lot_no=(report.lot_no.strip() or line.job.number)[:40] if line.part.lot_tracked else "",
        source=source[:60],
        run=run,
        at=at,
        actor=actor.name,
    )
    post_confirmation(row, actor=actor, at=at)
    return row


def _sum(*figures: Decimal) -> Decimal:
    return from_micro(sum(to_micro(figure) for figure in figures))
