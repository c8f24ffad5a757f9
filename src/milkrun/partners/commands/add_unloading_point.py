"""Add a dock to a customer's plant, as calls name it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.models import ShipTo, UnloadingPoint


@dataclass(frozen=True, slots=True)
class UnloadingPointAdded:
    """The plant has this dock now."""

    unloading_point_id: int


@command
def add_unloading_point(
    *, partner_id: int, ship_to_code: str, code: str, actor: Actor, at: datetime, request: Request | None = None
) -> UnloadingPointAdded:
    """Make a dock known; one that is known already stays.

    Raises:
        NotFound: the customer has no such plant.
    """
    plant = ShipTo.objects.filter(partner_id=partner_id, code=ship_to_code).first()
    if plant is None:
        raise NotFound(
            _("Plant {ship_to_code} of this customer is not known.").format(ship_to_code=ship_to_code),
            plant=ship_to_code,
        )

    row, __ = UnloadingPoint.objects.get_or_create(ship_to=plant, code=code)

    facts = {"plant": ship_to_code, "dock": code}
    journal.write([journal.Entry("add_unloading_point", "partner", partner_id, facts=facts)], actor=actor, at=at)
    return UnloadingPointAdded(row.pk)
