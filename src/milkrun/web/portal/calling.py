"""A customer calls goods: a part, how much, when, where; it becomes a call by the command that every call goes by."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from milkrun.demand.commands.receive_jit_call import CallInput, ComponentInput, GroupInput, receive_jit_call
from milkrun.demand.queries.own import OwnItem, Supplier, last_place, own_item, suppliers
from milkrun.kernel.errors import Invalid, NotFound, Problem, Refusal
from milkrun.measure.unit import UNITS
from milkrun.measure.wording import typed, unit_word, zone_of
from milkrun.partners.queries.plants import plants
from milkrun.web import pages
from milkrun.web.access import PortalRequest, portal
from milkrun.web.acting import doing, typed_future, typed_quantity, typed_text

# What the form proposes: this hour tomorrow, by the clock of the plant.
AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A plant of the customer with one of its unloading points, as the form offers it."""

    key: str
    plant: str
    dock: str
    name: str
    zone: str


@portal("portal_call_off")
@require_http_methods(["GET", "POST"])
def call_off(request: PortalRequest) -> HttpResponse:
    """Ask how much is wanted and when, or take the call over."""
    item = own_item(request.visitor.partner.id, _said(request, "part"), timezone.now().date())
    if request.method != "POST":
        return _form(request, item)
    try:
        done = receive_jit_call(
            call=_call(request, item), site_id=_supplier(request).id, partner_id=request.visitor.partner.id,
            source="portal", anew=True, **doing(request, "receive_jit_call"),
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(request, item, refusal)
    messages.success(request, _("Call %s has arrived with us. You see here how far it is.") % done.external_no)
    return redirect("portal_call", public_id=done.public_id)


def _said(request: PortalRequest, name: str) -> str:
    return (request.POST if request.method == "POST" else request.GET).get(name, "")[:80]


def _call(request: PortalRequest, item: OwnItem) -> CallInput:
    place = _place(request)
    qty = typed_quantity(request.POST.get("qty", ""), "qty")
    if qty <= 0:
        raise Invalid([Problem("qty", _("Write how much you need: more than nothing."))])
    if item.unit in UNITS and UNITS[item.unit].counted and qty != qty.to_integral_value():
        raise Invalid([Problem("qty", _("This part is counted in pieces: write a whole number."))])
    return CallInput(
        external_no=typed_text(request, "reference", longest=80) or _number(request),
        kind="summarized",
        required_at=typed_future(request.POST.get("required_at", ""), "required_at", place.zone),
        required_text=request.POST.get("required_at", "")[:40],
        zone=place.zone,
        groups=(GroupInput("", (ComponentInput(1, item.number, qty, item.unit, item.order_no),)),),
        ship_to_code=place.plant,
        unloading_point=place.dock,
    )


def _number(request: PortalRequest) -> str:
    # Of the form's own key, so that two people who call in the same second never get one number.
    said = f"{request.visitor.user_id} {request.POST.get('request_key', '')}"
    return f"WEB-{timezone.now():%y%m%d}-{hashlib.sha256(said.encode()).hexdigest()[:8].upper()}"


def _places(request: PortalRequest) -> list[Place]:
    return [
        Place(f"{plant.code}|{dock}", plant.code, dock, ", ".join(filter(None, [plant.name, dock])), plant.zone)
        for plant in plants(request.visitor.partner.id)
        for dock in plant.docks or ("",)
    ]


def _place(request: PortalRequest) -> Place:
    found = next((place for place in _places(request) if place.key == request.POST.get("place", "")), None)
    if found is None:
        raise Invalid([Problem("place", _("Choose where the goods are to go."))])
    return found


def _supplier(request: PortalRequest) -> Supplier:
    known = suppliers(request.visitor.partner.id)
    wanted = request.POST.get("from", "")
    found = known[0] if len(known) == 1 else next((site for site in known if site.code == wanted), None)
    if found is None:
        raise Invalid([Problem("from", _("Choose which of our plants is to deliver."))])
    return found


def _form(request: PortalRequest, item: OwnItem, refusal: Refusal | None = None) -> HttpResponse:
    places = _places(request)
    before = "|".join(last_place(request.visitor.partner.id))
    chosen = request.POST.get("place", before)
    here = next((place for place in places if place.key == chosen), places[0] if places else None)
    proposed = (timezone.now() + AHEAD).astimezone(zone_of(here.zone if here else "UTC"))
    known = suppliers(request.visitor.partner.id)
    context = {
        "item": item,
        "unit": unit_word(item.unit),
        "places": places,
        "here": here,
        "zones": sorted({place.zone for place in places}),
        "suppliers": known if len(known) > 1 else (),
        "unsupplied": not known or not places,
        "qty": request.POST.get("qty", typed(item.last_typed or "1")),
        "required_at": request.POST.get("required_at", f"{proposed:%Y-%m-%dT%H:00}"),
        "soonest": f"{timezone.now().astimezone(proposed.tzinfo):%Y-%m-%dT%H:%M}",
    }
    return pages.page(request, "portal/call_off.html", context, refusal=refusal)
