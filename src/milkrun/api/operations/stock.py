"""Stock: taken in, moved, taken back; what is where, and the feed of all movements."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Code, CodeOrEmpty, Cursor, Listed, PublicId, Quantity, Unit, Words, listed
from milkrun.api.operations.calls import ReasonBody
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.routes import reads, runs
from milkrun.parts.queries import part
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.commands.reverse_posting import reverse_posting
from milkrun.stock.queries import place
from milkrun.stock.queries.feed import MovementRecord, movement_feed
from milkrun.stock.queries.records import (
    BalanceRecord,
    ItemDetail,
    ItemRecord,
    balance_records,
    item_record,
    item_records,
    lot_id,
    posting_public_id,
)
from milkrun.stock.queries.records import posting_id as posting_key

router = Router(tags=["stock"])

LotNo = Annotated[CodeOrEmpty, Field(max_length=40)]


class ReceiveStock(Body):
    """Goods that came in; in the part's base unit where no unit is given."""

    part_id: PublicId
    location: Code
    qty: Quantity
    unit: Unit = ""
    lot_no: LotNo = ""
    reason: Words = ""


class MoveStock(Body):
    """Goods that go to another place of the site, in the part's base unit."""

    part_id: PublicId
    from_location: Code
    to_location: Code
    qty: Quantity
    lot_no: LotNo = ""
    reason: Words = ""


class PostingReply(Schema):
    """The posting that was written."""

    posting_id: str


class PostingReversedReply(Schema):
    """The posting that takes the other one back."""

    posting_id: str
    reverses: str


class ItemQuery(Cursor):
    """Which parts are wanted; the text is looked for in numbers and descriptions."""

    text: CodeOrEmpty = ""


class BalanceQuery(Cursor):
    """Which places are wanted."""

    location: CodeOrEmpty = ""


@runs(router, "/sites/{site}/stock/receipts", "receive_stock", PostingReply)
def post_receipt(request: HttpRequest, site: SiteCode, body: ReceiveStock) -> Any:
    """Take goods in without an order."""
    site_id = site_of(site).id
    done = receive_stock(
        site_id=site_id,
        part_id=part(body.part_id).id,
        location_id=place(site_id, body.location).pk,
        qty=body.qty,
        unit=body.unit,
        lot_no=body.lot_no,
        reason=body.reason,
        **by(request),
    )
    return PostingReply(posting_id=posting_public_id(done.posting_id))


@runs(router, "/sites/{site}/stock/moves", "move_stock", PostingReply)
def post_move(request: HttpRequest, site: SiteCode, body: MoveStock) -> Any:
    """Move free goods from one place to another."""
    site_id, part_id = site_of(site).id, part(body.part_id).id
    done = move_stock(
        site_id=site_id,
        part_id=part_id,
        from_location_id=place(site_id, body.from_location).pk,
        to_location_id=place(site_id, body.to_location).pk,
        qty=body.qty,
        lot_id=lot_id(part_id, body.lot_no),
        reason=body.reason,
        **by(request),
    )
    return PostingReply(posting_id=posting_public_id(done.posting_id))


@runs(router, "/sites/{site}/stock/postings/{posting_id}/reverse", "reverse_posting", PostingReversedReply)
def post_reversal(request: HttpRequest, site: SiteCode, posting_id: Id, body: ReasonBody) -> Any:
    """Take back a receipt or a move by a contra posting."""
    key = posting_key(site_of(site).id, posting_id)
    done = reverse_posting(posting_id=key, reason=body.reason, **by(request))
    return PostingReversedReply(posting_id=posting_public_id(done.posting_id), reverses=posting_id)


@reads(router, "/sites/{site}/stock/items", "list_stock_items", Listed[ItemRecord], action="view_stock")
def list_stock_items(request: HttpRequest, site: SiteCode, query: Query[ItemQuery]) -> Any:
    """List parts by number with their stock."""
    return listed(item_records(site_of(site).id, query.text, query.cursor, query.limit))


@reads(router, "/sites/{site}/stock/items/{part_id}", "get_stock_item", ItemDetail, action="view_stock")
def get_stock_item(request: HttpRequest, site: SiteCode, part_id: Id) -> Any:
    """Read one part's stock with the places where it stands."""
    return item_record(site_of(site).id, part_id)


@reads(router, "/sites/{site}/stock/balances", "list_stock_balances", Listed[BalanceRecord], action="view_stock")
def list_stock_balances(request: HttpRequest, site: SiteCode, query: Query[BalanceQuery]) -> Any:
    """List what stands where, by lot, owner and handling unit."""
    return listed(balance_records(site_of(site).id, query.location, query.cursor, query.limit))


@reads(router, "/sites/{site}/stock/movements", "list_stock_movements", Listed[MovementRecord], action="view_stock")
def list_stock_movements(request: HttpRequest, site: SiteCode, query: Query[Cursor]) -> Any:
    """Read the feed of movements, oldest first: each committed movement exactly once, in whatever order they ended.

    Ask again with `next_cursor`; it is there also when nothing new came.
    """
    return listed(movement_feed(site_of(site).id, query.cursor, query.limit))
