"""Racks and loads that wait to be packed, and one rack with its slots."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from milkrun.demand import queries as demand
from milkrun.demand.queries import RackView
from milkrun.kernel.errors import Refusal
from milkrun.shipping.queries import loads
from milkrun.stock import queries as stock
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.history import history
from milkrun.web.live import following
from milkrun.web.printing.card import label_card


@permit("view_packing")
@require_safe
def racks(request: StaffRequest) -> HttpResponse:
    """List what waits to be packed, the earliest needed first."""
    return pages.page(request, "packing/racks.html", {"rows": demand.racks(request.site.id, request.zone)})


@permit("view_packing")
@require_safe
def rack(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show a rack with its slots and the scan field."""
    return rack_page(request, public_id)


@permit("view_packing")
@require_safe
def slots(request: StaffRequest, public_id: str) -> HttpResponse:
    """Return the picture of the rack alone, or "not modified": several people may pack one rack."""
    return following(request, lambda: pages.page(request, "packing/slots.html", _picture(request, public_id)))


@permit("view_packing")
@require_safe
def slot(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one slot: what belongs there, what stood there before, and what to do when the part is not good."""
    return slot_page(request, public_id, request.GET.get("n", ""))


def slot_page(request: StaffRequest, public_id: str, position: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one slot; a refusal stands over the whole width."""
    found = demand.rack(request.site.id, public_id, request.zone)
    place = demand.slot_of(found, slot_number(position) or 0)
    first = history([("group", place.group_id)], request.zone, limit=20) if place.group_id else []
    can = request.access.actions
    context = {
        "rack": found,
        "slot": place,
        # What is only typed wrongly is said beside the form; what another person did stands over the whole width.
        "stop": _stop(refusal) if refusal and refusal.code in STOPS else "",
        "may_miss": place.state == "in_packing" and not place.missing and "report_missing" in can,
        "may_reorder": bool(place.parts) and "reorder_component" in can and place.state != "cancel_requested",
        "history": first,
    }
    return pages.page(request, "packing/slot.html", context, refusal=refusal)


def slot_number(text: str) -> int | None:
    """Read a slot's number or a row's key; None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _picture(request: StaffRequest, public_id: str) -> dict[str, object]:
    found = demand.rack(request.site.id, public_id, request.zone)
    return {"rack": found, "percent": _percent(found)}


# refusal code -> the word over the whole width of the page
STOPS = {
    "wrong_part": _("Wrong part"),
    "out_of_sequence": _("Not yet: out of sequence"),
    "slot_taken": _("Packed by somebody else"),
    "wrong_frame": _("Wrong frame"),
    "rack_placed": _("Placed by somebody else"),
    "slot_changed": _("Changed by somebody else"),
}


def rack_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render a rack; a wrong scan stands over the whole width."""
    found = demand.rack(request.site.id, public_id, request.zone)
    units = stock.handling_units_by_id([found.hu_id] if found.hu_id else [])
    groups = demand.group_ids_of_rack(found.id)
    load = loads.load_units(found.id)
    context = {
        "rack": found,
        "unit": units.get(found.hu_id or 0),
        "may_pack": "confirm_packing" in request.access.actions and found.expected is not None,
        "asks_quantity": not found.sequenced,
        "percent": _percent(found),
        "stop": _stop(refusal),
        "may_place": "place_rack" in request.access.actions and found.frame is not None and not found.frame.placed,
        "load_units": load if not found.sequenced else [],
        "may_start_unit": "start_load_unit" in request.access.actions and not found.sequenced and found.expected,
        **label_card(request, [row.id for row in load]),
        "history": history([("packing_group", found.id), *(("group", key) for key in groups)], request.zone, limit=30),
    }
    return pages.page(request, "packing/rack.html", context, refusal=refusal)


def _stop(refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    return str(STOPS.get(refusal.code, _("Stop")))


def _percent(found: RackView) -> int:
    whole = found.done + found.open
    return found.done * 100 // whole if whole else 0
