"""What shipping does with a delivery: pick, post the goods issue, take it back, cancel."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.demand import queries as demand
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.measure.gs1 import read_sscc
from milkrun.partners import queries as partners
from milkrun.shipping import queries as shipping
from milkrun.shipping.commands.add_to_delivery import add_to_delivery
from milkrun.shipping.commands.cancel_delivery import cancel_delivery
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.remove_from_delivery import remove_from_delivery
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.shipping.commands.set_shipping_rule import set_shipping_rule
from milkrun.shipping.commands.split_delivery import split_delivery
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.deliveries.views import delivery_page, rules_page


def _id(request: StaffRequest, public_id: str) -> int:
    return shipping.delivery_id(request.site.id, public_id)


@permit("pick_delivery")
@require_POST
def pick(request: StaffRequest, public_id: str) -> HttpResponse:
    """Pick one scanned handling unit, or with `all` everything that is open."""
    try:
        sscc = None if "all" in request.POST else _scanned(request)
        done = pick_delivery(delivery_id=_id(request, public_id), sscc=sscc, **doing(request, "pick_delivery"))
    except Refusal as refusal:
        return delivery_page(request, public_id, refusal)
    if done.open:
        text = ngettext("Picked. %d handling unit left.", "Picked. %d handling units left.", len(done.open))
        messages.success(request, text % len(done.open))
    else:
        messages.success(request, _("Everything is picked. The goods issue can be posted."))
    return redirect("delivery", public_id=public_id)


def _scanned(request: StaffRequest) -> str:
    text = typed_text(request, "sscc", _("Scan the label of a handling unit, or press “Pick all”."), longest=40)
    return read_sscc(text)


@permit("post_goods_issue")
@require_POST
def issue(request: StaffRequest, public_id: str) -> HttpResponse:
    """Post the goods issue; the notice to the customer leaves with it."""
    try:
        done = post_goods_issue(delivery_id=_id(request, public_id), **doing(request, "post_goods_issue"))
    except Refusal as refusal:
        return delivery_page(request, public_id, refusal)
    if done.notice_number:
        messages.success(request, _("Goods issue posted. ASN %s is on its way.") % done.notice_number)
    else:
        messages.success(request, _("Goods issue posted. This customer takes no ASN."))
    for warning in done.warnings:
        messages.warning(request, warning)
    return redirect("delivery", public_id=public_id)


@permit("reverse_goods_issue")
@require_POST
def reverse_issue(request: StaffRequest, public_id: str) -> HttpResponse:
    """Take a goods issue back; the customer is told that the notice no longer counts."""
    try:
        reason = typed_text(request, "reason", _("Say why: the reason stands in the history."))
        reverse_goods_issue(delivery_id=_id(request, public_id), reason=reason, **doing(request, "reverse_goods_issue"))
    except Refusal as refusal:
        return delivery_page(request, public_id, refusal)
    messages.success(request, _("The goods issue was taken back. The goods stand in stock again."))
    return redirect("delivery", public_id=public_id)


@permit("cancel_delivery")
@require_POST
def cancel(request: StaffRequest, public_id: str) -> HttpResponse:
    """Cancel a delivery that has not left; its calls are packed again."""
    try:
        reason = typed_text(request, "reason", _("Say why: the reason stands in the history."))
        cancel_delivery(delivery_id=_id(request, public_id), reason=reason, **doing(request, "cancel_delivery"))
    except Refusal as refusal:
        return delivery_page(request, public_id, refusal)
    messages.success(request, _("The delivery was cancelled. Its calls stand as packed."))
    return redirect("delivery", public_id=public_id)


@permit("split_delivery")
@require_POST
def split(request: StaffRequest, public_id: str) -> HttpResponse:
    """Put the chosen handling units on a delivery of their own."""
    try:
        done = split_delivery(
            delivery_id=_id(request, public_id), handling_units=_units(request), **doing(request, "split_delivery")
        )
    except Refusal as refusal:
        return delivery_page(request, public_id, refusal)
    text = ngettext("%(n)d handling unit is on delivery %(number)s now.",
                    "%(n)d handling units are on delivery %(number)s now.", len(done.handling_units))  # fmt: skip
    messages.success(request, text % {"n": len(done.handling_units), "number": done.number})
    return redirect("delivery", public_id=done.public_id)


@permit("remove_from_delivery")
@require_POST
def remove(request: StaffRequest, public_id: str) -> HttpResponse:
    """Take the chosen handling units off; their calls are packed again."""
    try:
        reason = typed_text(request, "reason", _("Say why: the reason stands in the history."))
        done = remove_from_delivery(
            delivery_id=_id(request, public_id), handling_units=_units(request), reason=reason,
            **doing(request, "remove_from_delivery"),
        )  # fmt: skip
    except Refusal as refusal:
        return delivery_page(request, public_id, refusal)
    count = len(done.handling_units)
    text = ngettext("%d handling unit was taken off. Its calls stand as packed.",
                    "%d handling units were taken off. Their calls stand as packed.", count)  # fmt: skip
    messages.success(request, text % count)
    return redirect("delivery", public_id=public_id)


def _units(request: StaffRequest) -> tuple[str, ...]:
    return tuple(text[:40] for text in request.POST.getlist("unit"))


@permit("add_to_delivery")
@require_POST
def add(request: StaffRequest, public_id: str) -> HttpResponse:
    """Put the chosen packed calls on this delivery too."""
    try:
        calls = demand.call_ids(request.site.id, request.POST.getlist("call"))
        done = add_to_delivery(delivery_id=_id(request, public_id), call_ids=calls, **doing(request, "add_to_delivery"))
    except Refusal as refusal:
        return delivery_page(request, public_id, refusal)
    for warning in done.warnings:
        messages.warning(request, warning)
    text = ngettext("%d handling unit leaves with this delivery too.",
                    "%d handling units leave with this delivery too.", len(done.handling_units))  # fmt: skip
    messages.success(request, text % len(done.handling_units))
    return redirect("delivery", public_id=public_id)


@permit("set_shipping_rule")
@require_POST
def set_rule(request: StaffRequest) -> HttpResponse:
    """Set how a customer's deliveries are announced, and how long a truck is on its way."""
    try:
        customer = partners.partner_by_code(request.POST.get("customer", ""))
        if customer is None:
            raise Invalid([Problem("customer", _("Choose the customer."))])
        minutes = request.POST.get("transit_minutes", "").strip() or "0"
        if not (minutes.isascii() and minutes.isdecimal() and len(minutes) < 8):
            raise Invalid([Problem("transit_minutes", _("Give the minutes as a whole number."))])
        set_shipping_rule(
            partner_id=customer.id, asn_by_hand=request.POST.get("asn") == "hand", transit_minutes=int(minutes),
            **doing(request, "set_shipping_rule"),
        )  # fmt: skip
    except Refusal as refusal:
        return rules_page(request, refusal)
    messages.success(request, _("The rule for %s was saved.") % customer.code)
    return redirect("shipping_rules")
