"""What was shipped and not billed, invoices, and one invoice."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.billing import queries as billing
from milkrun.exchange import queries as exchange
from milkrun.exchange.queries import telling
from milkrun.kernel.errors import NotFound, Refusal
from milkrun.kernel.spoken import paper_word
from milkrun.labels.documents import in_words, write_paper
from milkrun.labels.documents_billing import invoice_paper
from milkrun.partners import queries as partners
from milkrun.shipping import queries as shipping
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.history import history
from milkrun.web.papers import pdf_answer


@permit("view_billing")
@require_safe
def to_bill(request: StaffRequest) -> HttpResponse:
    """List deliveries that left and were not billed."""
    return to_bill_page(request)


def to_bill_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render the list of deliveries to bill."""
    page = shipping.deliveries(request.site.id, request.zone, "issued", request.GET.get("after", ""))
    context = {
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "next_url": f"{reverse('billing')}?{urlencode({'after': page.next_cursor})}",
        "first_url": reverse("billing"),
    }
    return pages.page(request, "billing/to_bill.html", context, refusal=refusal)


@permit("view_billing")
@require_safe
def invoices(request: StaffRequest) -> HttpResponse:
    """List invoices, newest first."""
    page = billing.invoices(request.site.id, request.zone, request.GET.get("after", ""))
    context = {
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'after': page.next_cursor})}",
        "first_url": reverse("invoices"),
    }
    return pages.page(request, "billing/invoices.html", context)


@permit("view_billing")
@require_safe
def invoice(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one invoice."""
    return invoice_page(request, public_id)


def invoice_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one invoice; after a refusal with what was typed."""
    found = billing.invoice(request.site.id, public_id, request.zone)
    context = {
        "invoice": found,
        "open_lines": [line for line in found.lines if not line.credited] if found.row.kind == "invoice" else [],
        "outbox": exchange.outbox_of("invoice", found.row.id, request.zone),
        "told": telling.notifications_of("invoice", found.row.id, request.zone),
        "history": history([("invoice", found.row.id)], request.zone),
    }
    return pages.page(request, "billing/invoice.html", context, refusal=refusal)


@permit("view_billing")
@require_safe
def invoice_pdf(request: StaffRequest, public_id: str) -> HttpResponse:
    """Download an invoice as PDF, made of what it said when it was issued."""
    key = billing.invoice_id(request.site.id, public_id)
    snapshot = billing.snapshot_of(key)
    if not snapshot:
        raise NotFound(_("This invoice was issued before papers were kept."))
    with partners.writing_to(billing.customer_of(key)):
        paper = in_words(invoice_paper(snapshot["document"], snapshot["parties"]), paper_word)
    return pdf_answer(f"{paper.number}.pdf", write_paper(paper))


@permit("view_billing")
@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    """List how customers are billed."""
    return rules_page(request)


def rules_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render the customers' billing rules; after a refusal with what was typed."""
    context = {
        "rows": billing.billing_rules(), "groupings": words.GROUPINGS, "channels": words.BILLING_CHANNELS,
    }  # fmt: skip
    return pages.page(request, "billing/rules.html", context, refusal=refusal)
