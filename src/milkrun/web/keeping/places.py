"""Places: what they take and cost, how full they are, how that went over time."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.measure.money import to_minor
from milkrun.measure.quantity import NotAQuantity
from milkrun.measure.wording import amount, moment, quantity
from milkrun.stock.commands.change_location import LocationFacts, change_location
from milkrun.stock.queries import space as room
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_quantity, typed_text
from milkrun.web.history import history
from milkrun.web.tables import Cell, Column, Table, cell, download


@permit("view_stock")
@require_safe
def places(request: StaffRequest) -> HttpResponse:
    """List places with how full they are, what that costs and what is beyond a limit."""
    kind, zone = request.GET.get("kind", "")[:12], request.GET.get("zone", "")[:24]
    found = room.spaces(request.site.id, kind, zone)
    table = Table(
        (Column(_("Place")), Column(_("Flags")), Column(_("Kind")), Column(_("Zone")), Column(_("Pallet places"), True),
         Column(_("Used"), True), Column(_("Floor space"), True), Column(_("Used"), True), Column(_("Free"), True),
         Column(_("Cost of used space, a month"), True), Column(_("Value there"), True)),
        [_row(one) for one in found],
    )  # fmt: skip
    if request.GET.get("file"):
        return download(table, "places")
    context = {
        "table": table, "kind": kind, "zone": zone, "zones": room.zones(request.site.id), "kinds": _kinds(),
        "here": "places",
    }  # fmt: skip
    return pages.page(request, "keeping/places.html", context)


def _row(one: room.Space) -> list[Cell]:
    flags = "; ".join(flag_text(flag) for flag in one.over)
    return [
        Cell(one.code, reverse("place", args=[one.public_id])), cell(flags, tone="act" if flags else ""),
        cell(words.word("place", one.kind)), cell(one.zone),
        cell(one.pallet_places or ""), cell(one.used_places or ""), cell(quantity(one.area_m2, "MTK") if one.area_m2
        else ""), cell(quantity(one.used_m2, "MTK") if one.used_m2 else ""),
        cell(quantity(one.free_m2, "MTK") if one.area_m2 else ""),
        cell(amount(one.used_cost_minor, one.currency) if one.cost_minor else ""),
        cell(amount(one.value_minor, one.currency) if one.value_minor else ""),
    ]  # fmt: skip


def flag_text(flag: room.Exceeded) -> str:
    """Say in one sentence which limit is or would be exceeded."""
    if flag.kind == "capacity":
        return _("%(place)s takes %(limit)d pallets; it would hold %(n)d") % {
            "place": flag.location, "limit": flag.limit, "n": flag.would_be}  # fmt: skip
    return _("%(place)s may hold %(limit)s; it would hold %(value)s") % {
        "place": flag.location, "limit": amount(flag.limit, flag.currency),
        "value": amount(flag.would_be, flag.currency),
    }  # fmt: skip


def tell_flags(request: StaffRequest, exceeded: tuple[room.Exceeded, ...]) -> None:
    """Warn of limits that goods just posted exceed."""
    for flag in exceeded:
        messages.warning(request, flag_text(flag) + ".")


def _kinds() -> list[tuple[str, str]]:
    return [(kind, words.word("place", kind)) for kind in
            ("storage", "line", "staging", "quarantine", "packing", "dock")]  # fmt: skip


@permit("view_stock")
@require_safe
def space_used(request: StaffRequest) -> HttpResponse:
    """Show the space used over the last weeks, and each line-side area against its limit."""
    kind, zone = request.GET.get("kind", "")[:12], request.GET.get("zone", "")[:24]
    told = room.space_over_time(request.site.id, timezone.now(), weeks=8, kind=kind, zone=zone)
    table = Table(
        (Column(_("At")), Column(_("Pallet places used"), True), Column(_("Floor space used"), True),
         Column(_("Freed since the first"), True), Column(_("Cost a month"), True)),
        [
            [cell(moment(one.at, request.zone)), cell(one.used_places), cell(quantity(one.used_m2, "MTK")),
             cell(quantity(one.freed_m2, "MTK"), plain=f"{one.freed_m2:f}"), cell(amount(one.cost_minor, "EUR"))]
            for one in told
        ],
    )  # fmt: skip
    if request.GET.get("file"):
        return download(table, "space")
    lines = [
        {"space": one, "used": quantity(one.used_m2, "MTK"), "limit": quantity(one.area_m2, "MTK"),
         "over": bool(one.area_m2) and one.used_m2 > one.area_m2,
         "percent": min(int(100 * one.used_m2 / one.area_m2), 100) if one.area_m2 else 0}
        for one in room.spaces(request.site.id, "line", zone)
    ]  # fmt: skip
    context = {
        "table": table, "lines": lines, "kind": kind, "zone": zone, "zones": room.zones(request.site.id),
        "kinds": _kinds(), "here": "space",
    }  # fmt: skip
    return pages.page(request, "keeping/space.html", context)


@permit("view_stock")
@require_safe
def place(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one place."""
    return place_page(request, public_id)


def place_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one place; after a refusal with what was typed."""
    found = room.space(request.site.id, public_id)
    context: dict[str, Any] = {
        "place": found, "kinds": _kinds(), "flags": [flag_text(flag) for flag in found.over],
        "used": quantity(found.used_m2, "MTK"), "free": quantity(found.free_m2, "MTK"),
        "value": amount(found.value_minor, found.currency), "cost": amount(found.used_cost_minor, found.currency),
        "cost_typed": f"{Decimal(found.cost_minor).scaleb(-2):f}",
        "risk_typed": f"{Decimal(found.risk_limit_minor).scaleb(-2):f}",
        "history": history([("location", found.id)], request.zone, limit=20),
    }  # fmt: skip
    return pages.page(request, "keeping/place.html", context, refusal=refusal)


@permit("change_location")
@require_POST
def change(request: StaffRequest, public_id: str) -> HttpResponse:
    """Change what is said of a place."""
    try:
        found = room.space(request.site.id, public_id)
        facts = LocationFacts(
            kind=request.POST.get("kind", found.kind), name=typed_text(request, "name", longest=80),
            zone=typed_text(request, "zone", longest=24), pick_sequence=whole(request, "pick_sequence"),
            pallet_places=whole(request, "pallet_places"),
            area_m2=typed_quantity(request.POST.get("area_m2", "") or "0", "area_m2"),
            cost_minor=money_typed(request, "cost"), risk_limit_minor=money_typed(request, "risk"),
            currency=found.currency,
        )  # fmt: skip
        change_location(location_id=found.id, facts=facts, **doing(request, "change_location"))
    except Refusal as refusal:
        return place_page(request, public_id, refusal)
    messages.success(request, _("Saved."))
    return redirect("place", public_id=public_id)


def whole(request: StaffRequest, name: str) -> int:
    """Read a whole number; an empty field is 0.

    Raises:
        Invalid: it is none.
    """
    text = request.POST.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid([Problem(name, _("Write a whole number, such as 12."))])
    return int(text)


def money_typed(request: StaffRequest, name: str, currency: str = "EUR") -> int:
    """Read an amount of money in minor units; an empty field is 0.

    Raises:
        Invalid: it is none, or has too many decimals.
    """
    value = typed_quantity(request.POST.get(name, "") or "0", name)
    try:
        return to_minor(value, currency)
    except NotAQuantity:
        raise Invalid([Problem(name, _("Write an amount with at most two decimals, such as 12.50."))]) from None
