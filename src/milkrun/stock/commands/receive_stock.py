"""Take goods in without an order: an opening balance, or what a supplier left at the gate."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.measure.quantity import trouble_with
from milkrun.measure.unit import Inconvertible, UnknownUnit
from milkrun.parts.errors import UnknownPart
from milkrun.parts.models import Part
from milkrun.parts.queries import in_base_unit, own_units
from milkrun.stock import steps
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import Location
from milkrun.stock.queries import first_place
from milkrun.stock.states import REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class StockReceived:
    """Goods were taken in."""

    posting_id: int


@command
def receive_stock(
    *,
    site_id: int,
    part_id: int,
    location_id: int,
    qty: Decimal,
    actor: Actor,
    at: datetime,
    unit: str = "",
    lot_no: str = "",
    facts: steps.LotFacts | None = None,
    reason: str = "",
    request: Request | None = None,
) -> StockReceived:
    """Post goods from the supplier to a place.

    Args:
        qty: in `unit`, or in the part's base unit where none is given.
        lot_no: batch to keep apart; made when it is new.
        facts: what the supplier says of the batch.

    Raises:
        Invalid: the quantity is not positive, or the unit does not fit.
        UnknownPart, UnknownLocation: no such part or place.
        LotDiffers: the lot is known with other facts.
    """
    part = Part.objects.filter(pk=part_id).first()
    if part is None:
        raise UnknownPart("This part does not exist.")
    place = Location.objects.filter(site_id=site_id, pk=location_id, kind__in=REAL_LOCATION_KINDS).first()
    if place is None:
        raise UnknownLocation("Goods cannot be put there: choose a place of this site.")

    problems = []
    trouble = trouble_with(qty)
    if trouble:
        problems.append(Problem("qty", trouble, "not_positive"))
    if part.lot_tracked and not lot_no:
        problems.append(Problem("lot_no", f"{part} is kept by lot: give the lot number.", "lot_missing"))
    base_qty = qty
    try:
        base_qty = in_base_unit(
            part, Decimal(0) if trouble else qty, unit or part.base_unit, own_units([part.pk]).get(part.pk, [])
        )
    except (UnknownUnit, Inconvertible) as problem:
        problems.append(Problem("unit", str(problem), "unit_not_convertible"))
    if problems:
        raise Invalid(problems)

    lot = steps.take_up(part, lot_no, facts or steps.LotFacts(), at=at) if lot_no else None
    posted = steps.post(
        [
            steps.Line(
                part_id=part.pk,
                qty=base_qty,
                from_location_id=first_place(site_id, "supplier").pk,
                to_location_id=place.pk,
                lot_id=lot.pk if lot else None,
                entered_qty=qty,
                entered_unit=unit or part.base_unit,
            )
        ],
        site_id=site_id,
        kind="receipt",
        actor=actor,
        at=at,
        reason=reason,
    )

    journal.write(
        [
            journal.Entry(
                "receive_stock",
                "part",
                part.pk,
                site_id=site_id,
                reason=reason,
                facts={"posting": posted.posting_id, "qty": str(base_qty), "location": place.code},
            )
        ],
        actor=actor,
        at=at,
    )
    return StockReceived(posted.posting_id)
