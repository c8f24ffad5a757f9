"""What the floor reports and the supervisor retries."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.production import queries as production
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.reprocess_posting import reprocess_posting
from milkrun.production.queries import JobLineView
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, done_before, typed_quantity, typed_text
from milkrun.web.jobs.views import failed_page, job_page


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
        reports = _scanned(request, open_lines) or _typed(request, [line.position for line in open_lines])
        done = confirm_job(job_id=job.row.id, reports=reports, **doing(request, "confirm_job"))
    except Refusal as refusal:
        return job_page(request, public_id, refusal)
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
    return redirect("job", public_id=public_id)


def _scanned(request: StaffRequest, lines: list[JobLineView]) -> tuple[JobReport, ...]:
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


def _typed(request: StaffRequest, positions: list[int]) -> tuple[JobReport, ...]:
    reports = [_report(request, position) for position in positions]
    said = tuple(report for report in reports if report.good or report.scrap)
    if not said:
        raise Invalid([Problem("good", _("Say for at least one line what was made: good, scrap or both."))])
    return said


def _report(request: StaffRequest, position: int) -> JobReport:
    good = request.POST.get(f"good_{position}", "").strip()
    scrap = request.POST.get(f"scrap_{position}", "").strip()
    return JobReport(
        position=position,
        good=typed_quantity(good, f"good_{position}") if good else Decimal(0),
        scrap=typed_quantity(scrap, f"scrap_{position}") if scrap else Decimal(0),
        scrap_reason=typed_text(request, "scrap_reason", longest=120),
    )


@permit("reprocess_posting")
@require_POST
def retry(request: StaffRequest, public_id: str) -> HttpResponse:
    """Try a failed stock posting again."""
    try:
        confirmation_id = production.confirmation_id(request.site.id, public_id)
        done = reprocess_posting(confirmation_id=confirmation_id, **doing(request, "reprocess_posting"))
    except Refusal as refusal:
        return failed_page(request, refusal)
    if done.posted:
        messages.success(request, _("Posted. Stock is right again."))
    else:
        messages.warning(request, _("Still not possible: %s") % done.failure)
    return redirect("failed_postings")
