"""What a customer may see of its invoices, for the portal: every read is of one customer, and of nobody else."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.billing.models import Invoice
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import amount, day


@dataclass(frozen=True, slots=True)
class OwnInvoice:
    """An invoice or credit note to a customer; `has_paper` where it can be had as PDF."""

    public_id: str
    number: str
    kind: str
    state: str
    on: str
    due: str
    net: str
    tax: str
    gross: str
    delivery: str
    credits: str
    has_paper: bool


def own_invoices(partner_id: int, after: str = "", limit: int = 50) -> Page[OwnInvoice]:
    """List the invoices to a customer, the newest first."""
    rows = Invoice.objects.filter(partner=partner_id).select_related("delivery", "credits")
    start = position(after, datetime, int)
    if start:
        rows = rows.filter(issued_at__lte=start[0]).exclude(issued_at=start[0], id__gte=start[1])
    found = list(rows.order_by("-issued_at", "-id")[: limit + 1])
    last = cursor(found[:limit][-1].issued_at, found[:limit][-1].id) if found else ""
    return page_of([_invoice(row) for row in found], limit, last)


def own_invoice_key(partner_id: int, public_id: str) -> int:
    """Find an invoice to a customer that can be had as a paper.

    Raises:
        NotFound: it is none of the customer's, or was issued before papers were kept.
    """
    row = Invoice.objects.filter(partner=partner_id, public_id=public_id).first()
    if row is None or not row.snapshot:
        raise NotFound(_("This invoice is none of yours."))
    return row.pk


def _invoice(row: Invoice) -> OwnInvoice:
    return OwnInvoice(
        row.public_id, row.number, row.kind, row.state, day(row.issued_on), day(row.due_on),
        amount(row.net_amount, row.currency), amount(row.tax_amount, row.currency),
        amount(row.gross_amount, row.currency), row.delivery.number if row.delivery else "",
        row.credits.number if row.credits else "", bool(row.snapshot),
    )  # fmt: skip
