"""Make a handling unit with its SSCC, on its own or inside another one."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.stock import steps
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import HandlingUnit, Location
from milkrun.stock.states import HANDLING_UNIT_KINDS, REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class HandlingUnitCreated:
    """A new handling unit; its code is given once and for ever."""

    hu_id: int
    public_id: str
    sscc: str


@command
def create_handling_unit(
    *,
    site_id: int,
    location_id: int,
    actor: Actor,
    at: datetime,
    kind: str = "pallet",
    into_id: int | None = None,
    request: Request | None = None,
) -> HandlingUnitCreated:
    """Make an open, empty unit at a place.

    Args:
        kind: pallet, box, rack, cage, bundle or coil.
        into_id: the unit it stands in; then it is where that one is.

    Raises:
        Invalid: there is no such kind.
        UnknownLocation: the place is not one of this site's.
        NestingTooDeep, HandlingUnitFrozen, NotFound: it cannot stand in that unit.
    """
    if kind not in HANDLING_UNIT_KINDS:
        raise Invalid(
            [
                Problem(
                    "kind",
                    _("Choose one of {handling_unit_kinds}.").format(
                        handling_unit_kinds=", ".join(HANDLING_UNIT_KINDS)
                    ),
                    "unknown_kind",
                )
            ]
        )
    if not Location.objects.filter(pk=location_id, site_id=site_id, kind__in=REAL_LOCATION_KINDS).exists():
        raise UnknownLocation(_("Choose a place of this site."))

    unit = steps.create_handling_unit(site_id=site_id, location_id=location_id, kind=kind, at=at)
    if into_id is not None:
        steps.nest(unit.pk, into_id, site_id=site_id)
        outer = HandlingUnit.objects.get(pk=into_id)
        HandlingUnit.objects.filter(pk=unit.pk).update(location_id=outer.location_id)

    facts = {"sscc": unit.sscc, "kind": kind, "into": into_id}
    journal.write(
        [journal.Entry("create_handling_unit", "hu", unit.pk, site_id=site_id, after="open", facts=facts)],
        actor=actor,
        at=at,
    )
    return HandlingUnitCreated(unit.pk, unit.public_id, unit.sscc)
