"""Scans that phones set aside: a planner sees each one until it is settled."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import Refusal
from milkrun.stock.commands.settle_scan import settle_scan
from milkrun.stock.queries import aside
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.floor.modes import MODES


@permit("settle_scan")
@require_safe
def scans(request: StaffRequest) -> HttpResponse:
    """List what phones set aside."""
    return _page(request)


def _page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    state = request.GET.get("state", "open")
    page = aside.aside(request.site.id, request.zone, "" if state == "all" else state, request.GET.get("after", ""))
    context = {
        "rows": [(row, MODES[row.mode].word if row.mode in MODES else row.mode) for row in page.rows],
        "state": state,
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'state': state, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode({'state': state})}",
    }
    return pages.page(request, "floor/aside.html", context, refusal=refusal)


@permit("settle_scan")
@require_POST
def settle(request: StaffRequest, public_id: str) -> HttpResponse:
    """Say what was done about a scan."""
    try:
        key = aside.aside_id(request.site.id, public_id)
        settle_scan(scan_id=key, note=typed_text(request, "note"), **doing(request, "settle_scan"))
    except Refusal as refusal:
        return _page(request, refusal)
    messages.success(request, _("Settled."))
    return redirect("set_aside_scans")
