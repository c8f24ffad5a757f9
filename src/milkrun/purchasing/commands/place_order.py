"""Order goods from a supplier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal, numbering
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.measure.quantity import trouble_with
from milkrun.measure.unit import Inconvertible, UnknownUnit
from milkrun.partners.models import Partner, Site
from milkrun.parts.models import Part, PartUnit
from milkrun.parts.queries import in_base_unit, own_units
from milkrun.purchasing.errors import OrderNumberTaken, UnknownSupplier
from milkrun.purchasing.models import PurchaseOrder, PurchaseOrderLine


@dataclass(frozen=True, slots=True)
class OrderedGoods:
    """So much of a part, in its base unit where none is given; expected with the order where no date is given."""

    part_id: int
    qty: Decimal
    unit: str = ""
    expected_on: date | None = None


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """An order to a supplier; lines in the order given."""

    order_id: int
    public_id: str
    number: str
    line_ids: tuple[int, ...]


@command
def place_order(
    *,
    site_id: int,
    supplier_id: int,
    goods: Sequence[OrderedGoods],
    expected_on: date,
    actor: Actor,
    at: datetime,
    number: str = "",
    over_basis_points: int = 0,
    request: Request | None = None,
) -> OrderPlaced:
    """Make an order.

    Args:
        goods: 1 to 500 lines.
        expected_on: the day the goods are expected at the site.
        number: the order's number; the next of the site's own where none is given.
        over_basis_points: how much more than ordered is taken in without a word (500 = 5 %).

    Raises:
        UnknownSupplier: no supplier has this key.
        OrderNumberTaken: the number is in use at this site.
        Invalid: names every problem with lines, units and tolerance.
    """
    supplier = Partner.objects.filter(pk=supplier_id, is_supplier=True).first()
    if supplier is None:
        raise UnknownSupplier(_("This supplier is not known. Make the partner a supplier first."))
    parts = Part.objects.in_bulk([line.part_id for line in goods])
    units = own_units(parts)
    problems = _problems(goods, over_basis_points, number)
    quantities: list[Decimal] = []
    for position, line in enumerate(goods, 1):
        qty, problem = _in_base_unit(line, parts.get(line.part_id), units.get(line.part_id, []), position)
        quantities.append(qty)
        problems += [problem] if problem else []
    if problems:
        raise Invalid(problems)
    if number and PurchaseOrder.objects.filter(site_id=site_id, number=number.strip()).exists():
        raise OrderNumberTaken(_("Order {number} exists at this site.").format(number=number), number=number)

    order = PurchaseOrder.objects.create(
        site_id=site_id, number=number.strip() or _own_number(site_id), supplier=supplier, expected_on=expected_on,
        over_basis_points=over_basis_points, placed_at=at,
    )  # fmt: skip
    lines = [
        PurchaseOrderLine.objects.create(
            site_id=site_id, order=order, position=position, part_id=line.part_id, qty=qty,
            expected_on=line.expected_on or expected_on,
        )
        for position, (line, qty) in enumerate(zip(goods, quantities, strict=True), 1)
    ]  # fmt: skip

    facts = {"supplier": supplier.code, "lines": len(lines), "expected_on": expected_on.isoformat()}
    entry = journal.Entry("place_order", "purchase_order", order.pk, site_id=site_id, after=order.state, facts=facts)
    journal.write([entry], actor=actor, at=at)
    return OrderPlaced(order.pk, order.public_id, order.number, tuple(line.pk for line in lines))


def _own_number(site_id: int) -> str:
    """Take the site's next number that nobody typed by hand before."""
    code = Site.objects.values_list("code", flat=True).get(pk=site_id)
    while True:
        number = f"PO-{code}-{numbering.take(f'purchase_order:{site_id}'):06d}"
        if not PurchaseOrder.objects.filter(site_id=site_id, number=number).exists():
            return number


def _problems(goods: Sequence[OrderedGoods], over_basis_points: int, number: str) -> list[Problem]:
    found = []
    if not 1 <= len(goods) <= 500:
        found.append(Problem("lines", _("An order has 1 to 500 lines."), "lines_missing"))
    if not 0 <= over_basis_points <= 10_000:
        found.append(Problem("over", _("The tolerance is 0 to 100 per cent."), "tolerance_impossible"))
    if len(number.strip()) > 35:
        found.append(Problem("number", _("An order number has at most 35 characters."), "too_long"))
    return found


def _in_base_unit(
    line: OrderedGoods, part: Part | None, units: list[PartUnit], position: int
) -> tuple[Decimal, Problem | None]:
    if part is None:
        return Decimal(0), Problem(
            "part", _("Line {position}: this part does not exist.").format(position=position), "unknown_part"
        )
    trouble = trouble_with(line.qty)
    if trouble:
        return Decimal(0), Problem(
            "qty", _("Line {position}: {trouble}").format(position=position, trouble=trouble), "not_positive"
        )
    try:
        return in_base_unit(part, line.qty, line.unit or part.base_unit, units), None
    except (UnknownUnit, Inconvertible) as problem:
        return Decimal(0), Problem(
            "unit", _("Line {position}: {problem}").format(position=position, problem=problem), "unit_not_convertible"
        )
