"""Bring what is counted here to what another system says stands there: an opening balance, an external warehouse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.measure.quantity import trouble_with
from milkrun.measure.unit import Inconvertible, UnknownUnit
from milkrun.parts.models import Part
from milkrun.parts.queries import in_base_unit, own_units
from milkrun.stock import steps
from milkrun.stock.models import Balance, Location, Lot
from milkrun.stock.queries import first_place
from milkrun.stock.states import REAL_LOCATION_KINDS

# Part, location, lot number: what a level is said of. Goods in handling units and of other owners are not looked at.
Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class LevelInput:
    """So much of a part stands at a place; in the part's base unit where none is given."""

    part: str
    location: str
    qty: Decimal
    unit: str = ""
    lot_no: str = ""


@dataclass(frozen=True, slots=True)
class LevelOutcome:
    """What became of one level: new (nothing stood there), changed, same or refused (then with every problem)."""

    outcome: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class StockLevelsSet:
    """One outcome a level, in the order given; the posting that carries the differences, if there were any."""

    outcomes: tuple[LevelOutcome, ...]
    posting_id: int | None


@command
def set_stock_levels(
    *,
    site_id: int,
    levels: Sequence[LevelInput],
    actor: Actor,
    at: datetime,
    reason: str = "",
    request: Request | None = None,
) -> StockLevelsSet:
    """Post the differences to what is said, in one posting; what cannot be is set aside and the rest goes on.

    More comes from, less goes to the place of differences. Goods that are reserved are never taken away.
    """
    look = _Look(site_id, levels)
    outcomes: list[LevelOutcome] = []
    lines: list[steps.Line] = []
    for level in levels:
        key, target, problems = look.read(level)
        before = look.balances.get(key, (Decimal(0), Decimal(0))) if not problems else (Decimal(0), Decimal(0))
        if not problems and target < before[1]:
            said = _("{before} of {part} at {location} are reserved; {target} would be less.").format(
                before=f"{before[1]:f}", part=level.part, location=level.location, target=f"{target:f}"
            )
            problems = [Problem("qty", said, "short_stock")]
        if problems:
            outcomes.append(LevelOutcome("refused", tuple(problems)))
            continue
        look.seen.add(key)
        difference = target - before[0]
        if difference:
            lines.append(look.line(key, difference, level, at))
        outcomes.append(LevelOutcome("same" if not difference else "changed" if before[0] else "new"))
    posted = (
        steps.post(lines, site_id=site_id, kind="level", actor=actor, at=at, reason=reason or "Level of another system")
        if lines
        else None
    )

    facts = {"levels": len(levels), "posted": len(lines), "posting": posted.posting_id if posted else None}
    entry = journal.Entry("set_stock_levels", "site", site_id, site_id=site_id, reason=reason, facts=facts)
    journal.write([entry], actor=actor, at=at)
    return StockLevelsSet(tuple(outcomes), posted.posting_id if posted else None)


class _Look:
    """What is known of the parts, places and balances at hand, read in a few statements."""

    def __init__(self, site_id: int, levels: Sequence[LevelInput]) -> None:
        self.parts = {row.number: row for row in Part.objects.filter(number__in={level.part for level in levels})}
        self.units = own_units(row.pk for row in self.parts.values())
        codes = {level.location.upper() for level in levels}
        places = Location.objects.filter(site_id=site_id, code__in=codes, kind__in=REAL_LOCATION_KINDS)
        self.places = {row.code: row for row in places}
        self.difference = first_place(site_id, "difference").pk
        rows = Balance.objects.filter(
            site_id=site_id,
            part__in=self.parts.values(),
            location__in=self.places.values(),
            owner=None,
            hu=None,
        ).select_related("lot")
        self.balances: dict[Key, tuple[Decimal, Decimal]] = {
            (row.part_id, row.location_id, row.lot.number if row.lot else ""): (row.on_hand, row.reserved)
            for row in lock(rows)
        }
        self.lots: dict[tuple[int, str], Lot] = {
            (row.part_id, row.number): row
            for row in Lot.objects.filter(
                part__in=self.parts.values(), number__in={level.lot_no for level in levels if level.lot_no}
            )
        }
        self.seen: set[Key] = set()

    def read(self, level: LevelInput) -> tuple[Key, Decimal, list[Problem]]:
        """Resolve a level to its key and its quantity in base units; lists what is impossible about it."""
        part, place = self.parts.get(level.part), self.places.get(level.location.upper())
        problems = []
        if part is None:
            problems.append(Problem("part", _("Part {part} is not known.").format(part=level.part), "unknown_part"))
        if place is None:
            said = _("Location {location} is not known at this site, or is no place for goods.").format(
                location=level.location
            )
            problems.append(Problem("location", said, "unknown_location"))
        trouble = trouble_with(level.qty, zero_allowed=True)
        if trouble:
            problems.append(Problem("qty", trouble, "not_positive"))
        if part is not None and part.lot_tracked != bool(level.lot_no):
            said = (
                "is kept by lot: give the lot number" if part.lot_tracked else "is not kept by lot: leave the lot out"
            )
            problems.append(Problem("lot", _("{part} {said}.").format(part=part, said=said), "lot_missing"))
        if len(level.lot_no) > 40:
            problems.append(Problem("lot", _("A lot number has at most 40 characters."), "too_long"))
        qty = Decimal(0)
        if part is not None and not trouble:
            try:
                qty = in_base_unit(part, level.qty, level.unit or part.base_unit, self.units.get(part.pk, ()))
            except (UnknownUnit, Inconvertible) as wrong:
                problems.append(Problem("unit", str(wrong), "unit_not_convertible"))
        key = (part.pk if part else 0, place.pk if place else 0, level.lot_no)
        if not problems and key in self.seen:
            said = _("{part} at {location} stands here twice.").format(part=level.part, location=level.location)
            problems.append(Problem("part", said, "level_twice"))
        return key, qty, problems

    def line(self, key: Key, difference: Decimal, level: LevelInput, at: datetime) -> steps.Line:
        """Make the movement that brings a balance to its level."""
        part_id, place, lot_no = key
        lot = None
        if lot_no:
            lot = self.lots.get((part_id, lot_no))
            if lot is None:
                lot = self.lots[part_id, lot_no] = Lot.objects.create(part_id=part_id, number=lot_no, created_at=at)
        more = difference > 0
        return steps.Line(
            part_id=part_id,
            qty=abs(difference),
            from_location_id=self.difference if more else place,
            to_location_id=place if more else self.difference,
            lot_id=lot.pk if lot else None,
        )
