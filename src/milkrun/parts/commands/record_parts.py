"""Bring many parts to what another system says: new ones are made, known ones changed, equal ones left alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import hold, lock
from milkrun.measure.unit import UNITS
from milkrun.partners.models import Partner
from milkrun.parts.models import CustomerPart, Part, PartUnit
from milkrun.parts.queries import number_key

TEXTS = ("description", "supply_location")
FLAGS = ("made_here",)
# Stock was counted under these, so they stay what they are.
FIXED = ("base_unit", "lot_tracked")


@dataclass(frozen=True, slots=True)
class PartInput:
    """What is said of one part; None leaves a thing as it is, or at its default where the part is new.

    Args:
        number: ours.
        units: units of its own as (code, numerator, denominator): so many base units in so many of it.
        customer_numbers: (customer's code, their number).
    """

    number: str
    description: str | None = None
    base_unit: str | None = None
    made_here: bool | None = None
    lot_tracked: bool | None = None
    supply_location: str | None = None
    units: tuple[tuple[str, int, int], ...] | None = None
    customer_numbers: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What became of one part: new, changed, same or refused (then with every problem)."""

    number: str
    outcome: str
    public_id: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PartsRecorded:
    """One outcome a part, in the order given."""

    outcomes: tuple[PartOutcome, ...]


@command
def record_parts(
    *, parts: Sequence[PartInput], actor: Actor, at: datetime, request: Request | None = None
) -> PartsRecorded:
    """Take parts over in one transaction; bad ones are set aside with their problems, the good ones go on.

    A part that is named twice is taken the first time; the second one is refused unless it says the same.
    """
    hold("parts", 0)
    known = {row.number: row for row in lock(Part.objects.filter(number__in=[p.number.strip() for p in parts]))}
    look = _Look(parts, known)
    said: dict[str, PartInput] = {}
    outcomes: list[PartOutcome] = []
    fresh: list[PartInput] = []
    entries: list[journal.Entry] = []
    for part in parts:
        number = part.number.strip()
        problems = look.problems(part)
        first = said.setdefault(number, part)
        if first is not part and first != part:
            problems.append(
                Problem(
                    "part",
                    _("Part {number} stands here twice with different content.").format(number=number),
                    "part_twice",
                )
            )
        if problems:
            outcomes.append(PartOutcome(part.number, "refused", problems=tuple(problems)))
        elif first is not part:
            outcomes.append(PartOutcome(part.number, "same"))
        elif number not in known:
            fresh.append(part)
            outcomes.append(PartOutcome(part.number, "new"))
        else:
            row = known[number]
            changed = look.change(row, part)
            outcomes.append(PartOutcome(part.number, "changed" if changed else "same", row.public_id))
            if changed:
                entries.append(journal.Entry("change_part", "part", row.pk, facts={"changed": changed}))
    made = look.make(fresh)
    look.write()

    entries += [journal.Entry("create_part", "part", row.pk) for row in made.values()]
    journal.write(entries, actor=actor, at=at)
    ids = {row.number: row.public_id for row in (*known.values(), *made.values())}
    return PartsRecorded(
        tuple(PartOutcome(o.number, o.outcome, ids.get(o.number.strip(), ""), o.problems) for o in outcomes)
    )


class _Look:
    """What is known of the parts at hand, read in a few statements, and what is to be written at the end."""

    def __init__(self, parts: Sequence[PartInput], known: dict[str, Part]) -> None:
        codes = {code for part in parts for code, __ in part.customer_numbers or ()}
        keys = {number_key(theirs) for part in parts for __, theirs in part.customer_numbers or ()}
        self.customers = {row.code: row for row in Partner.objects.filter(code__in=codes, is_customer=True)}
        theirs = CustomerPart.objects.filter(number_key__in=keys, partner__code__in=codes)
        self.theirs = {(row.partner_id, row.number_key): row.part_id for row in theirs}
        self.taken: dict[tuple[int, str], str] = {}
        self.units: dict[int, dict[str, PartUnit]] = {}
        for unit in PartUnit.objects.filter(part__in=known.values()):
            self.units.setdefault(unit.part_id, {})[unit.code] = unit
        self.known = known
        self.dirty: list[Part] = []
        self.new_units: list[PartUnit] = []
        self.dirty_units: list[PartUnit] = []
        self.new_theirs: list[CustomerPart] = []

    def problems(self, part: PartInput) -> list[Problem]:
        """List what is impossible about a part."""
        number, found = part.number.strip(), []
        row = self.known.get(number)
        if not number or len(number) > 40:
            found.append(Problem("part", _("A part needs a number of 1 to 40 characters."), "number_missing"))
        if part.description is not None and len(part.description) > 120:
            found.append(Problem("description", _("A description has at most 120 characters."), "too_long"))
        if part.supply_location is not None and len(part.supply_location) > 24:
            found.append(Problem("supply_location", _("A location's code has at most 24 characters."), "too_long"))
        if part.base_unit is not None and part.base_unit not in UNITS:
            found.append(
                Problem(
                    "base_unit", _("Unit {base_unit} is not known.").format(base_unit=part.base_unit), "unknown_unit"
                )
            )
        for name in FIXED:
            wanted = getattr(part, name)
            if row is not None and wanted is not None and wanted != getattr(row, name):
                said = _("{name} of {number} is {kept} and cannot be changed.").format(
                    name=name.replace("_", " "), number=number, kept=getattr(row, name)
                )
                found.append(Problem(name, said, "fixed"))
        found += [
            Problem(
                "units",
                _("Unit {code}: a code of 1 to 3 characters and a ratio above zero.").format(code=code),
                "unit_impossible",
            )
            for code, numerator, denominator in part.units or ()
            if not 1 <= len(code) <= 3 or not 0 < numerator < 2**62 or not 0 < denominator < 2**62
        ]
        for code, theirs in part.customer_numbers or ():
            found += self._problem_of_number(number, row, code, theirs)
        return found

    def _problem_of_number(self, number: str, row: Part | None, code: str, theirs: str) -> list[Problem]:
        customer = self.customers.get(code)
        if customer is None:
            return [Problem("customer", _("There is no customer {code}.").format(code=code), "unknown_customer")]
        if not number_key(theirs) or len(theirs) > 40:
            return [Problem("customer_part", _("A customer's number has 1 to 40 characters."), "number_missing")]
        key = (customer.pk, number_key(theirs))
        held, here = self.theirs.get(key), self.taken.setdefault(key, number)
        if here != number or (held is not None and (row is None or held != row.pk)):
            said = _("{code} uses {theirs} for another part already.").format(code=code, theirs=theirs)
            return [Problem("customer_part", said, "part_number_taken")]
        return []

    def change(self, row: Part, part: PartInput) -> list[str]:
        """Bring a known part to what is said of it; returns the names of what changed."""
        changed = []
        for name in (*TEXTS, *FLAGS):
            wanted = getattr(part, name)
            if wanted is not None and wanted != getattr(row, name):
                setattr(row, name, wanted)
                changed.append(name)
        if changed:
            self.dirty.append(row)
        return changed + self._own_things(row, part)

    def _own_things(self, row: Part, part: PartInput) -> list[str]:
        changed = []
        mine = self.units.setdefault(row.pk, {})
        for code, numerator, denominator in part.units or ():
            unit = mine.get(code)
            if unit is None:
                mine[code] = PartUnit(part=row, code=code, numerator=numerator, denominator=denominator)
                self.new_units.append(mine[code])
                changed.append(f"unit {code}")
            elif (unit.numerator, unit.denominator) != (numerator, denominator):
                unit.numerator, unit.denominator = numerator, denominator
                self.dirty_units.append(unit)
                changed.append(f"unit {code}")
        for code, theirs in part.customer_numbers or ():
            key = (self.customers[code].pk, number_key(theirs))
            if key not in self.theirs:
                self.theirs[key] = row.pk
                self.new_theirs.append(
                    CustomerPart(partner_id=key[0], number=theirs.strip(), number_key=key[1], part=row)
                )
                changed.append(f"number of {code}")
        return changed

    def make(self, fresh: Sequence[PartInput]) -> dict[str, Part]:
        """Write new parts; returns them by number."""
        rows = [
            Part(
                number=part.number.strip(),
                description=part.description or "",
                base_unit=part.base_unit or "PCE",
                made_here=bool(part.made_here),
                lot_tracked=bool(part.lot_tracked),
                supply_location=part.supply_location or "",
            )
            for part in fresh
        ]
        made = Part.objects.bulk_create(rows, batch_size=1000)
        for row, part in zip(made, fresh, strict=True):
            self._own_things(row, part)
        return {row.number: row for row in made}

    def write(self) -> None:
        """Write everything that was changed, table by table."""
        Part.objects.bulk_update(self.dirty, [*TEXTS, *FLAGS], batch_size=500)
        PartUnit.objects.bulk_create(self.new_units, batch_size=1000)
        PartUnit.objects.bulk_update(self.dirty_units, ["numerator", "denominator"], batch_size=500)
        CustomerPart.objects.bulk_create(self.new_theirs, batch_size=1000)
