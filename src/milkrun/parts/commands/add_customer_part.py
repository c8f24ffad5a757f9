"""Say under which number a customer calls for a part."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.parts.errors import PartNumberTaken, UnknownPart
from milkrun.parts.models import CustomerPart, Part
from milkrun.parts.queries import number_key


@dataclass(frozen=True, slots=True)
class CustomerPartAdded:
    """A customer's number for a part."""

    customer_part_id: int


@command
def add_customer_part(
    *, partner_id: int, number: str, part_id: int, actor: Actor, at: datetime, request: Request | None = None
) -> CustomerPartAdded:
    """Give a part a customer's number; the same number for the same part again changes nothing.

    Raises:
        UnknownPart: no such part.
        PartNumberTaken: the customer uses the number for another part.
    """
    if not Part.objects.filter(pk=part_id).exists():
        raise UnknownPart("This part does not exist.")
    known = CustomerPart.objects.filter(partner_id=partner_id, number_key=number_key(number)).first()
    if known is not None and known.part_id != part_id:
        raise PartNumberTaken(f"The customer uses {number} for part {known.part} already.", part=str(known.part))

    row = known or CustomerPart.objects.create(
        partner_id=partner_id, number=number, number_key=number_key(number), part_id=part_id
    )

    facts = {"partner": partner_id, "number": number}
    journal.write([journal.Entry("add_customer_part", "part", part_id, facts=facts)], actor=actor, at=at)
    return CustomerPartAdded(row.pk)
