"""Record an order line that a customer's calls draw on, with its price from a date on."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from milkrun.demand.models import SupplyAgreement
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.measure.money import trouble_with_price
from milkrun.parts.errors import UnknownPart
from milkrun.parts.models import CustomerPart
from milkrun.parts.queries import number_key


@dataclass(frozen=True, slots=True)
class SupplyAgreed:
    """A supply agreement."""

    agreement_id: int


@command
def agree_supply(
    *,
    partner_id: int,
    order_no: str,
    customer_part_no: str,
    price_minor: int,
    currency: str,
    valid_from: date,
    actor: Actor,
    at: datetime,
    price_basis: int = 1,
    request: Request | None = None,
) -> SupplyAgreed:
    """Agree a price: `price_minor` minor units of the currency for `price_basis` base units; a later date replaces it.

    Raises:
        Invalid: the price is negative, its basis below one, or one is agreed from that day already.
        UnknownPart: the customer has no such part number.
    """
    trouble = trouble_with_price(price_minor, price_basis, currency)
    if trouble:
        raise Invalid([Problem("price", trouble, "price_impossible")])
    part = CustomerPart.objects.filter(partner_id=partner_id, number_key=number_key(customer_part_no)).first()
    if part is None:
        raise UnknownPart(
            _("Part {customer_part_no} is not known for this customer.").format(customer_part_no=customer_part_no),
            part=customer_part_no,
        )
    same_day = SupplyAgreement.objects.filter(
        partner_id=partner_id, order_no=order_no, customer_part=part, valid_from=valid_from
    )
    if same_day.exists():
        raise Invalid(
            [
                Problem(
                    "valid_from",
                    _("A price from {valid_from} is agreed already.").format(valid_from=valid_from),
                    "agreed_already",
                )
            ]
        )

    row = SupplyAgreement.objects.create(
        partner_id=partner_id,
        order_no=order_no,
        customer_part=part,
        price_minor=price_minor,
        price_basis=price_basis,
        currency=currency,
        valid_from=valid_from,
    )

    facts = {"order_no": order_no, "part": customer_part_no, "price_minor": price_minor, "basis": price_basis}
    journal.write([journal.Entry("agree_supply", "partner", partner_id, facts=facts)], actor=actor, at=at)
    return SupplyAgreed(row.pk)
