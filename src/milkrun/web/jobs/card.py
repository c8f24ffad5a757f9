"""The operator's tablet: scan a job, see one line at a time, confirm good and scrap with large targets."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.measure.wording import typed
from milkrun.production import queries as production
from milkrun.production.commands.confirm_job import confirm_job
from milkrun.production.commands.pause_job import pause_job
from milkrun.production.commands.start_job import start_job
from milkrun.production.queries import floor
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, done_before
from milkrun.web.jobs.actions import say_confirmed, scanned, typed_reports


@permit("view_jobs")
@require_safe
def scan(request: StaffRequest) -> HttpResponse:
    """Ask for a job by scan, with the next ones to tap."""
    text = request.GET.get("scan", "").strip()[:80]
    refusal = None
    if text:
        hits = [hit for hit in production.find(request.site.id, text) if hit.exact]
        if hits:
            return redirect("job_card", public_id=hits[0].public_id)
        refusal = Invalid([Problem("scan", _("Stop: %s is no job of this site. Scan the job's number.") % text)])
    rows = production.jobs(request.site.id, request.zone, limit=8).rows
    return pages.page(request, "jobs/scan.html", {"rows": rows, "scanned": text}, refusal=refusal)


@permit("view_jobs")
@require_safe
def card(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show the line of a job that is made next."""
    return card_page(request, public_id)


def card_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render the card; after a refusal with what was typed."""
    found = production.job(request.site.id, public_id, request.zone)
    open_lines = [line for line in found.lines if not line.done]
    wanted = request.GET.get("line") or request.POST.get("line") or ""
    here = next((line for line in open_lines if str(line.position) == wanted), open_lines[0] if open_lines else None)
    made = len(found.lines) - len(open_lines)
    context = {
        "job": found.row,
        "line": here,
        "open": len(open_lines),
        "following": [line for line in open_lines if here and line.position != here.position][:4],
        "percent": 100 * made // len(found.lines) if found.lines else 100,
        "made": made,
        "all": len(found.lines),
        "reasons": floor.scrap_reasons(request.site.id),
        "good": request.POST.get(f"good_{here.position}", typed(here.left_plain)) if here else "",
        "scrap_qty": request.POST.get(f"scrap_{here.position}", "") if here else "",
        "may_confirm": "confirm_job" in request.access.actions and found.row.state == "open",
        "may_start": "start_job" in request.access.actions and found.row.state in ("open", "paused"),
    }
    return pages.page(request, "jobs/card.html", context, refusal=refusal)


@permit("confirm_job")
@require_POST
def confirm(request: StaffRequest, public_id: str) -> HttpResponse:
    """Confirm the line on the card, or the one that a scanned part belongs to."""
    try:
        if done_before(request, "confirm_job"):
            messages.success(request, _("This was confirmed already."))
            return redirect("job_card", public_id=public_id)
        job = production.job(request.site.id, public_id, request.zone)
        open_lines = [line for line in job.lines if not line.done]
        reports = scanned(request, open_lines) or typed_reports(request, [line.position for line in open_lines])
        done = confirm_job(job_id=job.row.id, reports=reports, source=_("Tablet"), **doing(request, "confirm_job"))
    except Refusal as refusal:
        return card_page(request, public_id, refusal)
    say_confirmed(request, done)
    return redirect("job_card", public_id=public_id)


@permit("start_job")
@require_POST
def status(request: StaffRequest, public_id: str) -> HttpResponse:
    """Start or pause the job on the card."""
    try:
        job = production.job(request.site.id, public_id, request.zone)
        if request.POST.get("to") == "pause":
            pause_job(job_id=job.row.id, **doing(request, "pause_job"))
            messages.success(request, _("The job is paused."))
        else:
            start_job(job_id=job.row.id, **doing(request, "start_job"))
            messages.success(request, _("The job is being worked on."))
    except Refusal as refusal:
        return card_page(request, public_id, refusal)
    return redirect(reverse("job_card", args=[public_id]))
