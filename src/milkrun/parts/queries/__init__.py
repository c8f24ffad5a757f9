"""Reads of parts: by number, by a customer's number, and as people type them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Hit
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.measure.unit import convert
from milkrun.parts.models import BomLine, CustomerPart, Part, PartUnit
from milkrun.parts.queries.recipe import Need, component_ids, explode

__all__ = [
    "Need",
    "PartView",
    "component_ids",
    "customer_parts",
    "explode",
    "find",
    "in_base_unit",
    "number_key",
    "own_units",
    "part",
]


@dataclass(frozen=True, slots=True)
class PartView:
    """A part with its units, its customers' numbers and what goes into it."""

    id: int
    public_id: str
    number: str
    description: str
    base_unit: str
    made_here: bool
    lot_tracked: bool
    make_to_order: bool
    units: tuple[str, ...]
    customer_numbers: tuple[tuple[str, str], ...]
    bom: tuple[tuple[str, str, str], ...]


def part(public_id: str) -> PartView:
    """Read one part.

    Raises:
        NotFound: there is none.
    """
    row = Part.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("This part does not exist. Search for its number."), public_id=public_id)
    units = PartUnit.objects.filter(part=row).order_by("code").values_list("code", flat=True)
    numbers = CustomerPart.objects.filter(part=row).order_by("partner__code", "number")
    lines = BomLine.objects.filter(part=row).select_related("component").order_by("component__number")
    return PartView(
        row.id, row.public_id, row.number, row.description, row.base_unit, row.made_here, row.lot_tracked,
        row.make_to_order,
        (row.base_unit, *units),
        tuple(numbers.values_list("partner__code", "number")),
        tuple((line.component.number, line.component.public_id, f"{line.qty:f}") for line in lines),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartLife:
    """What a part costs by standard, where it stands in its life, and what comes before and after it."""

    cost_minor: int | None
    cost_basis: int
    currency: str
    stage: str
    obsolete_on: date | None
    shelf_life_days: int | None
    successor: str
    successor_public_id: str
    predecessors: tuple[tuple[str, str], ...]


def life(part_id: int) -> PartLife:
    """Read a part's cost and life."""
    row = Part.objects.select_related("successor").get(pk=part_id)
    before = row.predecessors.order_by("number").values_list("number", "public_id")
    return PartLife(
        row.cost_minor, row.cost_basis, row.cost_currency, row.stage, row.obsolete_on, row.shelf_life_days,
        row.successor.number if row.successor else "", row.successor.public_id if row.successor else "",
        tuple(before),
    )  # fmt: skip


def find(text: str, limit: int = 8) -> list[Hit]:
    """Find parts by our number or a customer's, blanks and case aside; exact ones first."""
    key = "".join(text.split()).upper()
    if not key:
        return []
    ours = Part.objects.filter(Q(number__istartswith=text.strip()) | Q(number__iexact=key))
    hits = [
        Hit("part", row.number, row.description, row.public_id, row.number.replace(" ", "").upper() == key)
        for row in ours.order_by("number")[:limit]
    ]
    theirs = CustomerPart.objects.filter(number_key__startswith=key).select_related("part", "partner")
    hits += [
        Hit("part", row.part.number, f"{row.partner.code} {row.number}", row.part.public_id, row.number_key == key)
        for row in theirs.order_by("number_key")[:limit]
    ]
    unique = {hit.public_id: hit for hit in sorted(hits, key=lambda hit: hit.exact)}
    return sorted(unique.values(), key=lambda hit: (not hit.exact, hit.label))[:limit]


def number_key(number: str) -> str:
    """Bring a part number into the form that is compared: no blanks, upper case.

    Example:
        >>> number_key("5N0 881 105 a")
        '5N0881105A'
    """
    return "".join(number.split()).upper()


def in_base_unit(part: Part, qty: Decimal, unit_code: str, own_units: Iterable[PartUnit] = ()) -> Decimal:
    """Convert an entered quantity into the part's base unit, exactly or not at all.

    Args:
        part: whose base unit is wanted.
        qty: the entered quantity.
        unit_code: the entered unit.
        own_units: the part's own units (boxes), which win over the general ones.

    Raises:
        milkrun.measure.unit.UnknownUnit: nobody knows the code.
        milkrun.measure.unit.Inconvertible: the units do not fit, or the result is not exact.
    """
    pack = next((Fraction(u.numerator, u.denominator) for u in own_units if u.code == unit_code), None)
    return from_micro(convert(to_micro(qty), unit_code, part.base_unit, pack=pack))


def customer_parts(partner_id: int, numbers: Iterable[str]) -> dict[str, CustomerPart]:
    """Find parts by a customer's numbers; keyed by the compared form."""
    keys = {number_key(number) for number in numbers}
    rows = CustomerPart.objects.filter(partner_id=partner_id, number_key__in=keys).select_related("part")
    return {row.number_key: row for row in rows}


def own_units(part_ids: Iterable[int]) -> dict[int, list[PartUnit]]:
    """Find the units that parts define themselves, by part."""
    found: dict[int, list[PartUnit]] = {}
    for row in PartUnit.objects.filter(part_id__in=list(part_ids)):
        found.setdefault(row.part_id, []).append(row)
    return found
