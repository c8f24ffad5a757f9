"""What a person does with a lot or an item: block, release, write off, set cost, life and how it is kept."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from milkrun.kernel.errors import Invalid, NotFound, Problem, Refusal
from milkrun.measure.wording import amount
from milkrun.parts import queries as parts
from milkrun.parts.commands.set_life_cycle import set_life_cycle
from milkrun.parts.commands.set_standard_cost import set_standard_cost
from milkrun.stock import queries as stock
from milkrun.stock.commands.block_lot import block_lot
from milkrun.stock.commands.release_lot import release_lot
from milkrun.stock.commands.set_storage_rule import set_storage_rule
from milkrun.stock.commands.write_off import write_off
from milkrun.stock.queries import lots
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, done_before, typed_quantity, typed_text
from milkrun.web.keeping.places import money_typed, whole
from milkrun.web.stock.views import item_page


@permit("block_lot")
@require_POST
def block(request: StaffRequest, public_id: str) -> HttpResponse:
    """Keep a lot back."""
    lot = lots.lot(public_id)
    try:
        done = block_lot(lot_id=lot.id, reason=typed_text(request, "reason"), **doing(request, "block_lot"))
    except Refusal as refusal:
        return item_page(request, lot.part_public_id, refusal)
    messages.success(request, _("Lot %s is blocked.") % lot.number)
    if done.promised:
        text = _("Goods of it are promised already, in %d places: they are not packed or issued until it is released.")
        messages.warning(request, text % len(done.promised))
    return redirect("item", public_id=lot.part_public_id)


@permit("release_lot")
@require_POST
def release(request: StaffRequest, public_id: str) -> HttpResponse:
    """Set a lot free."""
    lot = lots.lot(public_id)
    try:
        release_lot(lot_id=lot.id, reason=typed_text(request, "reason"), **doing(request, "release_lot"))
    except Refusal as refusal:
        return item_page(request, lot.part_public_id, refusal)
    messages.success(request, _("Lot %s is free.") % lot.number)
    return redirect("item", public_id=lot.part_public_id)


@permit("write_off")
@require_POST
def scrap(request: StaffRequest, public_id: str) -> HttpResponse:
    """Write goods off by cause."""
    try:
        if done_before(request, "write_off"):
            messages.success(request, _("This was written off already."))
            return redirect("item", public_id=public_id)
        part = parts.part(public_id)
        place = stock.balance(request.site.id, number(request, "balance", _("Choose where the goods stand.")))
        done = write_off(
            site_id=request.site.id, part_id=part.id, location_id=place.location_id, lot_id=place.lot_id,
            qty=typed_quantity(request.POST.get("qty", ""), "qty"), cause=request.POST.get("cause", ""),
            reason=typed_text(request, "reason"), **doing(request, "write_off"),
        )  # fmt: skip
    except Refusal as refusal:
        return item_page(request, public_id, refusal)
    worth = "" if done.value_minor is None else amount(done.value_minor, done.currency)
    messages.success(request, _("Written off. Value: %s.") % (worth or _("not known, the item has no standard cost")))
    return redirect("item", public_id=public_id)


@permit("set_standard_cost")
@require_POST
def cost(request: StaffRequest, public_id: str) -> HttpResponse:
    """Set the standard cost of an item."""
    try:
        part = parts.part(public_id)
        currency = request.POST.get("currency", "EUR")
        set_standard_cost(
            part_id=part.id, cost_minor=money_typed(request, "cost", currency), basis=whole(request, "basis") or 1,
            currency=currency, **doing(request, "set_standard_cost"),
        )  # fmt: skip
    except Refusal as refusal:
        return item_page(request, public_id, refusal)
    messages.success(request, _("Saved."))
    return redirect("item", public_id=public_id)


@permit("set_life_cycle")
@require_POST
def life(request: StaffRequest, public_id: str) -> HttpResponse:
    """Set stage, end and successor of an item."""
    try:
        part = parts.part(public_id)
        wanted = typed_text(request, "successor", longest=40)
        successor = next((hit for hit in parts.find(wanted) if hit.exact), None) if wanted else None
        if wanted and successor is None:
            raise NotFound(_("There is no item “%s”. Write its number.") % wanted)
        set_life_cycle(
            part_id=part.id, stage=request.POST.get("stage", ""), obsolete_on=typed_day(request, "obsolete_on"),
            successor_id=parts.part(successor.public_id).id if successor else None,
            shelf_life_days=whole(request, "shelf_life_days") or None, **doing(request, "set_life_cycle"),
        )  # fmt: skip
    except Refusal as refusal:
        return item_page(request, public_id, refusal)
    messages.success(request, _("Saved."))
    return redirect("item", public_id=public_id)


@permit("set_storage_rule")
@require_POST
def rule(request: StaffRequest, public_id: str) -> HttpResponse:
    """Set how an item is kept at this site."""
    try:
        part = parts.part(public_id)
        code = request.POST.get("fixed_location", "")
        fixed = next((row.id for row in stock.locations(request.site.id) if row.code == code), None) if code else None
        typed = request.POST.get("per_place", "").strip()
        set_storage_rule(
            site_id=request.site.id, part_id=part.id, fixed_location_id=fixed,
            inspect=request.POST.get("inspect") == "1",
            per_place=typed_quantity(typed, "per_place") if typed else None,
            dwell_limit_days=whole(request, "dwell_limit_days") or None, **doing(request, "set_storage_rule"),
        )  # fmt: skip
    except Refusal as refusal:
        return item_page(request, public_id, refusal)
    messages.success(request, _("Saved."))
    return redirect("item", public_id=public_id)


def typed_day(request: StaffRequest, name: str) -> date | None:
    """Read a day as browsers send it (2026-11-22); None for an empty field.

    Raises:
        Invalid: it is no day.
    """
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid([Problem(name, _("Write the day as 2026-11-22."))]) from None


def number(request: StaffRequest, field: str, missing: str) -> int:
    """Read the key of a row that a form names.

    Raises:
        Invalid: it is none.
    """
    text = request.POST.get(field, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid([Problem(field, missing)])
    return int(text)
