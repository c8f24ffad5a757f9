"""Reads of purchasing: orders with what has come and what is still to come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import moment, quantity
from milkrun.partners.models import Partner
from milkrun.parts.queries import number_key
from milkrun.purchasing.models import PurchaseOrder, PurchaseOrderLine, Receipt
from milkrun.stock.queries.space import Exceeded, destination, overflow


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order to a supplier."""

    id: int
    public_id: str
    number: str
    supplier: str
    supplier_name: str
    state: str
    expected_on: date
    lines: int
    open_lines: int


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    """A line with what has come of it; quantities in the part's base unit."""

    id: int
    public_id: str
    position: int
    part_id: int
    part_public_id: str
    part_number: str
    description: str
    unit: str
    lot_tracked: bool
    qty: Decimal
    received: Decimal
    left: Decimal
    expected_on: date
    order_number: str = ""
    order_public_id: str = ""
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """Goods that came."""

    id: int
    position: int
    part_number: str
    qty: str
    note_no: str
    at: str
    by: str
    state: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with its lines and receipts."""

    row: OrderRow
    over_percent: str
    lines: tuple[OrderLineRow, ...]
    receipts: tuple[ReceiptRow, ...]


def orders(site_id: int, state: str = "open", text: str = "", after: str = "", limit: int = 50) -> Page[OrderRow]:
    """List orders of a site, what is expected first on top; `text` finds numbers, suppliers and parts."""
    rows = PurchaseOrder.objects.filter(site_id=site_id).order_by("expected_on", "id").select_related("supplier")
    if state:
        rows = rows.filter(state=state)
    if text.strip():
        key = text.strip()
        by_part = PurchaseOrderLine.objects.filter(site_id=site_id, part__number__icontains=key).values("order_id")
        rows = rows.filter(Q(number__icontains=key) | Q(supplier__code__icontains=key) | Q(pk__in=by_part))
    start = position(after, str, int)
    if start:
        day = date.fromisoformat(start[0])
        rows = rows.filter(expected_on__gt=day) | rows.filter(expected_on=day, id__gt=start[1])
    found = list(rows[: limit + 1])
    counts = _line_counts([row.pk for row in found])
    last = found[:limit][-1] if found else None
    return page_of(
        [_order(row, counts) for row in found], limit, cursor(last.expected_on.isoformat(), last.pk) if last else ""
    )


def order(site_id: int, public_id: str, zone: str) -> OrderView:
    """Read one order.

    Raises:
        NotFound: there is none at this site.
    """
    row = PurchaseOrder.objects.filter(site_id=site_id, public_id=public_id).select_related("supplier").first()
    if row is None:
        raise NotFound(_("This order does not exist at this site."), public_id=public_id)
    receipts = Receipt.objects.filter(line__order=row).select_related("line__part").order_by("-id")
    return OrderView(
        _order(row, _line_counts([row.pk])),
        f"{Decimal(row.over_basis_points) / 100:f}",
        tuple(_line(line) for line in _lines().filter(order=row).order_by("position")),
        tuple(
            ReceiptRow(r.pk, r.line.position, r.line.part.number, quantity(r.qty, r.line.part.base_unit), r.note_no,
                       moment(r.received_at, zone), r.received_by, r.state)
            for r in receipts
        ),
    )  # fmt: skip


def expected_lines(site_id: int, scan: str, supplier_lot: str = "", limit: int = 20) -> list[OrderLineRow]:
    """Find open lines that a scan may mean: by order number, our part number or a customer's, earliest first."""
    text, key = scan.strip(), number_key(scan)
    rows = _lines().filter(site_id=site_id, order__state="open", received_qty__lt=F("qty"))
    found = (
        rows.filter(order__number__iexact=text)
        | rows.filter(part__number__iexact=text)
        | rows.filter(part__number__iexact=key)
    )
    return [_line(row) for row in found.order_by("expected_on", "id")[:limit]]


def order_line(site_id: int, public_id: str) -> OrderLineRow:
    """Read one line.

    Raises:
        NotFound: there is none at this site.
    """
    row = _lines().filter(site_id=site_id, public_id=public_id).first()
    if row is None:
        raise NotFound(_("This line of an order does not exist at this site."), public_id=public_id)
    return _line(row)


def receipt_id(site_id: int, order_public_id: str, key: int) -> int:
    """Return the key of a receipt of an order.

    Raises:
        NotFound: it belongs to another order.
    """
    rows = Receipt.objects.filter(site_id=site_id, line__order__public_id=order_public_id, pk=key)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(_("This receipt does not belong to the order."), receipt=key)
    return found


def on_order(site_id: int, part_ids: Iterable[int]) -> dict[int, Decimal]:
    """Sum what is still to come of parts on open orders of a site, in base units; parts without any are left out."""
    rows = PurchaseOrderLine.objects.filter(
        site_id=site_id, part_id__in=list(part_ids), order__state="open", received_qty__lt=F("qty")
    )
    summed = rows.values("part_id").annotate(ordered=Sum("qty"), came=Sum("received_qty")).order_by()
    return {row["part_id"]: row["ordered"] - row["came"] for row in summed}


def flags(site_id: int, lines: Iterable[OrderLineRow]) -> dict[int, tuple[Exceeded, ...]]:
    """Name, by line, the limits that its goods would exceed where they are received or put away, as it stands now."""
    found: dict[int, tuple[Exceeded, ...]] = {}
    for line in lines:
        if line.left > 0:
            exceeded = overflow(site_id, destination(site_id, line.part_id).pk, [(line.part_id, line.left)])
            if exceeded:
                found[line.id] = exceeded
    return found


def suppliers() -> list[tuple[int, str, str]]:
    """List suppliers as (key, code, name)."""
    return list(Partner.objects.filter(is_supplier=True).order_by("code").values_list("pk", "code", "name"))


def _lines() -> QuerySet[PurchaseOrderLine]:
    return PurchaseOrderLine.objects.select_related("part", "order__supplier")


def _line_counts(order_ids: list[int]) -> dict[int, tuple[int, int]]:
    counts: dict[int, tuple[int, int]] = {}
    rows = PurchaseOrderLine.objects.filter(order_id__in=order_ids).values_list("order_id", "qty", "received_qty")
    for order_id, qty, came in rows:
        lines, still = counts.get(order_id, (0, 0))
        counts[order_id] = (lines + 1, still + (came < qty))
    return counts


def _order(row: PurchaseOrder, counts: dict[int, tuple[int, int]]) -> OrderRow:
    lines, still = counts.get(row.pk, (0, 0))
    return OrderRow(
        row.pk, row.public_id, row.number, row.supplier.code, row.supplier.name, row.state, row.expected_on, lines,
        still if row.state == "open" else 0,
    )  # fmt: skip


def _line(row: PurchaseOrderLine) -> OrderLineRow:
    return OrderLineRow(
        row.pk, row.public_id, row.position, row.part_id, row.part.public_id, row.part.number, row.part.description,
        row.part.base_unit, row.part.lot_tracked, row.qty, row.received_qty,
        max(row.qty - row.received_qty, Decimal(0)), row.expected_on, row.order.number, row.order.public_id,
        row.order.supplier.code,
    )  # fmt: skip
