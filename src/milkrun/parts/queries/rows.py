"""Parts and their bills as rows, for exports; the columns are those of the tables that take them in again."""

from collections.abc import Iterator

from milkrun.parts.models import BomLine, CustomerPart, Part, PartUnit


def part_rows() -> Iterator[dict[str, object]]:
    """Give every part by number, once for each customer's number of it."""
    units: dict[int, list[str]] = {}
    for row in PartUnit.objects.order_by("part_id", "code"):
        ratio = f"{row.numerator}" if row.denominator == 1 else f"{row.numerator}/{row.denominator}"
        units.setdefault(row.part_id, []).append(f"{row.code}={ratio}")
    theirs: dict[int, list[tuple[str, str]]] = {}
    numbers = CustomerPart.objects.order_by("part_id", "partner__code", "number")
    for part_id, code, number in numbers.values_list("part_id", "partner__code", "number"):
        theirs.setdefault(part_id, []).append((code, number))
    for part in Part.objects.order_by("number").iterator(chunk_size=2000):
        for customer, number in theirs.get(part.pk, [("", "")]):
            yield {
                "part": part.number,
                "description": part.description,
                "base_unit": part.base_unit,
                "made_here": "yes" if part.made_here else "no",
                "lot_tracked": "yes" if part.lot_tracked else "no",
                "supply_location": part.supply_location,
                "units": " ".join(units.get(part.pk, ())),
                "customer": customer,
                "customer_part": number,
            }


def bom_rows() -> Iterator[dict[str, object]]:
    """Give every line of every bill of material, by part."""
    rows = BomLine.objects.order_by("part__number", "component__number")
    for part, component, qty in rows.values_list("part__number", "component__number", "qty").iterator(chunk_size=2000):
        yield {"part": part, "component": component, "qty": qty}
