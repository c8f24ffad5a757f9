"""Jobs to make, one job, and how the shift stands."""

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from milkrun.demand import queries as demand
from milkrun.insight.queries.pegging import pegging_of_job
from milkrun.kernel.errors import Refusal
from milkrun.measure.wording import typed, zone_of
from milkrun.parts.queries.routing import routing
from milkrun.production import queries as production
from milkrun.production.queries import floor
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.calls.views import harmless
from milkrun.web.history import history

SHOWN = ("open", "paused", "done", "closed", "cancelled")


@permit("view_jobs")
@require_safe
def jobs(request: StaffRequest) -> HttpResponse:
    """List jobs, the earliest due first."""
    get = request.GET
    state = get.get("state", "open") if get.get("state", "open") in SHOWN else "open"
    text, signal = get.get("text", "").strip()[:80], get.get("signal", "")[:12]
    page = production.jobs(request.site.id, request.zone, state, get.get("after", ""), text=text, signal=signal)
    kept = {name: value for name, value in (("state", state), ("text", text), ("signal", signal)) if value}
    context = {
        "rows": page.rows,
        "state": state,
        "states": [(name, words.state("job", name)[1]) for name in SHOWN],
        "text": text,
        "signal": signal,
        "signals": words.SIGNALS,
        "counts": production.counts(request.site.id),
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({**kept, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode(kept)}",
    }
    return pages.page(request, "jobs/jobs.html", context)


class _Echo:
    """A file that gives back what is written to it, for streaming CSV."""

    def write(self, text: str) -> str:
        return text


@permit("view_jobs")
@require_safe
def export(request: StaffRequest) -> HttpResponseBase:
    """Download the lines of all jobs in a state, as CSV."""
    state = request.GET.get("state", "open")
    answer = StreamingHttpResponse(_csv(request, state), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="jobs.csv"'
    return answer


def _csv(request: StaffRequest, state: str) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in floor.export(request.site.id, request.zone, state):
        yield writer.writerow([harmless(value) for value in row])


@permit("view_jobs")
@require_safe
def job(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show a job with what it is for and what was made."""
    return job_page(request, public_id)


def job_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render a job; after a refusal with what was typed."""
    found = production.job(request.site.id, public_id, request.zone)
    may, state = request.access.actions, found.row.state
    racks = demand.racks_by_id([found.packing_group_id] if found.packing_group_id else [])
    context: dict[str, Any] = {
        "job": found.row,
        "lines": typed_lines(request, found.lines),
        "confirmations": found.confirmations,
        "rack": racks.get(found.packing_group_id or 0),
        "reasons": floor.scrap_reasons(request.site.id),
        "may_confirm": "confirm_job" in may and state == "open",
        "may_start": "start_job" in may and state in ("open", "paused"),
        "may_pause": "pause_job" in may and state == "open",
        "may_end": "close_job" in may and state in ("open", "paused"),
        "may_move": "reschedule_job" in may and state in ("open", "paused"),
        "may_reverse": "reverse_confirmation" in may,
        "served": pegging_of_job(request.site.id, public_id, request.zone),
        "steps": _steps(request.site.id, found),
        "history": history([("job", found.row.id)], request.zone),
    }
    return pages.page(request, "jobs/job.html", context, refusal=refusal)


def typed_lines(request: StaffRequest, lines: tuple[production.JobLineView, ...]) -> list[dict[str, Any]]:
    """Put beside each line what was typed for it, or what is open."""
    return [
        {
            "line": line,
            **{
                name: request.POST.get(
                    f"{name}_{line.position}", typed(line.left_plain) if name == "good" and not line.done else ""
                )
                for name in ("good", "scrap", "rework", "from_rework")
            },
        }
        for line in lines
    ]  # fmt: skip


def _steps(site_id: int, found: production.JobView) -> list[tuple[str, Any]]:
    plans = routing(site_id, {line.part_id for line in found.lines})
    numbers = {line.part_id: line.part_number for line in found.lines}
    return [(numbers[part_id], steps) for part_id, steps in plans.items()]


@permit("view_jobs")
@require_safe
def shift(request: StaffRequest) -> HttpResponse:
    """Show how production stands today: what is stuck, what is late, what was lost."""
    here, zone, now = request.site.id, request.zone, timezone.now()
    stands = floor.shift(here, zone, now)
    midnight = now.astimezone(zone_of(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    context = {
        "shift": stands,
        "failed": production.failed_postings(here, zone, limit=5).rows,
        "refused": floor.refused_reports(here, zone, limit=5),
        "jobs": production.jobs(here, zone, limit=8).rows,
        "scrap": floor.scrap(here, midnight, now)[:5],
        "runs": floor.runs(here, zone, limit=5).rows,
        "may_retry": "reprocess_postings" in request.access.actions,
        "retry_url": reverse("retry_postings"),
    }
    return pages.page(request, "jobs/shift.html", context)
