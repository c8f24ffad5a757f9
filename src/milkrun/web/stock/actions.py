"""Stock postings that a person makes by hand: receive, move, take one of those back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from milkrun.kernel.errors import Invalid, NotFound, Problem, Refusal
from milkrun.parts import queries as parts
from milkrun.stock import queries as stock
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.commands.reverse_posting import reverse_posting
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, done_before, typed_quantity, typed_text
from milkrun.web.stock.views import item_page


@permit("receive_stock")
@require_POST
def receive(request: StaffRequest, public_id: str) -> HttpResponse:
    """Receive a quantity into a location."""
    try:
        part = parts.part(public_id)
        receive_stock(
            site_id=request.site.id, part_id=part.id, location_id=_location(request, "location"),
            qty=typed_quantity(request.POST.get("qty", ""), "qty"), unit=request.POST.get("unit", ""),
            lot_no=typed_text(request, "lot_no", longest=40), reason=typed_text(request, "reason"),
            **doing(request, "receive_stock"),
        )  # fmt: skip
    except Refusal as refusal:
        return item_page(request, public_id, refusal)
    messages.success(request, _("Received."))
    return redirect("item", public_id=public_id)


@permit("move_stock")
@require_POST
def move(request: StaffRequest, public_id: str) -> HttpResponse:
    """Move a quantity from one place to another."""
    try:
        if done_before(request, "move_stock"):
            messages.success(request, _("This was moved already."))
            return redirect("item", public_id=public_id)
        part = parts.part(public_id)
        place = stock.balance(request.site.id, _number(request, "balance", _("Choose where the goods stand.")))
        move_stock(
            site_id=request.site.id, part_id=part.id, from_location_id=place.location_id,
            to_location_id=_location(request, "to_location"), qty=typed_quantity(request.POST.get("qty", ""), "qty"),
            lot_id=place.lot_id, reason=typed_text(request, "reason"),
            **doing(request, "move_stock"),
        )  # fmt: skip
    except Refusal as refusal:
        return item_page(request, public_id, refusal)
    messages.success(request, _("Moved."))
    return redirect("item", public_id=public_id)


@permit("reverse_posting")
@require_POST
def reverse_one(request: StaffRequest, public_id: str) -> HttpResponse:
    """Take back a posting that was made by hand."""
    try:
        reason = typed_text(request, "reason", _("Say why: the reason stands in the history."))
        wanted = _number(request, "posting", _("Choose the movement to take back."))
        posting_id = stock.hand_made_posting(request.site.id, wanted)
        reverse_posting(posting_id=posting_id, reason=reason, **doing(request, "reverse_posting"))
    except Refusal as refusal:
        return item_page(request, public_id, refusal)
    messages.success(request, _("Taken back by a movement in the other direction."))
    return redirect("item", public_id=public_id)


def _location(request: StaffRequest, field: str) -> int:
    code = request.POST.get(field, "")
    for location in stock.locations(request.site.id):
        if location.code == code:
            return location.id
    raise NotFound(_("There is no location “%s” at this site. Choose one from the list.") % code[:24], location=code)


def _number(request: StaffRequest, field: str, missing: str) -> int:
    text = request.POST.get(field, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid([Problem(field, missing)])
    return int(text)
