"""Reads of billing: what was shipped and not billed, and invoices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from milkrun.billing.models import BillingRule, Invoice, InvoiceLine
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Hit, Page, cursor, page_of, position
from milkrun.measure.wording import amount, day, moment, quantity
from milkrun.partners.models import Partner


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
    kind: str
    state: str
    channel: str
    due: str
    credits: str
    credits_public_id: str
    prepared: bool


@dataclass(frozen=True, slots=True)
class InvoiceLineView:
    """A line of an invoice, with the order, call and delivery it is for; `credited` once a credit note took it back."""

    line_no: int
    part_number: str
    part_public_id: str
    customer_part_no: str
    order_no: str
    qty: str
    price: str
    amount: str
    call: str
    call_public_id: str
    delivery: str
    delivery_public_id: str
    credited: bool


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice or credit note with its lines, and the credit notes written for it."""

    row: InvoiceRow
    partner_name: str
    tax_percent: str
    lines: tuple[InvoiceLineView, ...]
    credit_notes: tuple[InvoiceRow, ...]


def invoices(site_id: int, zone: str, after: str = "", limit: int = 50) -> Page[InvoiceRow]:
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
    return page_of([_invoice(row, zone) for row in found], limit, last)


def _invoice(row: Invoice, zone: str) -> InvoiceRow:
    return InvoiceRow(
        row.id, row.public_id, row.number, row.partner.code,
        row.delivery.number if row.delivery else "", row.delivery.public_id if row.delivery else "",
        day(row.issued_on), moment(row.issued_at, zone), amount(row.net_amount, row.currency),
        amount(row.tax_amount, row.currency), amount(row.gross_amount, row.currency), row.kind, row.state, row.channel,
        day(row.due_on), row.credits.number if row.credits else "", row.credits.public_id if row.credits else "",
        row.dispatched_at is not None,
    )  # fmt: skip


def invoice(site_id: int, public_id: str, zone: str) -> InvoiceView:
    """Read one invoice.

    Raises:
        NotFound: there is none at this site.
    """
    rows = Invoice.objects.select_related("partner", "delivery", "credits")
    row = rows.filter(site_id=site_id, public_id=public_id).first()
    if row is None:
        raise NotFound(_("This invoice does not exist at this site. Search for its number."), public_id=public_id)
    lines = (
        InvoiceLine.objects.filter(invoice=row)
        .order_by("line_no")
        .select_related("part", "agreement", "delivery_line__delivery", "delivery_line__component__group__call")
    )
    notes = row.credit_notes.select_related("partner", "delivery", "credits").order_by("id")
    return InvoiceView(
        _invoice(row, zone), row.partner.name, f"{row.tax_basis_points / 100:g} %",
        tuple(_line(line, row.currency) for line in lines), tuple(_invoice(note, zone) for note in notes),
    )  # fmt: skip


def _line(row: InvoiceLine, currency: str) -> InvoiceLineView:
    delivery, call = row.delivery_line.delivery, row.delivery_line.component.group.call
    unit = row.part.base_unit
    per = quantity(row.price_basis, unit) if row.price_basis != 1 else quantity(1, unit)
    return InvoiceLineView(
        row.line_no, row.part.number, row.part.public_id, row.delivery_line.component.customer_part_no,
        row.delivery_line.component.order_no or row.agreement.order_no, quantity(row.qty, unit),
        f"{amount(row.price_minor, currency)} / {per}",
        amount(row.amount, currency), call.external_no, call.public_id, delivery.number, delivery.public_id,
        not row.live and row.credits_id is None,
    )  # fmt: skip


def invoices_of_delivery(delivery_id: int, zone: str) -> list[InvoiceRow]:
    """List the invoices and credit notes that bill lines of a delivery, newest first."""
    rows = Invoice.objects.filter(lines__delivery_line__delivery_id=delivery_id).distinct()
    found = rows.select_related("partner", "delivery", "credits").order_by("-id")
    return [_invoice(row, zone) for row in found]


def invoice_id(site_id: int, public_id: str) -> int:
    """Turn an invoice's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = Invoice.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(_("This invoice does not exist at this site. Search for its number."), public_id=public_id)
    return found


@dataclass(frozen=True, slots=True)
class RuleView:
    """How a customer is billed."""

    partner: str
    name: str
    grouping: str
    channel: str
    terms_days: int
    street: str
    postal_code: str
    city: str
    country: str


def billing_rules() -> list[RuleView]:
    """List the rule of every customer; one without a rule of its own gets an invoice for each delivery by EDI."""
    kept = {rule.partner_id: rule for rule in BillingRule.objects.all()}
    rows = Partner.objects.filter(is_customer=True).order_by("code")
    return [
        RuleView(row.code, row.name, rule.grouping, rule.channel, rule.terms_days, rule.street, rule.postal_code,
                 rule.city, rule.country)
        for row in rows
        for rule in [kept.get(row.pk) or BillingRule(partner=row)]
    ]  # fmt: skip


def snapshot_of(invoice_id: int) -> Mapping[str, Any]:
    """Return what an invoice said when it was issued: its document and its parties."""
    return dict(Invoice.objects.values_list("snapshot", flat=True).get(pk=invoice_id))


def customer_of(invoice_id: int) -> int:
    """Tell whom an invoice goes to: its paper is in that company's language."""
    return Invoice.objects.values_list("partner_id", flat=True).get(pk=invoice_id)


def to_prepare(limit: int = 20) -> list[int]:
    """List invoices whose e-mail waits to be rendered, oldest first."""
    rows = Invoice.objects.filter(dispatched_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


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
        "invoice__number", "site__code", "invoice__partner__code", "delivery_line__delivery__number",
        "invoice__issued_on",
        "invoice__currency", "invoice__tax_basis_points", "invoice__net_amount", "invoice__tax_amount",
        "invoice__gross_amount", "line_no", "part__number", "qty", "part__base_unit", "price_minor", "price_basis",
        "amount",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=2000):
        yield dict(zip(INVOICE_COLUMNS, row, strict=True))
