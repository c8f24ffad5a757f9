"""Say under which number a customer calls for a part."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.parts import steps
from milkrun.parts.errors import UnknownPart
from milkrun.parts.models import Part


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
    part = Part.objects.filter(pk=part_id).first()
    if part is None:
        raise UnknownPart(_("This part does not exist."))

    row = steps.name_for_customer(part, partner_id=partner_id, number=number)

    facts = {"partner": partner_id, "number": number}
    journal.write([journal.Entry("add_customer_part", "part", part_id, facts=facts)], actor=actor, at=at)
    return CustomerPartAdded(row.pk)
