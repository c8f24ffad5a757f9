"""Invoices as other systems read them: plain values, public ids, nothing worded for people."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.billing.models import Invoice, InvoiceLine
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.money import from_minor


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """An invoice or credit note without its lines; amounts in units of the currency.

    `delivery_id` is empty where it bills several deliveries; each line names its own.
    """

    id: str
    number: str
    partner: str
    kind: str
    state: str
    credits: str
    delivery_id: str
    delivery_number: str
    issued_on: date
    issued_at: datetime
    currency: str
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class InvoiceLineRecord:
    """A line: `amount` is what `qty` costs at `price` for each `price_basis` base units."""

    line_no: int
    part_id: str
    part: str
    customer_part_no: str
    order_no: str
    qty: Decimal
    unit: str
    price: Decimal
    price_basis: int
    amount: Decimal
    delivery_number: str
    call_number: str
    credited: bool


@dataclass(frozen=True, slots=True)
class InvoiceDetail:
    """An invoice with its lines."""

    invoice: InvoiceRecord
    lines: tuple[InvoiceLineRecord, ...]


def invoice_records(site_id: int, after: str = "", limit: int = 50) -> Page[InvoiceRecord]:
    """List the invoices of a site, newest first."""
    rows = (
        Invoice.objects.filter(site_id=site_id)
        .select_related("partner", "delivery", "credits")
        .order_by("-issued_at", "-id")
    )
    start = position(after, datetime, int)
    if start:
        rows = rows.filter(issued_at__lte=start[0]).exclude(issued_at=start[0], id__gte=start[1])
    found = list(rows[: limit + 1])
    last = cursor(found[:limit][-1].issued_at, found[:limit][-1].id) if found else ""
    return page_of([_invoice(row) for row in found], limit, last)


def invoice_record(site_id: int, public_id: str) -> InvoiceDetail:
    """Read one invoice.

    Raises:
        NotFound: there is none at this site.
    """
    rows = Invoice.objects.filter(site_id=site_id, public_id=public_id)
    row = rows.select_related("partner", "delivery", "credits").first()
    if row is None:
        raise NotFound(_("This invoice does not exist at this site."), invoice_id=public_id)
    lines = InvoiceLine.objects.filter(invoice=row).select_related(
        "part", "delivery_line__component__group__call", "delivery_line__delivery", "agreement"
    )
    return InvoiceDetail(_invoice(row), tuple(_line(line, row.currency) for line in lines.order_by("line_no")))


def _invoice(row: Invoice) -> InvoiceRecord:
    return InvoiceRecord(
        row.public_id, row.number, row.partner.code, row.kind, row.state, row.credits.number if row.credits else "",
        row.delivery.public_id if row.delivery else "", row.delivery.number if row.delivery else "", row.issued_on,
        row.issued_at, row.currency, from_minor(row.net_amount, row.currency), from_minor(row.tax_amount, row.currency),
        from_minor(row.gross_amount, row.currency),
    )  # fmt: skip


def _line(row: InvoiceLine, currency: str) -> InvoiceLineRecord:
    return InvoiceLineRecord(
        row.line_no, row.part.public_id, row.part.number, row.delivery_line.component.customer_part_no,
        row.agreement.order_no, row.qty, row.part.base_unit, from_minor(row.price_minor, currency), row.price_basis,
        from_minor(row.amount, currency), row.delivery_line.delivery.number,
        row.delivery_line.component.group.call.external_no, not row.live and row.credits_id is None,
    )  # fmt: skip
