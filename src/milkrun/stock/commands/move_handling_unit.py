"""Carry a handling unit with everything in it to another place of the site."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.stock import steps
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import Location
from milkrun.stock.states import REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class HandlingUnitMoved:
    """The unit stands elsewhere, with so many units in all; goods were posted by these postings."""

    hu_id: int
    units: int
    postings: tuple[int, ...]


@command
def move_handling_unit(
    *,
    site_id: int,
    hu_id: int,
    to_location_id: int,
    actor: Actor,
    at: datetime,
    reason: str = "",
    request: Request | None = None,
) -> HandlingUnitMoved:
    """Move a unit; one that stood inside another is taken out. What is kept for a call stays kept.

    Raises:
        NotFound: the unit does not exist at this site.
        UnknownLocation: the place is not one of this site's.
        HandlingUnitFrozen: it was picked for a delivery, has left, or is no longer used.
        Invalid: it is there already.
    """
    units = {row.pk: row for row in steps.hold_trees([hu_id], site_id=site_id)}
    unit = units.get(hu_id)
    if unit is None:
        raise NotFound(_("This handling unit does not exist at this site. Scan its label again."), noun="handling unit")
    place = Location.objects.filter(pk=to_location_id, site_id=site_id, kind__in=REAL_LOCATION_KINDS).first()
    if place is None:
        raise UnknownLocation(_("Choose a place of this site."))
    steps.refuse_frozen([unit], open_to=("open", "closed", "rejected"))
    if unit.location_id == place.pk:
        raise Invalid([Problem("to_location", _("The unit is there already: choose another place."), "same_place")])

    before = unit.location.code
    if unit.parent_id is not None:
        steps.nest(hu_id, None, site_id=site_id)
    postings = steps.carry(list(units.values()), place.pk, kind="move_unit", reason=reason, actor=actor, at=at)

    facts = {"from": before, "to": place.code, "units": len(units)}
    journal.write(
        [journal.Entry("move_handling_unit", "hu", hu_id, site_id=site_id, reason=reason, facts=facts)],
        actor=actor,
        at=at,
    )
    return HandlingUnitMoved(hu_id, len(units), tuple(postings))
