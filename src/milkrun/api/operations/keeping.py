"""What the store does with goods: sent straight on, put away, written off, inspected."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from milkrun.api.door import by
from milkrun.api.fields import Body, Code, Count, PublicId, Quantity, Reason, Words
from milkrun.api.operations.picking import Sscc
from milkrun.api.operations.sites import SiteCode, site_of
from milkrun.api.operations.stock import LotNo
from milkrun.api.routes import reads, runs
from milkrun.demand.queries.records import component_of
from milkrun.kernel.errors import Invalid, Problem
from milkrun.parts.queries import part
from milkrun.production.queries.records import job_id
from milkrun.shipping.commands.cross_dock_receipt import Arrival, cross_dock_receipt
from milkrun.shipping.queries.waiting import waiting_for
from milkrun.stock.commands.inspect_stock import inspect_stock
from milkrun.stock.commands.put_away import put_away
from milkrun.stock.commands.write_off import write_off
from milkrun.stock.queries import place
from milkrun.stock.queries.records import lot_id, posting_public_id
from milkrun.stock.queries.units import unit_by_scan

router = Router(tags=["store"])

Cause = Literal["damaged", "obsolete", "expired", "unsold"]


class WaitingRecord(Schema):
    """A call or a job that waits for a part: for how much, until when, and where the goods would go."""

    kind: str
    id: str
    number: str
    partner: str
    qty: str
    due: str
    target: str


class WaitingReply(Schema):
    """Who waits for the part, the earliest due first."""

    items: list[WaitingRecord]


class WaitingQuery(Schema):
    """Which part arrived."""

    part_id: PublicId


class CrossDockBody(Body):
    """Goods at hand and the one call (its first line of the part where none is named) or job they go to.

    `known` where they were taken in at the location already.
    """

    part_id: PublicId
    location: Code
    qty: Quantity
    lot_no: LotNo = ""
    sscc: Sscc | None = None
    known: bool = False
    call_id: PublicId | None = None
    line_no: Count | None = None
    job_id: PublicId | None = None


class CrossDockedReply(Schema):
    """The goods are at the line (job) or in a handling unit at the dock (call); `whole` where nothing is missing."""

    posting_id: str
    target: str
    sscc: str
    whole: bool


class PutAwayBody(Body):
    """Goods that go from where they were received into a bin."""

    part_id: PublicId
    from_location: Code
    bin: Code
    qty: Quantity
    lot_no: LotNo = ""


class PutAwayReply(Schema):
    """The goods stand in the bin; `exceeded` names what is too much for it: "capacity" or "risk"."""

    posting_id: str
    location: str
    exceeded: list[str]


class WriteOffBody(Body):
    """Free goods nobody will use any more."""

    part_id: PublicId
    location: Code
    qty: Quantity
    cause: Cause
    lot_no: LotNo = ""
    reason: Words = ""


class WrittenOffReply(Schema):
    """The goods are waste; `value_minor` is null where the part has no standard cost."""

    write_off_id: str
    posting_id: str
    value_minor: int | None
    currency: str


class InspectBody(Body):
    """What becomes of goods in a quarantine place."""

    part_id: PublicId
    location: Code
    qty: Quantity
    verdict: Literal["release", "return", "scrap"]
    reason: Reason
    lot_no: LotNo = ""
    cause: Cause = "damaged"


class InspectedReply(Schema):
    """Where the goods went."""

    posting_id: str
    verdict: str
    location: str


@reads(router, "/sites/{site}/cross-dock", "list_waiting", WaitingReply, action="view_stock")
def list_waiting(request: HttpRequest, site: SiteCode, query: Query[WaitingQuery]) -> Any:
    """List the calls and jobs that wait for a part."""
    rows = waiting_for(site_of(site).id, part(query.part_id).id, "UTC")
    return WaitingReply(
        items=[
            WaitingRecord(
                kind=row.kind, id=row.public_id, number=row.number, partner=row.partner, qty=row.plain, due=row.due,
                target=row.target,
            )
            for row in rows
        ]
    )  # fmt: skip


@runs(router, "/sites/{site}/cross-dock", "cross_dock_receipt", CrossDockedReply)
def post_cross_dock(request: HttpRequest, site: SiteCode, body: CrossDockBody) -> Any:
    """Send goods straight to the call or the job that waits for them."""
    site_id, part_id = site_of(site).id, part(body.part_id).id
    if (body.call_id is None) == (body.job_id is None):
        raise Invalid([Problem("call_id", _("Choose the job or the call that the goods go to."), "no_target")])
    done = cross_dock_receipt(
        site_id=site_id,
        arrival=Arrival(
            part_id, place(site_id, body.location).pk, body.qty, lot_no=body.lot_no, known=body.known,
            hu_id=unit_by_scan(site_id, body.sscc).id if body.sscc else None,
        ),
        component_id=component_of(site_id, body.call_id, part_id, body.line_no) if body.call_id else None,
        job_id=job_id(site_id, body.job_id) if body.job_id else None,
        **by(request),
    )  # fmt: skip
    posting = posting_public_id(done.posting_id)
    return CrossDockedReply(posting_id=posting, target=done.target, sscc=done.sscc, whole=done.whole)


@runs(router, "/sites/{site}/stock/put-away", "put_away", PutAwayReply)
def post_put_away(request: HttpRequest, site: SiteCode, body: PutAwayBody) -> Any:
    """Put received goods into a bin."""
    site_id, part_id = site_of(site).id, part(body.part_id).id
    done = put_away(
        site_id=site_id,
        part_id=part_id,
        from_location_id=place(site_id, body.from_location).pk,
        bin_code=body.bin,
        qty=body.qty,
        lot_id=lot_id(part_id, body.lot_no),
        **by(request),
    )
    posting, exceeded = posting_public_id(done.posting_id), [one.kind for one in done.exceeded]
    return PutAwayReply(posting_id=posting, location=done.location, exceeded=exceeded)


@runs(router, "/sites/{site}/stock/write-offs", "write_off", WrittenOffReply)
def post_write_off(request: HttpRequest, site: SiteCode, body: WriteOffBody) -> Any:
    """Write goods off with their cause."""
    site_id, part_id = site_of(site).id, part(body.part_id).id
    done = write_off(
        site_id=site_id,
        part_id=part_id,
        location_id=place(site_id, body.location).pk,
        qty=body.qty,
        cause=body.cause,
        lot_id=lot_id(part_id, body.lot_no),
        reason=body.reason,
        **by(request),
    )
    return WrittenOffReply(
        write_off_id=done.public_id, posting_id=posting_public_id(done.posting_id), value_minor=done.value_minor,
        currency=done.currency,
    )  # fmt: skip


@runs(router, "/sites/{site}/stock/inspections", "inspect_stock", InspectedReply)
def post_inspection(request: HttpRequest, site: SiteCode, body: InspectBody) -> Any:
    """Say what becomes of goods in quarantine."""
    site_id, part_id = site_of(site).id, part(body.part_id).id
    done = inspect_stock(
        site_id=site_id,
        part_id=part_id,
        location_id=place(site_id, body.location).pk,
        qty=body.qty,
        verdict=body.verdict,
        reason=body.reason,
        lot_id=lot_id(part_id, body.lot_no),
        cause=body.cause,
        **by(request),
    )
    posting = posting_public_id(done.posting_id)
    return InspectedReply(posting_id=posting, verdict=done.verdict, location=done.location)
