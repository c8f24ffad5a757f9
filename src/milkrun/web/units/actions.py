"""What a person does with a handling unit: fill it, split it, merge it, carry it, set it apart."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.kernel.errors import Invalid, NotFound, Problem, Refusal
from milkrun.parts import queries as parts
from milkrun.stock import queries as stock
from milkrun.stock.commands.accept_handling_unit import accept_handling_unit
from milkrun.stock.commands.create_handling_unit import create_handling_unit
from milkrun.stock.commands.merge_handling_units import merge_handling_units
from milkrun.stock.commands.move_handling_unit import move_handling_unit
from milkrun.stock.commands.nest_handling_unit import nest_handling_unit
from milkrun.stock.commands.pack_handling_unit import pack_handling_unit
from milkrun.stock.commands.reject_handling_unit import reject_handling_unit
from milkrun.stock.commands.split_handling_unit import Share, split_handling_unit
from milkrun.stock.queries import units as unit_queries
from milkrun.stock.queries.records import lot_id
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_quantity, typed_text
from milkrun.web.units.views import unit_page, units_page


@permit("create_handling_unit")
@require_POST
def create(request: StaffRequest) -> HttpResponse:
    """Make a unit, on its own or inside a scanned one."""
    try:
        into = request.POST.get("into", "").strip()
        outer = unit_queries.unit_by_scan(request.site.id, into).id if into else None
        made = create_handling_unit(
            site_id=request.site.id, location_id=_location(request, "location"), kind=request.POST.get("kind", ""),
            into_id=outer, **doing(request, "create_handling_unit"),
        )  # fmt: skip
    except Refusal as refusal:
        return units_page(request, refusal)
    messages.success(request, _("Made: %s. Pack it and print its label.") % made.sscc)
    return redirect("handling_unit", public_id=made.public_id)


def _act(request: StaffRequest, public_id: str, deed: Callable[[int, int], str]) -> HttpResponse:
    """Do something with a unit and come back to its page, with a sentence either way."""
    try:
        found = stock.handling_unit(request.site.id, public_id, request.zone)
        sentence = deed(request.site.id, found.id)
    except NotFound as refusal:
        if "public_id" in refusal.facts:
            raise
        return unit_page(request, public_id, refusal)
    except Refusal as refusal:
        return unit_page(request, public_id, refusal)
    messages.success(request, sentence)
    return redirect("handling_unit", public_id=public_id)


@permit("pack_handling_unit")
@require_POST
def pack(request: StaffRequest, public_id: str) -> HttpResponse:
    """Put a scanned part in, or take one out."""

    def deed(site_id: int, hu_id: int) -> str:
        out = request.POST.get("way") == "out"
        number = typed_text(request, "scan", _("Scan or type a part number."), longest=80)
        part = _part(number)
        pack_handling_unit(
            site_id=site_id, hu_id=hu_id, part_id=part.id, qty=typed_quantity(request.POST.get("qty", ""), "qty"),
            location_id=_location(request, "location"),
            lot_id=lot_id(part.id, typed_text(request, "lot_no", longest=40)), take_out=out,
            **doing(request, "pack_handling_unit"),
        )  # fmt: skip
        request.session["loose_goods_at"] = request.POST["location"]
        return str((_("Right. %s is out.") if out else _("Right. %s is in.")) % part.number)

    return _act(request, public_id, deed)


@permit("split_handling_unit")
@require_POST
def split(request: StaffRequest, public_id: str) -> HttpResponse:
    """Take the typed quantities into a new unit."""

    def deed(site_id: int, hu_id: int) -> str:
        rows = unit_queries.contents(site_id, hu_id)
        shares = tuple(
            Share(row.part_id, typed_quantity(text, "qty"), row.lot_id)
            for number, row in enumerate(rows)
            if (text := request.POST.get(f"share{number}", "").strip())
        )
        done = split_handling_unit(site_id=site_id, hu_id=hu_id, shares=shares, **doing(request, "split_handling_unit"))
        return _("Split. The new unit is %s: print its label.") % done.sscc

    return _act(request, public_id, deed)


@permit("merge_handling_units")
@require_POST
def merge(request: StaffRequest, public_id: str) -> HttpResponse:
    """Empty the scanned unit into this one."""

    def deed(site_id: int, hu_id: int) -> str:
        other = unit_queries.unit_by_scan(site_id, _scanned(request))
        done = merge_handling_units(
            site_id=site_id, into_id=hu_id, hu_ids=(other.id,), **doing(request, "merge_handling_units")
        )
        return _("%s is empty now and never used again.") % ", ".join(done.emptied)

    return _act(request, public_id, deed)


@permit("nest_handling_unit")
@require_POST
def nest(request: StaffRequest, public_id: str) -> HttpResponse:
    """Put this unit into the scanned one, or take it out."""

    def deed(site_id: int, hu_id: int) -> str:
        out = request.POST.get("way") == "out"
        into = None if out else unit_queries.unit_by_scan(site_id, _scanned(request)).id
        nest_handling_unit(site_id=site_id, hu_id=hu_id, into_id=into, **doing(request, "nest_handling_unit"))
        return _("It stands on its own now.") if out else _("It stands in the other unit now.")

    return _act(request, public_id, deed)


@permit("move_handling_unit")
@require_POST
def move(request: StaffRequest, public_id: str) -> HttpResponse:
    """Carry the unit to another place."""

    def deed(site_id: int, hu_id: int) -> str:
        done = move_handling_unit(
            site_id=site_id, hu_id=hu_id, to_location_id=_location(request, "location"),
            reason=typed_text(request, "reason"), **doing(request, "move_handling_unit"),
        )  # fmt: skip
        if done.units == 1:
            return _("Moved.")
        return ngettext("Moved, with %(n)d unit in all.", "Moved, with %(n)d units in all.", done.units) % {
            "n": done.units
        }

    return _act(request, public_id, deed)


@permit("reject_handling_unit")
@require_POST
def reject(request: StaffRequest, public_id: str) -> HttpResponse:
    """Set the unit apart."""

    def deed(site_id: int, hu_id: int) -> str:
        done = reject_handling_unit(
            site_id=site_id, hu_id=hu_id, reason=typed_text(request, "reason", _("Say what is wrong with it.")),
            **doing(request, "reject_handling_unit"),
        )  # fmt: skip
        return _("Rejected. It stands at %s until somebody accepts it.") % done.location

    return _act(request, public_id, deed)


@permit("accept_handling_unit")
@require_POST
def accept(request: StaffRequest, public_id: str) -> HttpResponse:
    """Let the unit be used again."""

    def deed(site_id: int, hu_id: int) -> str:
        accept_handling_unit(
            site_id=site_id, hu_id=hu_id, reason=typed_text(request, "reason", _("Say why it may be used again.")),
            **doing(request, "accept_handling_unit"),
        )  # fmt: skip
        return _("Accepted: it may be used again.")

    return _act(request, public_id, deed)


def _scanned(request: StaffRequest) -> str:
    return typed_text(request, "scan", _("Scan the label (SSCC) of the other unit."), longest=40)


def _part(number: str) -> Any:
    hits = [hit for hit in parts.find(number) if hit.exact]
    if len(hits) != 1:
        raise Invalid([Problem("scan", _("“%s” is no part number that is known here.") % number[:40])])
    return parts.part(hits[0].public_id)


def _location(request: StaffRequest, field: str) -> int:
    code = request.POST.get(field, "")
    for location in stock.locations(request.site.id):
        if location.code == code:
            return location.id
    raise NotFound(_("There is no location “%s” at this site. Choose one from the list.") % code[:24], location=code)
