"""What a customer sees: its items, calls, deliveries and invoices; every read takes the partner of whoever asks."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from milkrun.billing import queries as billing
from milkrun.billing.queries.own import own_invoice_key, own_invoices
from milkrun.demand.queries.own import own_call, own_calls, own_items
from milkrun.kernel.paging import Page
from milkrun.kernel.spoken import paper_word
from milkrun.labels.documents import in_words, write_paper
from milkrun.labels.documents_billing import invoice_paper
from milkrun.partners import queries as partners
from milkrun.partners.queries.plants import plants
from milkrun.shipping.queries.own import own_deliveries, own_deliveries_of_call, own_delivery
from milkrun.web import pages
from milkrun.web.access import PortalRequest, portal
from milkrun.web.papers import pdf_answer

LONGEST = 80


@portal("portal_items")
@require_safe
def items(request: PortalRequest) -> HttpResponse:
    """List what the customer can call, with what is ready."""
    text = request.GET.get("q", "")[:LONGEST]
    page = own_items(request.visitor.partner.id, timezone.now().date(), text, request.GET.get("after", ""))
    return pages.page(request, "portal/items.html", {"text": text, **_paged(page, "portal", q=text)})


@portal("portal_calls")
@require_safe
def calls(request: PortalRequest) -> HttpResponse:
    """List the customer's calls, open ones unless all are asked for."""
    text, every = request.GET.get("q", "")[:LONGEST], request.GET.get("all") == "1"
    page = own_calls(request.visitor.partner.id, not every, text, request.GET.get("after", ""))
    context = {"text": text, "every": every, **_paged(page, "portal_calls", q=text, all="1" if every else "")}
    return pages.page(request, "portal/calls.html", context)


@portal("portal_calls")
@require_safe
def call(request: PortalRequest, public_id: str) -> HttpResponse:
    """Show one of the customer's calls."""
    found = own_call(request.visitor.partner.id, public_id)
    context = {
        "call": found.row,
        "found": found,
        "deliveries": own_deliveries_of_call(request.visitor.partner.id, found.id),
    }
    return pages.page(request, "portal/call.html", context)


@portal("portal_deliveries")
@require_safe
def deliveries(request: PortalRequest) -> HttpResponse:
    """List the deliveries to the customer."""
    page = own_deliveries(request.visitor.partner.id, request.GET.get("after", ""))
    return pages.page(request, "portal/deliveries.html", _paged(page, "portal_deliveries"))


@portal("portal_deliveries")
@require_safe
def delivery(request: PortalRequest, public_id: str) -> HttpResponse:
    """Show one delivery to the customer."""
    found = own_delivery(request.visitor.partner.id, public_id)
    return pages.page(request, "portal/delivery.html", {"delivery": found.row, "lines": found.lines})


@portal("portal_invoices")
@require_safe
def invoices(request: PortalRequest) -> HttpResponse:
    """List the invoices to the customer."""
    page = own_invoices(request.visitor.partner.id, request.GET.get("after", ""))
    return pages.page(request, "portal/invoices.html", _paged(page, "portal_invoices"))


@portal("portal_invoices")
@require_safe
def invoice_pdf(request: PortalRequest, public_id: str) -> HttpResponse:
    """Download an invoice to the customer as PDF, made of what it said when it was issued."""
    snapshot = billing.snapshot_of(own_invoice_key(request.visitor.partner.id, public_id))
    with partners.writing_to(request.visitor.partner.id):
        paper = in_words(invoice_paper(snapshot["document"], snapshot["parties"]), paper_word)
    return pdf_answer(f"{paper.number}.pdf", write_paper(paper))


@portal("portal_help")
@require_safe
def guide(request: PortalRequest) -> HttpResponse:
    """Explain the portal on one page."""
    context = {"whom": settings.MILKRUN_SUPPORT, "plants": plants(request.visitor.partner.id)}
    return pages.page(request, "portal/help.html", context)


def _paged(page: Page[Any], name: str, **kept: str) -> dict[str, object]:
    query = {key: value for key, value in kept.items() if value}
    first = reverse(name) + (f"?{urlencode(query)}" if query else "")
    return {
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "next_url": f"{reverse(name)}?{urlencode(query | {'after': page.next_cursor})}",
        "first_url": first,
    }
