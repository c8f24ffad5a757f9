"""What making a part uses up: its bill of material, through phantoms down to what is kept in stock."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from milkrun.measure.quantity import MICRO, from_micro, to_micro
from milkrun.parts.models import BomLine

# A bill of material that is deeper than this is a ring.
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Need:
    """A component that a quantity of a part uses up."""

    component_id: int
    number: str
    qty: Decimal
    supply_location: str


def explode(part_id: int, qty: Decimal) -> list[Need]:
    """List what making a quantity uses up, in base units of each component.

    A phantom is never kept in stock, so what it is made of is listed in its place. The product of figures with six
    decimals is rounded once, half to even, at the micro-unit.
    """
    made = Fraction(to_micro(qty))
    lines = _lines({part_id})
    each: dict[int, Fraction] = {}
    rows: dict[int, BomLine] = {}
    for line, share in _kept(part_id, Fraction(1), lines):
        each[line.component_id] = each.get(line.component_id, Fraction(0)) + share
        rows[line.component_id] = line
    return [
        Need(key, rows[key].component.number, from_micro(round(made * share)), rows[key].component.supply_location)
        for key, share in sorted(each.items())
    ]


def component_ids(part_ids: Iterable[int]) -> set[int]:
    """List what goes into any of these parts, phantoms replaced by what they are made of."""
    wanted = set(part_ids)
    lines = _lines(wanted)
    return {line.component_id for part_id in wanted for line, _ in _kept(part_id, Fraction(1), lines)}


def _lines(part_ids: Iterable[int]) -> dict[int, list[BomLine]]:
    """Load the bills of material of these parts and of the phantoms in them, level by level."""
    found: dict[int, list[BomLine]] = {}
    wanted = set(part_ids)
    for _ in range(DEEPEST):
        if not wanted:
            break
        rows = BomLine.objects.filter(part_id__in=wanted).select_related("component").order_by("component_id")
        found.update({part_id: [] for part_id in wanted})
        for row in rows:
            found[row.part_id].append(row)
        wanted = {row.component_id for row in rows if row.component.phantom} - set(found)
    return found


def _kept(part_id: int, share: Fraction, lines: dict[int, list[BomLine]]) -> list[tuple[BomLine, Fraction]]:
    found = []
    for line in lines.get(part_id, ()):
        each = share * Fraction(to_micro(line.qty), MICRO)
        found += _kept(line.component_id, each, lines) if line.component.phantom else [(line, each)]
    return found
