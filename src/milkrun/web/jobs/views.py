"""Jobs to make, one job card, and stock postings that failed."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from milkrun.demand import queries as demand
from milkrun.kernel.errors import Refusal
from milkrun.measure.wording import moment
from milkrun.production import queries as production
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.history import history


@permit("view_jobs")
@require_safe
def jobs(request: StaffRequest) -> HttpResponse:
    """List jobs, the earliest due first."""
    state = "done" if request.GET.get("state") == "done" else "open"
    page = production.jobs(request.site.id, request.zone, state, request.GET.get("after", ""))
    context = {
        "rows": page.rows,
        "state": state,
        "counts": production.counts(request.site.id),
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'state': state, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode({'state': state})}",
    }
    return pages.page(request, "jobs/jobs.html", context)


@permit("view_jobs")
@require_safe
def job(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show a job card."""
    return job_page(request, public_id)


def job_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render a job card; after a refusal with what was typed."""
    found = production.job(request.site.id, public_id, request.zone)
    racks = demand.racks_by_id([found.packing_group_id] if found.packing_group_id else [])
    lines = [
        {
            "line": line,
            "good": request.POST.get(f"good_{line.position}", "" if line.done else line.left_plain),
            "scrap": request.POST.get(f"scrap_{line.position}", ""),
        }
        for line in found.lines
    ]
    context = {
        "job": found.row,
        "lines": lines,
        "confirmations": found.confirmations,
        "rack": racks.get(found.packing_group_id or 0),
        "may_confirm": "confirm_job" in request.access.actions and found.row.state == "open",
        "history": history([("job", found.row.id)], request.zone),
    }
    return pages.page(request, "jobs/job.html", context, refusal=refusal)


@permit("view_jobs")
@require_safe
def failed(request: StaffRequest) -> HttpResponse:
    """List stock postings that failed, with their cause."""
    return failed_page(request)


def failed_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render the list of failed postings."""
    page = production.failed_postings(request.site.id, request.zone, request.GET.get("after", ""))
    context = {
        "rows": page.rows,
        "may_retry": "reprocess_posting" in request.access.actions,
        "checked": moment(timezone.now(), request.zone),
        "next_cursor": page.next_cursor,
        "next_url": f"{reverse('failed_postings')}?{urlencode({'after': page.next_cursor})}",
        "first_url": reverse("failed_postings"),
    }
    return pages.page(request, "jobs/failed.html", context, refusal=refusal)
