"""Orders to suppliers and the receipts against them."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Code, CodeOrEmpty, Count, Cursor, Day, Listed, PartNumber, Quantity, Unit, listed
from milkrun.api.operations.calls import ReasonBody
from milkrun.api.operations.sites import Id, SiteCode, partner_of, site_of
from milkrun.api.routes import reads, runs
from milkrun.parts.errors import UnknownPart
from milkrun.parts.queries.items import parts_by_number
from milkrun.purchasing.commands.close_order import close_order
from milkrun.purchasing.commands.place_order import OrderedGoods, place_order
from milkrun.purchasing.commands.receive_order import receive_order
from milkrun.purchasing.queries.records import (
    OrderRecord,
    ReceiptRecord,
    line_key,
    order_key,
    order_record,
    order_records,
    receipt_records,
)
from milkrun.stock.queries import place

router = Router(tags=["orders"])

NumberOrEmpty = Annotated[CodeOrEmpty, Field(max_length=35)]


class OrderLineBody(Body):
    """So much of a part, in its base unit where none is given; expected with the order where no day is given."""

    part: PartNumber
    qty: Quantity
    unit: Unit = ""
    expected_on: Day | None = None


class OrderBody(Body):
    """An order; it gets the site's next number where none is given."""

    supplier: Annotated[Code, Field(max_length=20)]
    number: NumberOrEmpty = ""
    expected_on: Day
    lines: Annotated[list[OrderLineBody], Field(min_length=1, max_length=500)]


class OrderReceiptBody(Body):
    """Goods that came for a line; where the place is left out, the part's rule says where they go."""

    position: Count
    qty: Quantity
    unit: Unit = ""
    location: Annotated[CodeOrEmpty, Field(max_length=24)] = ""
    lot_no: Annotated[CodeOrEmpty, Field(max_length=40)] = ""
    note_no: NumberOrEmpty = ""
    accept_more: bool = False


class OrderPlacedReply(Schema):
    """The order."""

    order_id: str
    number: str


class GoodsReceivedReply(Schema):
    """What was taken in, in base units, and what is still to come of the line."""

    order_id: str
    receipt_id: str
    qty: str
    open_qty: str
    order_complete: bool


class OrderClosedReply(Schema):
    """Nothing more is expected; `short` names the positions of which less came than ordered."""

    order_id: str
    short: list[int]


class OrderQuery(Cursor):
    """Which orders are wanted."""

    state: Literal["", "open", "received", "closed"] = ""
    supplier: Annotated[CodeOrEmpty, Field(max_length=20)] = ""


@runs(router, "/sites/{site}/orders", "place_order", OrderPlacedReply)
def post_order(request: HttpRequest, site: SiteCode, body: OrderBody) -> Any:
    """Order goods from a supplier."""
    known = parts_by_number(line.part for line in body.lines)
    missing = sorted({line.part for line in body.lines} - set(known))
    if missing:
        raise UnknownPart(_("Not known: {missing}.").format(missing=", ".join(missing)), parts=missing)
    goods = [OrderedGoods(known[line.part][0], line.qty, line.unit, line.expected_on) for line in body.lines]
    done = place_order(
        site_id=site_of(site).id,
        supplier_id=partner_of(body.supplier).id,
        goods=goods,
        expected_on=body.expected_on,
        number=body.number,
        **by(request),
    )
    return OrderPlacedReply(order_id=done.public_id, number=done.number)


@runs(router, "/sites/{site}/orders/{order_id}/receive", "receive_order", GoodsReceivedReply)
def post_receipt(request: HttpRequest, site: SiteCode, order_id: Id, body: OrderReceiptBody) -> Any:
    """Take goods in that were ordered; less than ordered leaves the rest to come."""
    site_id = site_of(site).id
    done = receive_order(
        line_id=line_key(site_id, order_id, body.position),
        qty=body.qty,
        unit=body.unit,
        location_id=place(site_id, body.location).pk if body.location else None,
        lot_no=body.lot_no,
        note_no=body.note_no,
        accept_more=body.accept_more,
        **by(request),
    )
    return GoodsReceivedReply(
        order_id=order_id,
        receipt_id=done.public_id,
        qty=f"{done.qty:f}",
        open_qty=f"{done.open_qty:f}",
        order_complete=done.order_complete,
    )


@runs(router, "/sites/{site}/orders/{order_id}/close", "close_order", OrderClosedReply)
def post_closing(request: HttpRequest, site: SiteCode, order_id: Id, body: ReasonBody) -> Any:
    """Stop expecting goods of an order."""
    done = close_order(order_id=order_key(site_of(site).id, order_id), reason=body.reason, **by(request))
    return OrderClosedReply(order_id=order_id, short=list(done.short))


@reads(router, "/sites/{site}/orders", "list_orders", Listed[OrderRecord], action="view_stock")
def list_orders(request: HttpRequest, site: SiteCode, query: Query[OrderQuery]) -> Any:
    """List orders with their lines, newest first."""
    return listed(order_records(site_of(site).id, query.state, query.supplier, query.cursor, query.limit))


@reads(router, "/sites/{site}/orders/{order_id}", "get_order", OrderRecord, action="view_stock")
def get_order(request: HttpRequest, site: SiteCode, order_id: Id) -> Any:
    """Read one order with its lines and what came of them."""
    return order_record(site_of(site).id, order_id)


@reads(router, "/sites/{site}/receipts", "list_receipts", Listed[ReceiptRecord], action="view_stock")
def list_receipts(request: HttpRequest, site: SiteCode, query: Query[Cursor]) -> Any:
    """List receipts against orders, newest first."""
    return listed(receipt_records(site_of(site).id, query.cursor, query.limit))
