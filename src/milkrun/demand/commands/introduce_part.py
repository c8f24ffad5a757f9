"""Make a part known that a customer calls for: our part, the customer's number and the price, in one go."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from milkrun.demand.models import SupplyAgreement
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.measure.money import trouble_with_price
from milkrun.parts import steps as part_steps
from milkrun.parts.models import Part


@dataclass(frozen=True, slots=True)
class PartIntroduced:
    """A part that calls of the customer are matched to from now on; `part_made` where it was new to us too."""

    part_id: int
    public_id: str
    number: str
    part_made: bool


@command
def introduce_part(
    *,
    partner_id: int,
    customer_number: str,
    number: str,
    order_no: str,
    price_minor: int,
    price_basis: int,
    currency: str,
    valid_from: date,
    actor: Actor,
    at: datetime,
    description: str = "",
    base_unit: str = "PCE",
    made_here: bool = True,
    request: Request | None = None,
) -> PartIntroduced:
    """Use our part of this number, or make it, name it for the customer and agree its price.

    Args:
        number: our number; a part that exists is taken as it is.
        order_no: the customer's order that calls draw on.
        price_minor: minor units of the currency for `price_basis` base units.

    Raises:
        Invalid: a number is missing or the price is impossible.
        PartNumberTaken: the customer uses the number for another part.
        UnknownUnitForPart: the base unit is not known.
    """
    problems = []
    if not customer_number.strip() or len(customer_number) > 40:
        problems.append(Problem("customer_number", _("Give the customer's number for the part."), "number_missing"))
    trouble = trouble_with_price(price_minor, price_basis, currency)
    if trouble:
        problems.append(Problem("price", trouble, "price_impossible"))
    if problems:
        raise Invalid(problems)

    part = Part.objects.filter(number=number.strip()).first()
    part_made = part is None
    if part is None:
        part = part_steps.add_part(number=number, description=description, base_unit=base_unit, made_here=made_here)
    customer_part = part_steps.name_for_customer(part, partner_id=partner_id, number=customer_number)
    agreed, new = SupplyAgreement.objects.get_or_create(
        partner_id=partner_id,
        order_no=order_no,
        customer_part=customer_part,
        valid_from=valid_from,
        defaults={"price_minor": price_minor, "price_basis": price_basis, "currency": currency},
    )
    if not new and (agreed.price_minor, agreed.price_basis, agreed.currency) != (price_minor, price_basis, currency):
        raise Invalid(
            [
                Problem(
                    "valid_from",
                    _("Another price from {valid_from} is agreed already.").format(valid_from=valid_from),
                    "agreed_already",
                )
            ]
        )

    facts = {"customer_number": customer_number, "order_no": order_no, "price_minor": price_minor}
    journal.write([journal.Entry("introduce_part", "part", part.pk, facts=facts)], actor=actor, at=at)
    return PartIntroduced(part.pk, part.public_id, part.number, part_made)
