"""The cross-dock screen: scan what arrived, see who waits for it, send it there."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import NotFound, Refusal
from milkrun.measure.wording import quantity
from milkrun.shipping.commands.cross_dock_receipt import Arrival, cross_dock_receipt
from milkrun.shipping.queries.waiting import scanned_unit, standing, waiting_for
from milkrun.stock import queries as stock
from milkrun.stock.queries.space import receiving_place
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_quantity, typed_text


@permit("cross_dock_receipt")
@require_safe
def cross_dock(request: StaffRequest) -> HttpResponse:
    """Show who waits for what was scanned."""
    return _page(request, request.GET.get("scan", "").strip()[:80])


@permit("cross_dock_receipt")
@require_POST
def send(request: StaffRequest) -> HttpResponse:
    """Send goods to the chosen job or call; they come in and go out, and are never put away."""
    site, scan = request.site.id, request.POST.get("scan", "").strip()[:80]
    try:
        found = scanned_unit(site, scan)
        if found is None:
            raise NotFound(_("Nothing here has this number. Scan the part, its lot or the handling unit."))
        source, lot = request.POST.get("source", ""), typed_text(request, "lot", longest=40) or found.lot
        place, _bar, standing_lot = source.partition("|")
        units = stock.handling_unit_ids(site, [found.hu_public_id] if found.hu_public_id else [])
        unit_place = stock.handling_unit(site, found.hu_public_id, request.zone).location if units else ""
        at_place = place or unit_place
        arrival = Arrival(
            part_id=found.part_id,
            location_id=stock.place(site, at_place).pk if at_place else receiving_place(site, found.part_id).pk,
            qty=typed_quantity(request.POST.get("qty", ""), "qty"),
            lot_no=standing_lot or lot,
            known=bool(at_place),
            hu_id=units[0] if units else None,
        )
        chosen = request.POST.get("target", "")
        kind, _colon, key = chosen.partition(":")
        target = next((row for row in waiting_for(site, found.part_id, request.zone) if row.key == chosen), None)
        done = cross_dock_receipt(
            site_id=site, arrival=arrival,
            job_id=int(key) if kind == "job" and key.isdecimal() else None,
            component_id=int(key) if kind == "call" and key.isdecimal() else None,
            **doing(request, "cross_dock_receipt"),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, scan, refusal)
    facts = {"qty": quantity(arrival.qty, found.unit), "part": found.part, "number": target.number if target else "",
             "place": done.sscc or done.target}  # fmt: skip
    messages.success(request, _("Sent: %(qty)s of %(part)s to %(number)s, %(place)s.") % facts)
    return redirect(f"{reverse('cross_dock')}?{urlencode({'sent': found.part})}")


def _page(request: StaffRequest, scan: str, refusal: Refusal | None = None) -> HttpResponse:
    found = scanned_unit(request.site.id, scan) if scan else None
    waiting = waiting_for(request.site.id, found.part_id, request.zone) if found else []
    context: dict[str, Any] = {
        "scan": scan,
        "taken": "taken" in request.GET,
        "found": found,
        "waiting": waiting,
        "first": waiting[0] if waiting else None,
        "standing": standing(request.site.id, found.part_id) if found and not found.sscc else [],
        "stop": _("Not known") if scan and found is None else _("Stop") if refusal else "",
    }
    return pages.page(request, "crossdock/crossdock.html", context, refusal=refusal)
