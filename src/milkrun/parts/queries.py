"""Reads of parts: by number, by a customer's number, and as people type them."""

from dataclasses import dataclass

from django.db.models import Q

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Hit
from milkrun.parts.models import BomLine, CustomerPart, Part, PartUnit


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
        raise NotFound("This part does not exist. Search for its number.", public_id=public_id)
    units = PartUnit.objects.filter(part=row).order_by("code").values_list("code", flat=True)
    numbers = CustomerPart.objects.filter(part=row).order_by("partner__code", "number")
    lines = BomLine.objects.filter(part=row).select_related("component").order_by("component__number")
    return PartView(
        row.id, row.public_id, row.number, row.description, row.base_unit, row.made_here, row.lot_tracked,
        (row.base_unit, *units),
        tuple(numbers.values_list("partner__code", "number")),
        tuple((line.component.number, line.component.public_id, f"{line.qty:f}") for line in lines),
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
