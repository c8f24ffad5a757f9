"""Reads of billing: what was shipped and not billed, and invoices."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from milkrun.billing.models import Invoice, InvoiceLine
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Hit, Page, cursor, page_of, position
from milkrun.measure.wording import amount, day, moment, quantity


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice in a list."""

    id: int
    public_id: str
    number: str
    partner: str
    delivery: str
    delivery_public_id: str
    issued_on: str
    issued: str
    net: str
    tax: str
    gross: str


@dataclass(frozen=True, slots=True)
class InvoiceLineView:
    """A line of an invoice."""

    line_no: int
    part_number: str
    part_public_id: str
    customer_part_no: str
    order_no: str
    qty: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice with its lines."""

    row: InvoiceRow
    partner_name: str
    tax_percent: str
    lines: tuple[InvoiceLineView, ...]


def invoices(site_id: int, zone: str, after: str = "", limit: int = 50) -> Page[InvoiceRow]:
    """List the invoices of a site, newest first."""
    rows = Invoice.objects.filter(site_id=site_id).select_related("partner", "delivery").order_by("-issued_at", "-id")
    start = position(after, datetime, int)
    if start:
        rows = rows.filter(issued_at__lte=start[0]).exclude(issued_at=start[0], id__gte=start[1])
    found = list(rows[: limit + 1])
    last = cursor(found[:limit][-1].issued_at, found[:limit][-1].id) if found else ""
    return page_of([_invoice(row, zone) for row in found], limit, last)


def _invoice(row: Invoice, zone: str) -> InvoiceRow:
    return InvoiceRow(
        row.id, row.public_id, row.number, row.partner.code, row.delivery.number, row.delivery.public_id,
        day(row.issued_on), moment(row.issued_at, zone), amount(row.net_amount, row.currency),
        amount(row.tax_amount, row.currency), amount(row.gross_amount, row.currency),
    )  # fmt: skip


def invoice(site_id: int, public_id: str, zone: str) -> InvoiceView:
    """Read one invoice.

    Raises:
        NotFound: there is none at this site.
    """
    rows = Invoice.objects.select_related("partner", "delivery")
    row = rows.filter(site_id=site_id, public_id=public_id).first()
    if row is None:
        raise NotFound("This invoice does not exist at this site. Search for its number.", public_id=public_id)
    lines = InvoiceLine.objects.filter(invoice=row).select_related("part", "delivery_line__component")
    lines = lines.select_related("agreement").order_by("line_no")
    return InvoiceView(
        _invoice(row, zone), row.partner.name, f"{row.tax_basis_points / 100:g} %",
        tuple(_line(line, row.currency) for line in lines),
    )  # fmt: skip


def _line(row: InvoiceLine, currency: str) -> InvoiceLineView:
    unit = row.part.base_unit
    per = quantity(row.price_basis, unit) if row.price_basis != 1 else quantity(1, unit)
    return InvoiceLineView(
        row.line_no, row.part.number, row.part.public_id, row.delivery_line.component.customer_part_no,
        row.agreement.order_no, quantity(row.qty, unit), f"{amount(row.price_minor, currency)} / {per}",
        amount(row.amount, currency),
    )  # fmt: skip


def invoice_of_delivery(delivery_id: int, zone: str) -> InvoiceRow | None:
    """Read the invoice that bills a delivery."""
    row = Invoice.objects.filter(delivery_id=delivery_id).select_related("partner", "delivery").first()
    return _invoice(row, zone) if row else None


def find(site_id: int, text: str, limit: int = 8) -> list[Hit]:
    """Find invoices by number; the exact one first."""
    text = text.strip()
    rows = Invoice.objects.filter(site_id=site_id, number__iendswith=text).order_by("-id")[:limit] if text else ()
    hits = [Hit("invoice", r.number, day(r.issued_on), r.public_id, r.number.upper() == text.upper()) for r in rows]
    return sorted(hits, key=lambda hit: not hit.exact)


INVOICE_COLUMNS = (
    "invoice", "site", "customer", "delivery", "issued_on", "currency", "tax_basis_points", "net_minor", "tax_minor",
    "gross_minor", "line_no", "part", "qty", "unit", "price_minor", "price_basis", "amount_minor",
)  # fmt: skip


def invoice_rows() -> Iterator[dict[str, object]]:
    """Give every line of every invoice, oldest first, for an export; amounts in minor units of the currency."""
    rows = InvoiceLine.objects.order_by("invoice_id", "line_no").values_list(
        "invoice__number", "site__code", "invoice__partner__code", "invoice__delivery__number", "invoice__issued_on",
        "invoice__currency", "invoice__tax_basis_points", "invoice__net_amount", "invoice__tax_amount",
        "invoice__gross_amount", "line_no", "part__number", "qty", "part__base_unit", "price_minor", "price_basis",
        "amount",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=2000):
        yield dict(zip(INVOICE_COLUMNS, row, strict=True))
