"""Lines that report by period, and scrap by cause."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import Invalid, Refusal
from milkrun.measure.wording import zone_of
from milkrun.parts.queries.routing import made_part, made_parts, work_centre_by_code, work_centres
from milkrun.production.commands.report_production import report_production
from milkrun.production.commands.set_scrap_reason import set_scrap_reason
from milkrun.production.queries import floor
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_moment, typed_quantity, typed_text

SCRAP_DAYS = 30


@permit("view_jobs")
@require_safe
def runs(request: StaffRequest) -> HttpResponse:
    """List what lines reported, with the form for the next report."""
    return runs_page(request)


def runs_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render the list; after a refusal with what was typed."""
    now = timezone.now().astimezone(zone_of(request.zone))
    page = floor.runs(request.site.id, request.zone, request.GET.get("after", ""))
    context = {
        "rows": page.rows,
        "may_report": "report_production" in request.access.actions,
        "parts": made_parts(request.site.id),
        "centres": work_centres(request.site.id),
        "reasons": floor.scrap_reasons(request.site.id),
        "from_at": f"{now - timedelta(hours=8):%Y-%m-%dT%H:%M}",
        "to_at": f"{now:%Y-%m-%dT%H:%M}",
        "next_cursor": page.next_cursor,
        "next_url": f"{reverse('runs')}?after={page.next_cursor}",
        "first_url": reverse("runs"),
    }
    return pages.page(request, "jobs/runs.html", context, refusal=refusal)


@permit("report_production")
@require_POST
def report(request: StaffRequest) -> HttpResponse:
    """Report what a line made in a period."""
    try:
        done = report_production(**_asked(request), **doing(request, "report_production"))
    except Refusal as refusal:
        return runs_page(request, refusal)
    failed = [share for share in done.shares if not share.posted]
    if failed:
        text = ngettext("Reported. %(n)d stock posting failed: %(why)s",
                        "Reported. %(n)d stock postings failed: %(why)s", len(failed))  # fmt: skip
        messages.warning(request, text % {"n": len(failed), "why": failed[0].failure})
    else:
        messages.success(request, _("Reported as %s. Components were used up by the bill of material.") % done.number)
    return redirect("run", public_id=done.public_id)


def _asked(request: StaffRequest) -> dict[str, Any]:
    post = request.POST
    centre = post.get("work_centre", "")
    return {
        "site_id": request.site.id,
        "part_id": made_part(typed_text(request, "part", _("Say what was made."), longest=40)).id,
        "good": typed_quantity(post.get("good") or "0", "good"),
        "scrap": typed_quantity(post["scrap"], "scrap") if post.get("scrap") else Decimal(0),
        "scrap_reason": typed_text(request, "scrap_reason", longest=120),
        "from_at": typed_moment(post.get("from_at", ""), "from_at", request.zone),
        "to_at": typed_moment(post.get("to_at", ""), "to_at", request.zone),
        "work_centre_id": work_centre_by_code(request.site.id, centre).id if centre else None,
        "lot_no": typed_text(request, "lot_no", longest=40),
    }


@permit("view_jobs")
@require_safe
def run(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one report: which jobs it satisfied and what it used up."""
    return pages.page(request, "jobs/run.html", {"run": floor.run(request.site.id, public_id, request.zone)})


@permit("view_jobs")
@require_safe
def scrap(request: StaffRequest) -> HttpResponse:
    """Show scrap by cause in a period, with the list of causes."""
    return scrap_page(request)


def scrap_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render scrap by cause."""
    now = timezone.now().astimezone(zone_of(request.zone))
    since, until = now - timedelta(days=SCRAP_DAYS), now
    try:
        if request.GET.get("since"):
            since = typed_moment(request.GET["since"] + "T00:00", "since", request.zone)
        if request.GET.get("until"):
            until = typed_moment(request.GET["until"] + "T00:00", "until", request.zone) + timedelta(days=1)
    except Invalid as problem:
        refusal = refusal or problem
    rows = floor.scrap(request.site.id, since, until)
    most = max((row.reports for row in rows), default=1)
    context = {
        "rows": [{"row": row, "share": 100 * row.reports // most} for row in rows],
        "since": f"{since:%Y-%m-%d}",
        "until": f"{until - timedelta(seconds=1):%Y-%m-%d}",
        "reasons": floor.scrap_reasons(request.site.id, every=True),
        "may_set": "set_scrap_reason" in request.access.actions,
    }
    return pages.page(request, "jobs/scrap.html", context, refusal=refusal)


@permit("set_scrap_reason")
@require_POST
def set_reason(request: StaffRequest) -> HttpResponse:
    """Add a cause of scrap, rename it or take it out of use."""
    try:
        done = set_scrap_reason(
            site_id=request.site.id,
            code=typed_text(request, "code", longest=24),
            name=typed_text(request, "name", longest=80),
            active=request.POST.get("active") != "no",
            **doing(request, "set_scrap_reason"),
        )
    except Refusal as refusal:
        return scrap_page(request, refusal)
    messages.success(request, _("Reason %s is kept.") % done.code)
    return redirect("scrap")
