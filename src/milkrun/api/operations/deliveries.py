"""Deliveries: made, picked, issued, billed, taken back."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Cursor, Listed, Reason, listed
from milkrun.api.operations.calls import Calls, Nothing, ReasonBody, keys
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.routes import reads, runs
from milkrun.shipping.commands.add_to_delivery import add_to_delivery
from milkrun.shipping.commands.cancel_delivery import cancel_delivery
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.remove_from_delivery import remove_from_delivery
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.shipping.commands.split_delivery import split_delivery
from milkrun.shipping.queries.records import DeliveryDetail, DeliveryRecord, delivery_record, delivery_records
from milkrun.shipping.queries.records import delivery_id as delivery_key
from milkrun.stock.queries.records import posting_public_id

router = Router(tags=["deliveries"])


class PickBody(Body):
    """The handling unit that was picked; every open one where none is named."""

    sscc: Annotated[str, Field(pattern=r"^[0-9]{18}$", min_length=18, max_length=18)] | None = None


Sscc = Annotated[str, Field(pattern=r"^[0-9]{18}$", min_length=18, max_length=18)]


class UnitsBody(Body):
    """Handling units of a delivery: some of them, not all."""

    handling_units: Annotated[list[Sscc], Field(min_length=1, max_length=500)]


class UnitsReasonBody(UnitsBody):
    """Handling units that stay here, and why."""

    reason: Reason


class DeliverySplitReply(Schema):
    """The new delivery with its handling units; the lines of both parts are those of the original."""

    delivery_id: str
    number: str
    handling_units: list[str]
    lines: int
    lines_left: int


class RemovedReply(Schema):
    """What was taken off; its calls are packed again."""

    delivery_id: str
    handling_units: list[str]


class AddedReply(Schema):
    """What leaves with the delivery too; `warnings` tell of gaps that are allowed."""

    delivery_id: str
    handling_units: list[str]
    lines: int
    warnings: list[str]


class DeliveryCreatedReply(Schema):
    """The delivery with the handling units that leave with it; `warnings` tell of gaps that are allowed."""

    delivery_id: str
    number: str
    lines: int
    handling_units: list[str]
    warnings: list[str]


class DeliveryCancelledReply(Schema):
    """The delivery is cancelled."""

    delivery_id: str


class DeliveryPickedReply(Schema):
    """What was picked by this request, and what is still to pick."""

    delivery_id: str
    state: str
    picked: list[str]
    open: list[str]


class GoodsIssuedReply(Schema):
    """The goods have left; `notice_number` is empty where no trading agreement says how to tell the customer.

    `warnings` tell of gaps that are allowed.
    """

    delivery_id: str
    number: str
    posting_id: str
    notice_number: str
    issued_at: datetime
    warnings: list[str]


class GoodsIssueReversedReply(Schema):
    """The goods are back; `notice_number` withdraws the notice that was sent."""

    delivery_id: str
    posting_id: str
    notice_number: str


class DeliveryQuery(Cursor):
    """Which deliveries are wanted; without a state those that have not left."""

    state: Literal["", "open", "picked", "issued", "billed", "cancelled"] = ""


@runs(router, "/sites/{site}/deliveries", "create_delivery", DeliveryCreatedReply)
def post_delivery(request: HttpRequest, site: SiteCode, body: Calls) -> Any:
    """Put packed calls on a new delivery, all of them or none."""
    done = create_delivery(call_ids=keys(site, body.call_ids), **by(request))
    return DeliveryCreatedReply(
        delivery_id=done.public_id,
        number=done.number,
        lines=done.lines,
        handling_units=list(done.handling_units),
        warnings=list(done.warnings),
    )


@runs(router, "/sites/{site}/deliveries/{delivery_id}/cancel", "cancel_delivery", DeliveryCancelledReply)
def post_cancel(request: HttpRequest, site: SiteCode, delivery_id: Id, body: ReasonBody) -> Any:
    """Take all calls off a delivery that has not left."""
    cancel_delivery(delivery_id=delivery_key(site_of(site).id, delivery_id), reason=body.reason, **by(request))
    return DeliveryCancelledReply(delivery_id=delivery_id)


@runs(router, "/sites/{site}/deliveries/{delivery_id}/split", "split_delivery", DeliverySplitReply)
def post_split(request: HttpRequest, site: SiteCode, delivery_id: Id, body: UnitsBody) -> Any:
    """Put chosen handling units with all their lines on a delivery of their own."""
    key = delivery_key(site_of(site).id, delivery_id)
    done = split_delivery(delivery_id=key, handling_units=tuple(body.handling_units), **by(request))
    return DeliverySplitReply(
        delivery_id=done.public_id, number=done.number, handling_units=list(done.handling_units), lines=done.lines,
        lines_left=done.lines_left,
    )  # fmt: skip


@runs(router, "/sites/{site}/deliveries/{delivery_id}/add", "add_to_delivery", AddedReply)
def post_add(request: HttpRequest, site: SiteCode, delivery_id: Id, body: Calls) -> Any:
    """Put more packed calls on a delivery that has not left, all of them or none."""
    key = delivery_key(site_of(site).id, delivery_id)
    done = add_to_delivery(delivery_id=key, call_ids=keys(site, body.call_ids), **by(request))
    return AddedReply(
        delivery_id=delivery_id, handling_units=list(done.handling_units), lines=done.lines,
        warnings=list(done.warnings),
    )  # fmt: skip


@runs(router, "/sites/{site}/deliveries/{delivery_id}/remove", "remove_from_delivery", RemovedReply)
def post_remove(request: HttpRequest, site: SiteCode, delivery_id: Id, body: UnitsReasonBody) -> Any:
    """Take handling units off a delivery that has not left; their calls are packed again."""
    key = delivery_key(site_of(site).id, delivery_id)
    done = remove_from_delivery(
        delivery_id=key, handling_units=tuple(body.handling_units), reason=body.reason, **by(request)
    )
    return RemovedReply(delivery_id=delivery_id, handling_units=list(done.handling_units))


@runs(router, "/sites/{site}/deliveries/{delivery_id}/pick", "pick_delivery", DeliveryPickedReply)
def post_pick(request: HttpRequest, site: SiteCode, delivery_id: Id, body: PickBody) -> Any:
    """Pick one handling unit, or all that are open; whoever comes second is told who was first."""
    done = pick_delivery(delivery_id=delivery_key(site_of(site).id, delivery_id), sscc=body.sscc, **by(request))
    return DeliveryPickedReply(
        delivery_id=delivery_id, state=done.state, picked=list(done.picked), open=list(done.open)
    )


@runs(router, "/sites/{site}/deliveries/{delivery_id}/goods-issue", "post_goods_issue", GoodsIssuedReply)
def post_issue(request: HttpRequest, site: SiteCode, delivery_id: Id, body: Nothing) -> Any:
    """Post the goods issue: stock leaves, calls move on, the shipping notice is queued, in one transaction."""
    done = post_goods_issue(delivery_id=delivery_key(site_of(site).id, delivery_id), **by(request))
    return GoodsIssuedReply(
        delivery_id=delivery_id,
        number=done.number,
        posting_id=posting_public_id(done.posting_id),
        notice_number=done.notice_number,
        issued_at=done.issued_at,
        warnings=list(done.warnings),
    )


@runs(
    router,
    "/sites/{site}/deliveries/{delivery_id}/goods-issue/reverse",
    "reverse_goods_issue",
    GoodsIssueReversedReply,
)
def post_reversal(request: HttpRequest, site: SiteCode, delivery_id: Id, body: ReasonBody) -> Any:
    """Take the goods issue of a delivery back that is not billed yet; the notice is withdrawn."""
    key = delivery_key(site_of(site).id, delivery_id)
    done = reverse_goods_issue(delivery_id=key, reason=body.reason, **by(request))
    return GoodsIssueReversedReply(
        delivery_id=delivery_id, posting_id=posting_public_id(done.posting_id), notice_number=done.notice_number
    )


@reads(router, "/sites/{site}/deliveries", "list_deliveries", Listed[DeliveryRecord], action="view_deliveries")
def list_deliveries(request: HttpRequest, site: SiteCode, query: Query[DeliveryQuery]) -> Any:
    """List deliveries by the time they are due, the earliest first."""
    return listed(delivery_records(site_of(site).id, query.state, query.cursor, query.limit))


@reads(router, "/sites/{site}/deliveries/{delivery_id}", "get_delivery", DeliveryDetail, action="view_deliveries")
def get_delivery(request: HttpRequest, site: SiteCode, delivery_id: Id) -> Any:
    """Read one delivery with its lines, handling units and shipping notices."""
    return delivery_record(site_of(site).id, delivery_id)
