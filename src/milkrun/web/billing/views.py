"""What was shipped and not billed, invoices, and one invoice."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from milkrun.billing import queries as billing
from milkrun.exchange import queries as exchange
from milkrun.kernel.errors import Refusal
from milkrun.shipping import queries as shipping
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.history import history


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
    found = billing.invoice(request.site.id, public_id, request.zone)
    context = {
        "invoice": found,
        "outbox": exchange.outbox_of("invoice", found.row.id, request.zone),
        "history": history([("invoice", found.row.id)], request.zone),
    }
    return pages.page(request, "billing/invoice.html", context)
