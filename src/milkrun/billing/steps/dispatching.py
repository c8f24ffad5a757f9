"""What a customer gets for a bill: the document's snapshot, and its bytes where a pure writer makes them."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from milkrun import edi
from milkrun.billing.models import BillingRule, Invoice, InvoiceLine
from milkrun.exchange.models import Agreement
from milkrun.exchange.steps import queue
from milkrun.measure.money import from_minor

DOCUMENT = TypeAdapter(edi.InvoiceDocument)


def dispatch(invoice: Invoice, *, rule: BillingRule, at: datetime) -> None:
    """Keep what the document says, and queue its bytes; a PDF by e-mail waits for the worker to render it.

    Raises:
        CannotBeWritten: a text does not fit, or what the format must have is missing.
    """
    agreement = Agreement.objects.filter(partner_id=invoice.partner_id).first()
    document = document_of(invoice, agreement)
    invoice.snapshot = {"document": DOCUMENT.dump_python(document, mode="json"), **_parties(invoice, rule)}
    if invoice.channel == "edi" and agreement is not None:
        version: Literal["D07A", "D96A"] = "D96A" if agreement.invoice_version == "D96A" else "D07A"
        queue(
            agreement,
            document_type="INVOIC",
            document=("invoice", invoice.pk),
            number=invoice.number,
            write=lambda envelope: edi.write_invoice(document, envelope, version=version),
            at=at,
        )
    if invoice.channel == "ubl" and agreement is not None:
        parties = edi.InvoiceParties(**invoice.snapshot["parties"])
        queue(
            agreement,
            document_type="UBL",
            document=("invoice", invoice.pk),
            number=invoice.number,
            write=lambda _envelope: edi.write_ubl(document, parties),
            at=at,
            suffix="xml",
        )
    by_mail = invoice.channel == "email" or (invoice.channel == "ubl" and agreement is None)
    invoice.dispatched_at = None if by_mail else at
    Invoice.objects.filter(pk=invoice.pk).update(snapshot=invoice.snapshot, dispatched_at=invoice.dispatched_at)


def document_of(invoice: Invoice, agreement: Agreement | None) -> edi.InvoiceDocument:
    """Tell of an invoice or credit note as its documents do."""
    rows = InvoiceLine.objects.filter(invoice=invoice).order_by("line_no")
    lines = list(
        rows.select_related("delivery_line__component__group__call", "delivery_line__delivery__ship_to", "part",
                            "agreement")
    )  # fmt: skip
    deliveries = {line.delivery_line.delivery_id: line.delivery_line.delivery for line in lines}
    only = next(iter(deliveries.values())) if len(deliveries) == 1 else None
    plants = {row.ship_to.code for row in deliveries.values()}
    left = only.issued_at.astimezone(ZoneInfo(only.ship_to.zone)).date() if only and only.issued_at else None
    partner = invoice.partner
    return edi.InvoiceDocument(
        number=invoice.number,
        issued_on=invoice.issued_on,
        delivery_no=only.number if only else "",
        delivered_on=left,
        seller=partner.our_number or (agreement.our_id if agreement else invoice.site.code),
        seller_name=invoice.site.name,
        seller_tax_id=invoice.site.tax_id,
        buyer=partner.code,
        ship_to=next(iter(plants)) if len(plants) == 1 else "",
        currency=invoice.currency,
        tax_rate=Decimal(invoice.tax_basis_points) / 100,
        lines=tuple(_line(line, invoice.currency) for line in lines),
        net=from_minor(invoice.net_amount, invoice.currency),
        tax=from_minor(invoice.tax_amount, invoice.currency),
        gross=from_minor(invoice.gross_amount, invoice.currency),
        kind="credit_note" if invoice.kind == "credit_note" else "invoice",
        credits=invoice.credits.number if invoice.credits else "",
        due_on=invoice.due_on,
    )


def _line(line: InvoiceLine, currency: str) -> edi.InvoiceDocumentLine:
    component = line.delivery_line.component
    call = component.group.call
    return edi.InvoiceDocumentLine(
        line_no=str(line.line_no),
        buyer_part=component.customer_part_no,
        supplier_part=line.part.number,
        quantity=line.qty,
        unit=line.part.base_unit,
        unit_price=from_minor(line.price_minor, currency),
        price_basis=Decimal(line.price_basis),
        amount=from_minor(line.amount, currency),
        order_no=component.order_no or line.agreement.order_no,
        call_no=call.transmission_no or call.external_no,
        delivery_no=line.delivery_line.delivery.number,
    )


def _parties(invoice: Invoice, rule: BillingRule) -> dict[str, Any]:
    site, partner = invoice.site, invoice.partner
    return {
        "channel": invoice.channel,
        "parties": {
            "seller_name": site.name,
            "seller_street": site.street,
            "seller_city": site.city,
            "seller_country": site.tax_id[:2] if site.tax_id[:2].isalpha() else "",
            "seller_tax_id": site.tax_id,
            "buyer_name": partner.name,
            "buyer_street": rule.street,
            "buyer_postal_code": rule.postal_code,
            "buyer_city": rule.city,
            "buyer_country": rule.country or (partner.tax_id[:2] if partner.tax_id[:2].isalpha() else ""),
            "buyer_tax_id": partner.tax_id,
        },
    }
