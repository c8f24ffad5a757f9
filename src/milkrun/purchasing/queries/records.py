"""Orders and receipts as other systems read them: plain values, public ids, nothing worded for people."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.purchasing.models import PurchaseOrder, PurchaseOrderLine, Receipt


@dataclass(frozen=True, slots=True)
class OrderLineRecord:
    """A line; quantities in the part's base unit."""

    position: int
    part_id: str
    part: str
    qty: Decimal
    received_qty: Decimal
    unit: str
    expected_on: date


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order to a supplier with its lines."""

    id: str
    number: str
    supplier: str
    state: str
    expected_on: date
    placed_at: datetime
    lines: tuple[OrderLineRecord, ...]


@dataclass(frozen=True, slots=True)
class ReceiptRecord:
    """Goods that came for a line of an order."""

    id: str
    order_id: str
    order: str
    position: int
    part: str
    qty: Decimal
    unit: str
    note_no: str
    state: str
    received_at: datetime
    received_by: str


def order_records(
    site_id: int, state: str = "", supplier: str = "", after: str = "", limit: int = 50
) -> Page[OrderRecord]:
    """List orders of a site, newest first."""
    rows = _orders(site_id).order_by("-pk")
    if state:
        rows = rows.filter(state=state)
    if supplier:
        rows = rows.filter(supplier__code=supplier)
    start = position(after, int)
    if start:
        rows = rows.filter(pk__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_order(row) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def order_record(site_id: int, public_id: str) -> OrderRecord:
    """Read one order.

    Raises:
        NotFound: there is none at this site.
    """
    return _order(_row(site_id, public_id))


def order_by_number(site_id: int, number: str) -> OrderRecord | None:
    """Find an order by its number."""
    row = _orders(site_id).filter(number=number.strip()).first()
    return _order(row) if row else None


def order_key(site_id: int, public_id: str) -> int:
    """Turn a public id into a key.

    Raises:
        NotFound: there is none at this site.
    """
    return _row(site_id, public_id).pk


def line_key(site_id: int, order_public_id: str, line_no: int) -> int:
    """Turn an order's public id and a position into the line's key.

    Raises:
        NotFound: the order has no such line.
    """
    rows = PurchaseOrderLine.objects.filter(site_id=site_id, order__public_id=order_public_id, position=line_no)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(
            _("The order has no line {line_no}.").format(line_no=line_no), order_id=order_public_id, position=line_no
        )
    return found


def receipt_records(site_id: int, after: str = "", limit: int = 50) -> Page[ReceiptRecord]:
    """List receipts against orders, newest first."""
    rows = Receipt.objects.filter(site_id=site_id).select_related("line__order", "line__part").order_by("-pk")
    start = position(after, int)
    if start:
        rows = rows.filter(pk__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_receipt(row) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def _row(site_id: int, public_id: str) -> PurchaseOrder:
    row = _orders(site_id).filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("This order does not exist at this site."), order_id=public_id)
    return row


def _orders(site_id: int) -> QuerySet[PurchaseOrder]:
    rows = PurchaseOrder.objects.filter(site_id=site_id)
    return rows.select_related("supplier").prefetch_related("lines__part")


def _order(row: PurchaseOrder) -> OrderRecord:
    lines = sorted(row.lines.all(), key=lambda line: line.position)
    return OrderRecord(
        row.public_id, row.number, row.supplier.code, row.state, row.expected_on, row.placed_at,
        tuple(
            OrderLineRecord(
                line.position, line.part.public_id, line.part.number, line.qty, line.received_qty, line.part.base_unit,
                line.expected_on,
            )
            for line in lines
        ),
    )  # fmt: skip


def _receipt(row: Receipt) -> ReceiptRecord:
    line = row.line
    return ReceiptRecord(
        row.public_id, line.order.public_id, line.order.number, line.position, line.part.number, row.qty,
        line.part.base_unit, row.note_no, row.state, row.received_at, row.received_by,
    )  # fmt: skip
