"""Set a handling unit with everything in it apart, with a reason: nothing of it is used until somebody accepts it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.machine import move
from milkrun.stock import steps
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import Location
from milkrun.stock.states import HANDLING_UNIT_MOVES, REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class HandlingUnitRejected:
    """The unit and those inside it are set apart, at this place."""

    hu_id: int
    units: tuple[str, ...]
    location: str


@command
def reject_handling_unit(
    *,
    site_id: int,
    hu_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    location_id: int | None = None,
    request: Request | None = None,
) -> HandlingUnitRejected:
    """Reject a unit and bring it to the given place, else to the site's first quarantine place, else leave it there.

    Raises:
        NotFound: the unit does not exist at this site.
        Invalid: no reason is given.
        UnknownLocation: the place is not one of this site's.
        IllegalMove: it was picked or has left.
        HandlingUnitInUse: goods in it are kept for a call or a delivery.
    """
    units = {row.pk: row for row in steps.hold_trees([hu_id], site_id=site_id)}
    unit = units.get(hu_id)
    if unit is None:
        raise NotFound(_("This handling unit does not exist at this site. Scan its label again."), noun="handling unit")
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say what is wrong with it."), "missing")])
    place = _place(site_id, location_id) or unit.location
    rows = steps.inside(units)
    steps.refuse_kept(rows)

    if unit.parent_id is not None:
        steps.nest(hu_id, None, site_id=site_id)
    made = move(list(units.values()), HANDLING_UNIT_MOVES, "reject", noun="Handling unit")
    steps.carry(list(units.values()), place.pk, kind="reject_unit", reason=reason, actor=actor, at=at)

    journal.write(
        [
            journal.Entry(
                "reject_handling_unit", "hu", key, site_id=site_id, before=before, after=after, reason=reason,
                facts={"place": place.code},
            )
            for key, (before, after) in made.items()
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    return HandlingUnitRejected(hu_id, tuple(row.sscc for row in units.values()), place.code)


def _place(site_id: int, location_id: int | None) -> Location | None:
    if location_id is None:
        return Location.objects.filter(site_id=site_id, kind="quarantine").order_by("pk").first()
    found = Location.objects.filter(pk=location_id, site_id=site_id, kind__in=REAL_LOCATION_KINDS).first()
    if found is None:
        raise UnknownLocation(_("Choose a place of this site."))
    return found
