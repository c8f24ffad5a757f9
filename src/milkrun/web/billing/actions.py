"""Billing a delivery or all that is due; credit notes, cancelled bills, customers' rules."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.billing import queries as billing
from milkrun.billing.commands.cancel_invoice import cancel_invoice
from milkrun.billing.commands.issue_credit_note import issue_credit_note
from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.billing.commands.issue_invoices import issue_invoices
from milkrun.billing.commands.set_billing_rule import BillingAddress, set_billing_rule
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.partners import queries as partners
from milkrun.shipping import queries as shipping
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.billing.views import invoice_page, rules_page, to_bill_page


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


@permit("issue_invoices")
@require_POST
def bill_due(request: StaffRequest) -> HttpResponse:
    """Bill everything that is due by the customers' rules."""
    try:
        done = issue_invoices(site_id=request.site.id, **doing(request, "issue_invoices"))
    except Refusal as refusal:
        return to_bill_page(request, refusal)
    for left in done.left_out:
        messages.warning(request, f"{left.partner} {', '.join(left.deliveries)}: {left.reason}")
    if done.not_due:
        text = ngettext("%d delivery waits for its day or week to end.",
                        "%d deliveries wait for their day or week to end.", done.not_due)  # fmt: skip
        messages.info(request, text % done.not_due)
    text = ngettext("%d invoice was issued.", "%d invoices were issued.", len(done.numbers))
    messages.success(request, text % len(done.numbers))
    return redirect("invoices" if done.numbers else "billing")


@permit("issue_credit_note")
@require_POST
def credit(request: StaffRequest, public_id: str) -> HttpResponse:
    """Credit the chosen lines of an invoice."""
    try:
        lines = tuple(int(text) for text in request.POST.getlist("line") if text.isascii() and text.isdecimal()
                      and len(text) < 7)  # fmt: skip
        done = issue_credit_note(
            invoice_id=billing.invoice_id(request.site.id, public_id), lines=lines, reason=_why(request),
            **doing(request, "issue_credit_note"),
        )  # fmt: skip
    except Refusal as refusal:
        return invoice_page(request, public_id, refusal)
    calls = len(done.reopened_call_ids)
    text = ngettext("Credit note %(number)s. %(n)d call is open for billing again.",
                    "Credit note %(number)s. %(n)d calls are open for billing again.", calls)  # fmt: skip
    messages.success(request, text % {"number": done.number, "n": calls})
    return redirect("invoice", public_id=done.public_id)


@permit("cancel_invoice")
@require_POST
def cancel(request: StaffRequest, public_id: str) -> HttpResponse:
    """Cancel a bill by a credit note over all of it."""
    try:
        done = cancel_invoice(
            invoice_id=billing.invoice_id(request.site.id, public_id), reason=_why(request),
            **doing(request, "cancel_invoice"),
        )  # fmt: skip
    except Refusal as refusal:
        return invoice_page(request, public_id, refusal)
    calls = len(done.reopened_call_ids)
    text = ngettext("Cancelled by credit note %(number)s. %(n)d call is open for billing again.",
                    "Cancelled by credit note %(number)s. %(n)d calls are open for billing again.", calls)  # fmt: skip
    messages.success(request, text % {"number": done.number, "n": calls})
    return redirect("invoice", public_id=public_id)


def _why(request: StaffRequest) -> str:
    return typed_text(request, "reason", _("Say why: the reason stands in the history."))


@permit("set_billing_rule")
@require_POST
def set_rule(request: StaffRequest) -> HttpResponse:
    """Set how a customer is billed."""
    try:
        customer = partners.partner_by_code(request.POST.get("customer", ""))
        if customer is None:
            raise Invalid([Problem("customer", _("Choose the customer."))])
        days = request.POST.get("terms_days", "").strip()
        if not (days.isascii() and days.isdecimal() and len(days) < 4):
            raise Invalid([Problem("terms_days", _("Give the days as a whole number."))])
        set_billing_rule(
            partner_id=customer.id,
            grouping=request.POST.get("grouping", ""),
            channel=request.POST.get("channel", ""),
            terms_days=int(days),
            address=BillingAddress(
                typed_text(request, "street", longest=120), typed_text(request, "postal_code", longest=12),
                typed_text(request, "city", longest=80), typed_text(request, "country", longest=2),
            ),
            **doing(request, "set_billing_rule"),
        )  # fmt: skip
    except Refusal as refusal:
        return rules_page(request, refusal)
    messages.success(request, _("The rule for %s was saved.") % customer.code)
    return redirect("billing_rules")
