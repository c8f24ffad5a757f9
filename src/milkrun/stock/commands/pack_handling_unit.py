"""Put loose goods into a handling unit, or take them out of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.measure.quantity import trouble_with
from milkrun.parts.models import Part
from milkrun.stock import steps
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import HandlingUnit, Location
from milkrun.stock.states import REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class HandlingUnitPacked:
    """Goods went into the unit, or out of it."""

    hu_id: int
    posting_id: int


@command
def pack_handling_unit(
    *,
    site_id: int,
    hu_id: int,
    part_id: int,
    qty: Decimal,
    location_id: int,
    actor: Actor,
    at: datetime,
    lot_id: int | None = None,
    take_out: bool = False,
    request: Request | None = None,
) -> HandlingUnitPacked:
    """Post free goods from a place into an open unit where it stands, in base units.

    Args:
        location_id: where the loose goods lie; with `take_out` where they go.
        take_out: the other way round.

    Raises:
        Invalid: the quantity is not positive.
        NotFound: unit or part do not exist.
        UnknownLocation: the place is not one of this site's.
        HandlingUnitFrozen: the unit is closed, or no longer used.
        ShortStock: less is free.
    """
    unit = lock_one(HandlingUnit.objects.filter(pk=hu_id, site_id=site_id), noun="handling unit")
    place = Location.objects.filter(pk=location_id, site_id=site_id, kind__in=REAL_LOCATION_KINDS).first()
    if place is None:
        raise UnknownLocation(_("Choose a place of this site."))
    part = Part.objects.filter(pk=part_id).first()
    if part is None:
        raise NotFound(_("This part does not exist."), part_id=part_id)
    trouble = trouble_with(qty)
    if trouble:
        raise Invalid([Problem("qty", trouble, "not_positive")])
    steps.refuse_frozen([unit])

    line = (
        steps.Line(part_id, qty, unit.location_id, place.pk, from_hu_id=unit.pk, lot_id=lot_id)
        if take_out
        else steps.Line(part_id, qty, place.pk, unit.location_id, to_hu_id=unit.pk, lot_id=lot_id)
    )
    kind = "unpack" if take_out else "pack"
    posted = steps.post([line], site_id=site_id, kind=kind, document=("hu", unit.pk), actor=actor, at=at)
    HandlingUnit.objects.filter(pk=unit.pk).update(handled_by=actor.name, handled_at=at)

    action = "unpack_handling_unit" if take_out else "pack_handling_unit"
    facts = {"part": part.number, "qty": str(qty), "place": place.code, "posting": posted.posting_id}
    journal.write([journal.Entry(action, "hu", unit.pk, site_id=site_id, facts=facts)], actor=actor, at=at)
    return HandlingUnitPacked(unit.pk, posted.posting_id)
