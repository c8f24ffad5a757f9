"""A scan at the rack."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.demand import queries as demand
from milkrun.kernel.errors import Invalid, NotFound, Problem, Refusal
from milkrun.measure.wording import quantity
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.place_rack import place_rack
from milkrun.shipping.commands.reorder_component import reorder_component
from milkrun.shipping.commands.report_missing import report_missing
from milkrun.shipping.commands.start_load_unit import start_load_unit
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_quantity, typed_text
from milkrun.web.packing.views import rack_page, slot_number, slot_page


@permit("report_missing")
@require_POST
def missing(request: StaffRequest, public_id: str) -> HttpResponse:
    """Pass over the slot whose part is not there."""
    try:
        rack = demand.rack(request.site.id, public_id, request.zone)
        done = report_missing(
            packing_group_id=rack.id, slot=_slot(request) or 0, reason=typed_text(request, "reason"),
            **doing(request, "report_missing"),
        )  # fmt: skip
    except Refusal as refusal:
        return rack_page(request, public_id, refusal)
    text = _("Slot %(slot)d is passed over: %(parts)s missing. The planner is told; scan it whenever it turns up.")
    messages.success(request, text % {"slot": done.slot, "parts": ", ".join(done.parts)})
    return redirect("rack", public_id=public_id)


def _slot(request: StaffRequest) -> int | None:
    """Return the slot the person saw as next; None where the form names none."""
    return slot_number(request.POST.get("slot", ""))


@permit("reorder_component")
@require_POST
def reorder(request: StaffRequest, public_id: str) -> HttpResponse:
    """Order the damaged or missing part of a slot again; its successor gets the slot."""
    try:
        rack = demand.rack(request.site.id, public_id, request.zone)
        place = demand.slot_of(rack, _slot(request) or 0)
        lines = [int(text) for text in request.POST.getlist("line") if text.isascii() and text.isdigit()]
        if not lines:
            raise Invalid([Problem("line", _("Choose what is damaged or missing."))])
        done = reorder_component(
            call_id=place.call_id, group_code=place.group_code, line_nos=lines,
            reason=typed_text(request, "reason", _("Say what happened: the reason stands in the history.")),
            lost=request.POST.get("lost") == "1", seen_group_id=slot_number(request.POST.get("group", "")) or 0,
            **doing(request, "reorder_component"),
        )  # fmt: skip
    except NotFound as refusal:
        return rack_page(request, public_id, refusal)
    except Refusal as refusal:
        return slot_page(request, public_id, request.POST.get("slot", ""), refusal)
    text = _("Ordered again, urgent. The new part of %(number)s gets slot %(slot)d; go on with the others.")
    messages.success(request, text % {"number": done.external_no, "slot": place.position})
    return redirect("rack", public_id=public_id)


@permit("start_load_unit")
@require_POST
def next_unit(request: StaffRequest, public_id: str) -> HttpResponse:
    """Go on with the next handling unit of a load."""
    try:
        rack = demand.rack(request.site.id, public_id, request.zone)
        code = request.POST.get("sscc", "").strip()[:40]
        done = start_load_unit(packing_group_id=rack.id, sscc=code, **doing(request, "start_load_unit"))
    except Refusal as refusal:
        return rack_page(request, public_id, refusal)
    messages.success(request, _("What comes now goes into %(unit)s.") % {"unit": done.sscc})
    return redirect("rack", public_id=public_id)


@permit("place_rack")
@require_POST
def place(request: StaffRequest, public_id: str) -> HttpResponse:
    """Confirm that the rack stands on its frame, or stop at a wrong one."""
    try:
        rack = demand.rack(request.site.id, public_id, request.zone)
        scan = typed_text(request, "scan", _("Scan the label of the frame."), longest=80)
        done = place_rack(packing_group_id=rack.id, scan=scan, **doing(request, "place_rack"))
    except Refusal as refusal:
        return rack_page(request, public_id, refusal)
    told = {"rack": done.rack, "frame": done.frame, "n": done.left}
    if done.left:
        text = ngettext("Right. %(rack)s stands on %(frame)s, %(n)d rack is not there yet.",
                        "Right. %(rack)s stands on %(frame)s, %(n)d racks are not there yet.", done.left)  # fmt: skip
    else:
        text = _("Right. %(rack)s stands on %(frame)s; all its racks are there.")
    messages.success(request, text % told)
    return redirect("rack", public_id=public_id)


@permit("confirm_packing")
@require_POST
def confirm(request: StaffRequest, public_id: str) -> HttpResponse:
    """Put the scanned part into the next slot, or stop."""
    try:
        rack = demand.rack(request.site.id, public_id, request.zone)
        scan = typed_text(request, "scan", _("Scan or type a part number."), longest=80)
        typed = request.POST.get("qty", "").strip()
        done = confirm_packing(
            packing_group_id=rack.id, scan=scan, qty=typed_quantity(typed, "qty") if typed else None,
            slot=_slot(request), **doing(request, "confirm_packing"),
        )  # fmt: skip
    except Refusal as refusal:
        return rack_page(request, public_id, refusal)
    facts = {"slot": done.slot, "part": done.part_number, "qty": quantity(done.qty), "n": done.remaining}
    if done.remaining:
        text = ngettext("Right. %(qty)s × %(part)s in slot %(slot)d, %(n)d place left.",
                        "Right. %(qty)s × %(part)s in slot %(slot)d, %(n)d places left.", done.remaining)  # fmt: skip
    else:
        text = _("Right. %(qty)s × %(part)s in slot %(slot)d. Everything here is packed.")
    messages.success(request, text % facts)
    return redirect("rack", public_id=public_id)
