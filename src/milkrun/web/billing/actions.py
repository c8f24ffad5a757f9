"""Billing a delivery."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.kernel.errors import Refusal
from milkrun.shipping import queries as shipping
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing
from milkrun.web.billing.views import to_bill_page


@permit("issue_invoice")
@require_POST
def bill(request: StaffRequest) -> HttpResponse:
    """Bill one delivery."""
    try:
        delivery_id = shipping.delivery_id(request.site.id, request.POST.get("delivery", ""))
        done = issue_invoice(delivery_id=delivery_id, **doing(request, "issue_invoice"))
    except Refusal as refusal:
        return to_bill_page(request, refusal)
    calls = len(done.completed_call_ids)
    text = ngettext("Invoice %(number)s over %(gross)s. %(n)d call is completed.",
                    "Invoice %(number)s over %(gross)s. %(n)d calls are completed.", calls)  # fmt: skip
    gross = f"{done.gross:,f} {done.currency}"
    messages.success(request, text % {"number": done.number, "gross": gross, "n": calls})
    return redirect("invoice", public_id=done.public_id)
