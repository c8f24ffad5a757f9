"""What shipping does with a delivery: pick, post the goods issue, take it back, cancel."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.kernel.errors import Refusal
from milkrun.shipping import queries as shipping
from milkrun.shipping.commands.cancel_delivery import cancel_delivery
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.deliveries.views import delivery_page


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
    digits = "".join(text.split()).replace("(00)", "")
    return digits[2:] if len(digits) == 20 and digits.startswith("00") else digits


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
