"""Say what a part costs by standard: what stock, waste and risk are valued at."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.measure.money import trouble_with_price
from milkrun.measure.wording import amount
from milkrun.parts.errors import UnknownPart
from milkrun.parts.models import Part


@dataclass(frozen=True, slots=True)
class StandardCostSet:
    """The cost a part is valued at from now on."""

    part_id: int


@command
def set_standard_cost(
    *,
    part_id: int,
    cost_minor: int,
    actor: Actor,
    at: datetime,
    basis: int = 1,
    currency: str = "EUR",
    request: Request | None = None,
) -> StandardCostSet:
    """Set the standard cost; what was valued before keeps its value.

    Args:
        cost_minor: minor units of the currency for `basis` base units of the part.

    Raises:
        UnknownPart: there is no such part.
        Invalid: the price is impossible.
    """
    found = lock(Part.objects.filter(pk=part_id))
    if not found:
        raise UnknownPart(_("This part does not exist."))
    trouble = trouble_with_price(cost_minor, basis, currency)
    if trouble:
        raise Invalid([Problem("cost", trouble, "price_impossible")])

    (part,) = found
    Part.objects.filter(pk=part_id).update(cost_minor=cost_minor, cost_basis=basis, cost_currency=currency)

    before = "" if part.cost_minor is None else f"{amount(part.cost_minor, part.cost_currency)} / {part.cost_basis}"
    facts = {"cost": f"{amount(cost_minor, currency)} / {basis}", "was": before}
    journal.write([journal.Entry("set_standard_cost", "part", part_id, facts=facts)], actor=actor, at=at)
    return StandardCostSet(part_id)
