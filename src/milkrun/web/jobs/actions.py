"""What the floor reports of a job."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.production import queries as production
from milkrun.production.commands.confirm_job import JobConfirmed, JobReport, confirm_job
from milkrun.production.queries import JobLineView
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, done_before, typed_quantity, typed_text
from milkrun.web.jobs.views import job_page


@permit("confirm_job")
@require_POST
def confirm(request: StaffRequest, public_id: str) -> HttpResponse:
    """Confirm what was typed for a job's lines, or all of the next line that makes a scanned part."""
    try:
        if done_before(request, "confirm_job"):
            messages.success(request, _("This was confirmed already."))
            return redirect("job", public_id=public_id)
        job = production.job(request.site.id, public_id, request.zone)
        open_lines = [line for line in job.lines if not line.done]
        reports = scanned(request, open_lines) or typed_reports(request, [line.position for line in open_lines])
        done = confirm_job(job_id=job.row.id, reports=reports, **doing(request, "confirm_job"))
    except Refusal as refusal:
        return job_page(request, public_id, refusal)
    say_confirmed(request, done)
    return redirect("job", public_id=public_id)


def scanned(request: StaffRequest, lines: list[JobLineView]) -> tuple[JobReport, ...]:
    """Report the first open line of the scanned part as made; nothing where no part was scanned."""
    scan = typed_text(request, "scan", longest=80)
    if not scan:
        return ()
    for line in lines:
        if _plain(scan) in {_plain(line.part_number), _plain(line.customer_part_no)}:
            return (JobReport(position=line.position, good=Decimal(line.left_plain)),)
    next_part = f"{lines[0].part_number} ({lines[0].customer_part_no})" if lines else _("nothing")
    text = _("Stop: %(scan)s is not open on this job. Next is %(next)s.") % {"scan": scan, "next": next_part}
    raise Invalid([Problem("scan", text)])


def _plain(number: str) -> str:
    return "".join(number.split()).upper()


def typed_reports(request: StaffRequest, positions: list[int]) -> tuple[JobReport, ...]:
    """Read what was typed for a job's lines.

    Raises:
        Invalid: nothing was typed for any line.
    """
    reports = [_report(request, position) for position in positions]
    said = tuple(report for report in reports if report.good or report.scrap or report.rework)
    if not said:
        raise Invalid([Problem("good", _("Say for at least one line what was made: good, scrap or both."))])
    return said


def _report(request: StaffRequest, position: int) -> JobReport:
    def figure(name: str) -> Decimal:
        text = request.POST.get(f"{name}_{position}", "").strip()
        return typed_quantity(text, f"{name}_{position}") if text else Decimal(0)

    return JobReport(
        position=position,
        good=figure("good"),
        scrap=figure("scrap"),
        scrap_reason=typed_text(request, "scrap_reason", longest=120),
        rework=figure("rework"),
        from_rework=figure("from_rework"),
        lot_no=typed_text(request, "lot_no", longest=40),
    )


def say_confirmed(request: StaffRequest, done: JobConfirmed) -> None:
    """Tell the person what became of a report."""
    failures = [made.failure for made in done.confirmations if not made.posted]
    if failures:
        text = ngettext("Confirmed. %(n)d stock posting failed and waits under failed postings: %(why)s",
                        "Confirmed. %(n)d stock postings failed and wait under failed postings: %(why)s",
                        len(failures))  # fmt: skip
        messages.warning(request, text % {"n": len(failures), "why": failures[0]})
    elif done.state == "done":
        messages.success(request, _("Confirmed. The job is done."))
    else:
        messages.success(request, _("Confirmed. Stock is posted."))
