"""Bill a delivery: price its lines, number the invoice, complete its calls, queue it for the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import F

from milkrun import edi
from milkrun.billing.errors import MixedCurrencies, NoPrice
from milkrun.billing.models import Invoice, InvoiceLine
from milkrun.demand import steps as demand_steps
from milkrun.demand.models import Component, ComponentGroup, SupplyAgreement
from milkrun.exchange.models import Agreement
from milkrun.exchange.steps import queue
from milkrun.kernel import journal, numbering
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import check, move
from milkrun.measure.money import from_minor, line_amount, share_of
from milkrun.measure.quantity import to_micro
from milkrun.partners.models import Site
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.shipping.states import DELIVERY_MOVES


@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    """An invoice, its amounts in the currency, and the calls it completed."""

    invoice_id: int
    public_id: str
    number: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    currency: str
    completed_call_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Priced:
    line: DeliveryLine
    agreement: SupplyAgreement
    amount: int


@command
def issue_invoice(*, delivery_id: int, actor: Actor, at: datetime, request: Request | None = None) -> InvoiceIssued:
    """Bill every line of an issued delivery at the price valid on the day of its goods issue.

    Raises:
        IllegalMove: the goods have not left, or the delivery is billed already.
        NoPrice: lists the lines without a price.
        MixedCurrencies: the prices are not all in one currency.
    """
    delivery = lock_one(Delivery.objects.filter(pk=delivery_id).select_related("partner", "ship_to"), noun="delivery")
    check([delivery], DELIVERY_MOVES, "bill", noun="Delivery")
    lines = list(
        DeliveryLine.objects.filter(delivery=delivery)
        .select_related("component__group__call", "component__agreement", "part")
        .order_by("line_no")
    )
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk__in={line.component.group_id for line in lines}))
    site = Site.objects.get(pk=delivery.site_id)
    zone = ZoneInfo(site.zone)
    shipped_on = (delivery.issued_at or at).astimezone(zone).date()
    priced = _price(lines, shipped_on)

    net = sum(item.amount for item in priced)
    tax = share_of(net, delivery.partner.tax_basis_points)
    currency = priced[0].agreement.currency
    invoice = Invoice.objects.create(
        site_id=delivery.site_id,
        number=numbering.written("invoice", numbering.take("invoice")),
        partner=delivery.partner,
        delivery=delivery,
        currency=currency,
        tax_basis_points=delivery.partner.tax_basis_points,
        net_amount=net,
        tax_amount=tax,
        gross_amount=net + tax,
        issued_on=at.astimezone(zone).date(),
        issued_at=at,
    )
    InvoiceLine.objects.bulk_create(
        [
            InvoiceLine(
                site_id=delivery.site_id,
                invoice=invoice,
                line_no=number,
                delivery_line=item.line,
                agreement=item.agreement,
                part_id=item.line.part_id,
                qty=item.line.qty,
                price_minor=item.agreement.price_minor,
                price_basis=item.agreement.price_basis,
                amount=item.amount,
            )
            for number, item in enumerate(priced, 1)
        ]
    )
    move([delivery], DELIVERY_MOVES, "bill", noun="Delivery")
    Component.objects.filter(pk__in=[line.component_id for line in lines]).update(billed_qty=F("issued_qty"))
    facts = {"invoice": invoice.number}
    demand_steps.advance(groups, "bill", action="issue_invoice", actor=actor, at=at, facts=facts, billing="billed")
    demand_steps.advance(groups, "complete", action="complete_call", actor=actor, at=at, facts=facts)
    _send(invoice, delivery, priced, site, shipped_on, at)

    journal.write(
        [
            journal.Entry("issue_invoice", "invoice", invoice.pk, site_id=site.pk, after="issued", facts=facts),
            journal.Entry(
                "issue_invoice", "delivery", delivery.pk, site_id=site.pk, before="issued", after="billed", facts=facts
            ),
        ],
        actor=actor,
        at=at,
    )
    return InvoiceIssued(
        invoice.pk,
        invoice.public_id,
        invoice.number,
        from_minor(net, currency),
        from_minor(tax, currency),
        from_minor(net + tax, currency),
        currency,
        tuple(sorted({group.call_id for group in groups})),
    )


def _price(lines: Sequence[DeliveryLine], on: date) -> list[_Priced]:
    keys = {line.component.agreement.customer_part_id for line in lines if line.component.agreement}
    valid: dict[tuple[int, str], SupplyAgreement] = {}
    for row in SupplyAgreement.objects.filter(customer_part_id__in=keys, valid_from__lte=on).order_by("valid_from"):
        valid[(row.customer_part_id, row.order_no)] = row
    priced, missing = [], []
    for line in lines:
        matched = line.component.agreement
        found = valid.get((matched.customer_part_id, matched.order_no)) if matched else None
        if found is None:
            missing.append(line)
        else:
            priced.append(_Priced(line, found, line_amount(to_micro(line.qty), found.price_minor, found.price_basis)))
    if missing:
        raise NoPrice(
            " ".join(f"Line {line.line_no}, {line.part}: no price was agreed for {on}." for line in missing)
            + " Add one to the supply agreement.",
            lines=[line.line_no for line in missing],
        )
    if len({item.agreement.currency for item in priced}) > 1:
        raise MixedCurrencies("The lines of this delivery are priced in different currencies.")
    return priced


def _send(
    invoice: Invoice, delivery: Delivery, priced: Sequence[_Priced], site: Site, shipped_on: date, at: datetime
) -> None:
    agreement = Agreement.objects.filter(partner=delivery.partner).first()
    if agreement is None:
        return
    document = edi.InvoiceDocument(
        number=invoice.number,
        issued_on=invoice.issued_on,
        delivery_no=delivery.number,
        delivered_on=shipped_on,
        seller=delivery.partner.our_number or agreement.our_id,
        seller_name=site.name,
        seller_tax_id=site.tax_id,
        buyer=delivery.partner.code,
        ship_to=delivery.ship_to.code,
        currency=invoice.currency,
        tax_rate=Decimal(invoice.tax_basis_points) / 100,
        lines=tuple(_line(number, item, invoice.currency, delivery.number) for number, item in enumerate(priced, 1)),
        net=from_minor(invoice.net_amount, invoice.currency),
        tax=from_minor(invoice.tax_amount, invoice.currency),
        gross=from_minor(invoice.gross_amount, invoice.currency),
    )
    version: Literal["D07A", "D96A"] = "D96A" if agreement.invoice_version == "D96A" else "D07A"
    queue(
        agreement,
        document_type="INVOIC",
        document=("invoice", invoice.pk),
        number=invoice.number,
        write=lambda envelope: edi.write_invoice(document, envelope, version=version),
        at=at,
    )


def _line(number: int, item: _Priced, currency: str, delivery_no: str) -> edi.InvoiceDocumentLine:
    component = item.line.component
    return edi.InvoiceDocumentLine(
        line_no=str(number),
        buyer_part=component.customer_part_no,
        supplier_part=item.line.part.number,
        quantity=item.line.qty,
        unit=item.line.part.base_unit,
        unit_price=from_minor(item.agreement.price_minor, currency),
        price_basis=Decimal(item.agreement.price_basis),
        amount=from_minor(item.amount, currency),
        order_no=component.order_no or item.agreement.order_no,
        call_no=component.group.call.transmission_no or component.group.call.external_no,
        delivery_no=delivery_no,
    )
