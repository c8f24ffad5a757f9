"""Items as other systems read them: with their units, customers' numbers and bill of material."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.parts.models import BomLine, CustomerPart, Part


@dataclass(frozen=True, slots=True)
class OwnUnitRecord:
    """A unit of the part's own: `numerator`/`denominator` base units in one of it."""

    code: str
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class CustomerNumberRecord:
    """Under which number a customer calls for the part."""

    customer: str
    number: str


@dataclass(frozen=True, slots=True)
class ComponentOfPart:
    """What goes into one base unit of the part."""

    part_id: str
    part: str
    qty: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class PartRecord:
    """A part as master data."""

    id: str
    part: str
    description: str
    base_unit: str
    made_here: bool
    lot_tracked: bool
    supply_location: str
    units: tuple[OwnUnitRecord, ...]
    customer_numbers: tuple[CustomerNumberRecord, ...]
    bom: tuple[ComponentOfPart, ...]


def part_records(text: str = "", after: str = "", limit: int = 50) -> Page[PartRecord]:
    """List parts by number; `text` is looked for in numbers, customers' numbers and descriptions."""
    rows = Part.objects.order_by("number")
    wanted = text.strip()
    if wanted:
        theirs = CustomerPart.objects.filter(number__icontains=wanted).values("part")
        rows = rows.filter(Q(number__icontains=wanted) | Q(description__icontains=wanted) | Q(pk__in=theirs))
    start = position(after, str)
    if start:
        rows = rows.filter(number__gt=start[0])
    found = list(_with_all(rows)[: limit + 1])
    return page_of([_record(row) for row in found], limit, cursor(found[:limit][-1].number) if found else "")


def part_record(public_id: str) -> PartRecord:
    """Read one part.

    Raises:
        NotFound: there is none.
    """
    row = _with_all(Part.objects.filter(public_id=public_id)).first()
    if row is None:
        raise NotFound(_("This part does not exist. Search for its number."), part_id=public_id)
    return _record(row)


def bom_rows() -> Iterator[dict[str, object]]:
    """Give every line of every bill of material, in the columns of the table of bills, for an export."""
    rows = BomLine.objects.order_by("part__number", "component__number").select_related("part", "component")
    for row in rows.iterator(chunk_size=2000):
        yield {"part": row.part.number, "component": row.component.number, "qty": row.qty}


def parts_by_number(numbers: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Find parts by their numbers: (key, base unit) by number; unknown ones are left out."""
    rows = Part.objects.filter(number__in=set(numbers)).values_list("number", "id", "base_unit")
    return {number: (key, unit) for number, key, unit in rows}


def _with_all(rows: QuerySet[Part]) -> QuerySet[Part]:
    return rows.prefetch_related("units", "customer_numbers__partner", "bom__component")


def _record(row: Part) -> PartRecord:
    return PartRecord(
        row.public_id, row.number, row.description, row.base_unit, row.made_here, row.lot_tracked, row.supply_location,
        tuple(OwnUnitRecord(u.code, u.numerator, u.denominator) for u in sorted(row.units.all(), key=lambda u: u.code)),
        tuple(
            CustomerNumberRecord(n.partner.code, n.number)
            for n in sorted(row.customer_numbers.all(), key=lambda n: (n.partner.code, n.number))
        ),
        tuple(
            ComponentOfPart(b.component.public_id, b.component.number, b.qty, b.component.base_unit)
            for b in sorted(row.bom.all(), key=lambda b: b.component.number)
        ),
    )  # fmt: skip
