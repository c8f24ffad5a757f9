"""Goods come in: checked, given their lot, posted from the supplier; shared by receipts with and without an order."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor
from milkrun.kernel.machine import move
from milkrun.measure.quantity import trouble_with
from milkrun.measure.unit import Inconvertible, UnknownUnit
from milkrun.parts.errors import UnknownPart
from milkrun.parts.models import Part
from milkrun.parts.queries import in_base_unit, own_units
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import Location, Lot
from milkrun.stock.queries import first_place
from milkrun.stock.queries.space import Exceeded, overflow
from milkrun.stock.states import LOT_MOVES, REAL_LOCATION_KINDS
from milkrun.stock.steps.ledger import post
from milkrun.stock.steps.line import Line
from milkrun.stock.steps.lots import NOTHING_SAID, LotFacts, take_up


@dataclass(frozen=True, slots=True)
class Incoming:
    """What comes in: of which part, how much in which unit, to which place, as which lot."""

    part_id: int
    location_id: int
    qty: Decimal
    unit: str = ""
    lot_no: str = ""
    facts: LotFacts = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Goods that came in, in base units; `exceeded` names limits of the place that they exceed."""

    posting_id: int
    part: Part
    place: Location
    qty: Decimal
    lot_id: int | None
    exceeded: tuple[Exceeded, ...]


def take_in(
    given: Incoming,
    *,
    site_id: int,
    kind: str,
    actor: Actor,
    at: datetime,
    document: tuple[str, int] | None = None,
    reason: str = "",
) -> TakenIn:
    """Post goods from the supplier to a place.

    Raises:
        Invalid: names every problem with quantity, unit, lot and dates.
        UnknownPart, UnknownLocation: no such part or place.
        LotDiffers: the lot is known with other facts.
    """
    part = Part.objects.filter(pk=given.part_id).first()
    if part is None:
        raise UnknownPart(_("This part does not exist."))
    place = Location.objects.filter(site_id=site_id, pk=given.location_id, kind__in=REAL_LOCATION_KINDS).first()
    if place is None:
        raise UnknownLocation(_("Goods cannot be put there: choose a place of this site."))
    # The supplier's own number is the lot's where nobody gives it another one.
    lot_no = given.lot_no or (given.facts.supplier_lot if part.lot_tracked else "")
    facts = _dated(part, given.facts)
    base_qty, problems = _counted(part, given)
    if part.lot_tracked and not lot_no:
        problems.append(
            Problem("lot_no", _("{part} is kept by lot: give the lot number.").format(part=part), "lot_missing")
        )
    if part.lot_tracked and part.shelf_life_days and not facts.expires_on and _is_new(part, lot_no):
        problems.append(Problem("expires_on", _("{part} expires: give the date.").format(part=part), "expiry_missing"))
    if problems:
        raise Invalid(problems)

    lot = _lot(part, lot_no, facts, place, at) if lot_no else None
    exceeded = overflow(site_id, place.pk, [(part.pk, base_qty)])
    line = Line(
        part_id=part.pk, qty=base_qty, from_location_id=first_place(site_id, "supplier").pk,
        to_location_id=place.pk, lot_id=lot.pk if lot else None, entered_qty=given.qty,
        entered_unit=given.unit or part.base_unit,
    )  # fmt: skip
    posted = post([line], site_id=site_id, kind=kind, document=document, actor=actor, at=at, reason=reason)
    return TakenIn(posted.posting_id, part, place, base_qty, lot.pk if lot else None, exceeded)


def tell(taken: TakenIn, action: str, *, site_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """Write into the journal what came in."""
    facts = {"posting": taken.posting_id, "qty": str(taken.qty), "location": taken.place.code}
    if taken.exceeded:
        facts["exceeds"] = ", ".join(one.kind for one in taken.exceeded)
    entry = journal.Entry(action, "part", taken.part.pk, site_id=site_id, reason=reason, facts=facts)
    journal.write([entry], actor=actor, at=at)


def _is_new(part: Part, lot_no: str) -> bool:
    return not Lot.objects.filter(part=part, number=lot_no, expires_on__isnull=False).exists()


def _dated(part: Part, facts: LotFacts) -> LotFacts:
    if facts.expires_on or not facts.made_on or not part.shelf_life_days:
        return facts
    return replace(facts, expires_on=facts.made_on + timedelta(days=part.shelf_life_days))


def _counted(part: Part, given: Incoming) -> tuple[Decimal, list[Problem]]:
    trouble = trouble_with(given.qty)
    problems = [Problem("qty", trouble, "not_positive")] if trouble else []
    units = own_units([part.pk]).get(part.pk, [])
    try:
        return in_base_unit(part, Decimal(0) if trouble else given.qty, given.unit or part.base_unit, units), problems
    except (UnknownUnit, Inconvertible) as problem:
        return Decimal(0), [*problems, Problem("unit", str(problem), "unit_not_convertible")]


def _lot(part: Part, number: str, facts: LotFacts, place: Location, at: datetime) -> Lot:
    known = Lot.objects.filter(part=part, number=number).exists()
    lot = take_up(part, number, facts, at=at)
    if place.kind == "quarantine" and not known:
        move([lot], LOT_MOVES, "hold", noun="Lot", state_reason="waits for inspection")
    return lot
