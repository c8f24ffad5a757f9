"""Lots and suspect goods: blocked and released, traced both ways, recalled."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Code, CodeOrEmpty, Day, Number, PublicId, Reason
from milkrun.api.operations.picking import Sscc
from milkrun.api.operations.sites import SiteCode, site_of
from milkrun.api.routes import reads, runs
from milkrun.kernel.errors import NotFound
from milkrun.parts.queries import part
from milkrun.shipping.commands.recall_goods import recall_goods
from milkrun.shipping.commands.recall_lots import recall_lots
from milkrun.shipping.queries.following import Trace, start_of
from milkrun.shipping.queries.suspect import Suspicion
from milkrun.shipping.queries.suspected import suspected
from milkrun.shipping.queries.trace import backward, forward
from milkrun.stock.commands.block_lot import block_lot
from milkrun.stock.commands.release_lot import release_lot
from milkrun.stock.queries.records import lot_id

router = Router(tags=["store"])


class LotBody(Body):
    """A lot, and why."""

    part_id: PublicId
    lot_no: Annotated[Code, Field(max_length=40)]
    reason: Reason


class LotReply(Schema):
    """The lot's state now; `promised` tells how many reservations of its goods wait for a decision."""

    part_id: str
    lot_no: str
    state: str
    promised: int


class TraceRecord(Schema):
    """A line of a tree: how deep, what it is, its public id where it has a page."""

    level: int
    kind: str
    title: str
    detail: str
    qty: str
    state: str
    id: str


class TraceWay(Schema):
    """One way of a trace; `cut` where there is more than can be followed."""

    rows: list[TraceRecord]
    customers: list[str]
    cut: bool


class TraceReply(Schema):
    """Where it went, and what it came from."""

    kind: str
    number: str
    went_to: TraceWay
    came_from: TraceWay


class TraceQuery(Schema):
    """A lot, a supplier's lot, a heat, a job, a delivery or a handling unit."""

    number: Number


class RecallLotsBody(Body):
    """A lot, a supplier's lot or a heat, and why, as the customers read it."""

    number: Number
    reason: Reason


class LotsRecalledReply(Schema):
    """Lots blocked now, who was told, of which deliveries."""

    blocked: list[str]
    customers: list[str]
    deliveries: list[str]


class SuspectQuery(Schema):
    """A part with the days it was received, a receipt (delivery note or posting), or a handling unit."""

    part: CodeOrEmpty = ""
    received_from: Day | None = None
    received_until: Day | None = None
    receipt: Annotated[CodeOrEmpty, Field(max_length=35)] = ""
    sscc: Sscc | None = None


class RecallGoodsBody(Body):
    """Goods without a lot, and why, as the customers read it."""

    part: CodeOrEmpty = ""
    received_from: Day | None = None
    received_until: Day | None = None
    receipt: CodeOrEmpty = ""
    sscc: Sscc | None = None
    reason: Reason


class GoodsRecalledReply(LotsRecalledReply):
    """What was set apart, and what is still in use and needs a decision."""

    set_apart: list[str]
    left: list[str]


@runs(router, "/lots/block", "block_lot", LotReply)
def post_block(request: HttpRequest, body: LotBody) -> Any:
    """Keep a lot back at every site; a token of single sites may not."""
    part_id = part(body.part_id).id
    done = block_lot(lot_id=lot_id(part_id, body.lot_no) or 0, reason=body.reason, **by(request))
    return LotReply(part_id=body.part_id, lot_no=body.lot_no, state="blocked", promised=len(done.promised))


@runs(router, "/lots/release", "release_lot", LotReply)
def post_lot_release(request: HttpRequest, body: LotBody) -> Any:
    """Release a lot at every site; a token of single sites may not."""
    part_id = part(body.part_id).id
    release_lot(lot_id=lot_id(part_id, body.lot_no) or 0, reason=body.reason, **by(request))
    return LotReply(part_id=body.part_id, lot_no=body.lot_no, state="free", promised=0)


@reads(router, "/trace", "get_trace", TraceReply, action="view_stock")
def get_trace(request: HttpRequest, query: Query[TraceQuery]) -> Any:
    """Follow a number both ways: from a supplier's heat to the customers, and back."""
    start = start_of(query.number)
    if start is None:
        raise NotFound(_("Nothing has this number."), number=query.number)
    return TraceReply(
        kind=start.kind, number=start.title, went_to=_way(forward(start, "UTC")), came_from=_way(backward(start, "UTC"))
    )


def _way(trace: Trace) -> TraceWay:
    return TraceWay(rows=[_row(row) for row in trace.rows], customers=list(trace.customers), cut=trace.cut)


def _row(row: Any) -> TraceRecord:
    return TraceRecord(
        level=row.level, kind=row.kind, title=row.title, detail=row.detail, qty=row.qty, state=row.state,
        id=row.public_id,
    )  # fmt: skip


@runs(router, "/recalls", "recall_lots", LotsRecalledReply)
def post_recall(request: HttpRequest, body: RecallLotsBody) -> Any:
    """Block lots and all made of them at every site, and tell the customers; a token of single sites may not."""
    start = start_of(body.number)
    if start is None or not start.lot_ids:
        raise NotFound(_("No lot, supplier's lot or heat has this number."), number=body.number)
    done = recall_lots(lot_ids=start.lot_ids, reason=body.reason, **by(request))
    return LotsRecalledReply(
        blocked=list(done.blocked), customers=list(done.customers), deliveries=list(done.deliveries)
    )


@reads(router, "/sites/{site}/suspects", "list_suspects", TraceWay, action="view_stock")
def list_suspects(request: HttpRequest, site: SiteCode, query: Query[SuspectQuery]) -> Any:
    """List what may be of goods without a lot: what is here, jobs, lots, calls and deliveries."""
    found = suspected(site_of(site).id, _suspicion(query), "UTC")
    return TraceWay(rows=[_row(row) for row in found.rows], customers=list(found.customers), cut=found.cut)


@runs(router, "/sites/{site}/recalls", "recall_goods", GoodsRecalledReply)
def post_goods_recall(request: HttpRequest, site: SiteCode, body: RecallGoodsBody) -> Any:
    """Set goods without a lot apart, block what was made of them, and tell the customers."""
    done = recall_goods(site_id=site_of(site).id, suspicion=_suspicion(body), reason=body.reason, **by(request))
    return GoodsRecalledReply(
        set_apart=list(done.set_apart), left=list(done.left), blocked=list(done.blocked),
        customers=list(done.customers), deliveries=list(done.deliveries),
    )  # fmt: skip


def _suspicion(given: SuspectQuery | RecallGoodsBody) -> Suspicion:
    return Suspicion(given.part, given.received_from, given.received_until, given.receipt, given.sscc or "")
