"""Make known what a call was not matched to, then match the call again."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.demand import queries as demand
from milkrun.demand.commands.introduce_part import introduce_part
from milkrun.demand.commands.reprocess_call import reprocess_call
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.measure.money import MINOR_DIGITS, to_minor
from milkrun.measure.quantity import NotAQuantity
from milkrun.measure.unit import UNITS
from milkrun.measure.wording import typed, untyped
from milkrun.partners import queries as partners
from milkrun.partners.commands.add_unloading_point import add_unloading_point
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text


@permit("introduce_part")
@require_safe
def part(request: StaffRequest) -> HttpResponse:
    """Show the form, filled with what the call says."""
    return _part_page(request, request.GET)


def _part_page(request: StaffRequest, given: object, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "given": given,
        "customers": partners.customers(),
        "units": sorted(UNITS.values(), key=lambda unit: unit.name),
        "currencies": sorted(MINOR_DIGITS),
        "today": timezone.now().date().isoformat(),
    }
    return pages.page(request, "masterdata/part.html", context, refusal=refusal)


@permit("introduce_part")
@require_POST
def save_part(request: StaffRequest) -> HttpResponse:
    """Make the part known, and match the call it came from again."""
    try:
        customer = partners.partner_by_code(request.POST.get("customer", ""))
        if customer is None:
            raise Invalid([Problem("customer", _("Choose the customer."))])
        currency = request.POST.get("currency", "EUR")
        done = introduce_part(
            partner_id=customer.id,
            customer_number=typed_text(request, "customer_number", _("Give the customer's number for the part."), 40),
            number=typed_text(request, "number", _("Give our number for the part."), 40),
            description=typed_text(request, "description", longest=120),
            base_unit=request.POST.get("base_unit", "PCE"),
            made_here=request.POST.get("made_here") == "yes",
            order_no=typed_text(request, "order_no", longest=35),
            price_minor=_price(request.POST.get("price", ""), currency),
            price_basis=_basis(request.POST.get("price_basis", "1")),
            currency=currency,
            valid_from=_day(request.POST.get("valid_from", "")),
            **doing(request, "introduce_part"),
        )
    except Refusal as refusal:
        return _part_page(request, request.POST, refusal)
    messages.success(request, _("Part %(number)s is known for this customer now.") % {"number": done.number})
    return _back(request, customer.id)


@permit("add_unloading_point")
@require_POST
def save_dock(request: StaffRequest) -> HttpResponse:
    """Make a dock of a customer's plant known, and match the call it came from again."""
    call = demand.call(request.site.id, request.POST.get("call", ""), request.zone)
    customer = partners.partner_by_code(call.partner)
    add_unloading_point(
        partner_id=customer.id if customer else 0,
        ship_to_code=request.POST.get("plant", ""),
        code=typed_text(request, "dock", _("Name the dock as calls write it."), 35),
        **doing(request, "add_unloading_point"),
    )
    messages.success(request, _("The dock is known now."))
    return _back(request, customer.id if customer else 0)


def _back(request: StaffRequest, partner_id: int) -> HttpResponse:
    public_id = request.POST.get("call", "")
    if not public_id:
        return redirect("items")
    (call_id,) = demand.call_ids(request.site.id, [public_id])
    try:
        still = reprocess_call(call_id=call_id, actor=request.actor, at=timezone.now()).still_unmatched
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        if still:
            messages.warning(request, _("The call still waits: %(why)s") % {"why": " ".join(still)})
        else:
            messages.success(request, _("The call is matched and can be released."))
    return redirect("call", public_id=public_id)


def _price(text: str, currency: str) -> int:
    plain = untyped(text) or ""
    try:
        if not plain.isascii() or not plain.replace(".", "", 1).isdigit():
            raise InvalidOperation
        if len(plain) > 20:
            raise InvalidOperation
        return to_minor(Decimal(plain), currency)
    except (InvalidOperation, NotAQuantity):
        problem = _("“%(text)s” is not a price in %(currency)s. Write it like %(example)s.")
        raise Invalid(
            [Problem("price", problem % {"text": text[:40], "currency": currency, "example": typed("125.50")})]
        ) from None


def _basis(text: str) -> int:
    if not text.strip().isdecimal() or not text.isascii() or not 1 <= int(text) <= 1_000_000:
        raise Invalid([Problem("price_basis", _("Say for how many units the price is: a whole number from 1."))])
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid([Problem("valid_from", _("Write the date like 2026-01-31."))]) from None
