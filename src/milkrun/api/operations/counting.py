"""Counts: a list is started, what was counted is entered, differences are posted once somebody agrees."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import (
    Body,
    Code,
    CodeOrEmpty,
    Count,
    Cursor,
    Instant,
    Listed,
    PublicId,
    Quantity,
    Reason,
    listed,
)
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.operations.stock import LotNo
from milkrun.api.routes import reads, runs
from milkrun.kernel.errors import NotFound
from milkrun.parts.queries import part
from milkrun.stock.commands.approve_count import approve_count
from milkrun.stock.commands.close_count import close_count
from milkrun.stock.commands.create_count import create_count
from milkrun.stock.commands.record_count import record_count
from milkrun.stock.commands.recount import recount
from milkrun.stock.queries import counting, place
from milkrun.stock.queries.records import lot_id, posting_public_id

router = Router(tags=["counts"])


class CountBody(Body):
    """What is to be counted: the whole site, a zone, some places or some parts; a sample of it by a seed."""

    title: CodeOrEmpty = ""
    zone: CodeOrEmpty = ""
    locations: Annotated[list[Code], Field(max_length=500)] = []
    part_ids: Annotated[list[PublicId], Field(max_length=500)] = []
    sample: Count | None = None
    seed: Annotated[int, Field(ge=0, le=2_000_000_000, strict=True)] = 0


class Spot(Body):
    """A place of a count list: a part and, where it has one, its lot, at a location."""

    location: Code
    part_id: PublicId
    lot_no: LotNo = ""


class EntryBody(Spot):
    """How many base units lie there, "0" for none; when it was counted, now where not said."""

    qty: Quantity
    counted_at: Instant | None = None


class SpotsBody(Body):
    """Places of the list; all that differ where none is named."""

    lines: Annotated[list[Spot], Field(max_length=500)] = []


class ApprovalBody(SpotsBody):
    """Why the book was wrong."""

    reason: Reason


class CountCreatedReply(Schema):
    """The list with so many places."""

    count_id: str
    number: str
    lines: int


class CountRecordedReply(Schema):
    """`agreed` where it is what the book said at that moment; so many places are still to count."""

    count_id: str
    agreed: bool
    left: int


class RecountReply(Schema):
    """So many places are open again."""

    count_id: str
    lines: int


class CountApprovedReply(Schema):
    """The postings, one a place."""

    count_id: str
    posting_ids: list[str]


class CountClosedReply(Schema):
    """So many places were never counted."""

    count_id: str
    left: int


class CountRecord(Schema):
    """A count list and how far it is."""

    id: str
    number: str
    title: str
    state: str
    lines: int
    left: int
    differ: int
    posted: int


class CountLineRecord(Schema):
    """A place of the list; what the book says is shown once it was counted."""

    location: str
    part_id: str
    part: str
    lot_no: str
    unit: str
    state: str
    counted: Decimal | None
    book: Decimal | None
    counted_by: str


class CountDetail(CountRecord):
    """A count list with its places in the order of the walk."""

    places: list[CountLineRecord]


class CountQuery(Cursor):
    """Which lists are wanted."""

    state: Literal["", "open", "closed"] = ""


@runs(router, "/sites/{site}/counts", "create_count", CountCreatedReply)
def post_count(request: HttpRequest, site: SiteCode, body: CountBody) -> Any:
    """Start a count list of what the book says stands loose at the places wanted."""
    site_id = site_of(site).id
    done = create_count(
        site_id=site_id,
        title=body.title,
        zone=body.zone,
        location_ids=[place(site_id, code).pk for code in body.locations],
        part_ids=[part(key).id for key in body.part_ids],
        sample=body.sample,
        seed=body.seed,
        **by(request),
    )
    return CountCreatedReply(count_id=done.public_id, number=done.number, lines=done.lines)


@runs(router, "/sites/{site}/counts/{count_id}/entries", "record_count", CountRecordedReply)
def post_entry(request: HttpRequest, site: SiteCode, count_id: Id, body: EntryBody) -> Any:
    """Enter what lies at a place; what the list does not name is added to it."""
    site_id, part_id = site_of(site).id, part(body.part_id).id
    done = record_count(
        count_id=counting.count_id(site_id, count_id),
        location_id=place(site_id, body.location).pk,
        part_id=part_id,
        lot_id=lot_id(part_id, body.lot_no),
        qty=body.qty,
        counted_at=body.counted_at,
        **by(request),
    )
    return CountRecordedReply(count_id=count_id, agreed=done.agreed, left=done.left)


@runs(router, "/sites/{site}/counts/{count_id}/recount", "recount", RecountReply)
def post_recount(request: HttpRequest, site: SiteCode, count_id: Id, body: SpotsBody) -> Any:
    """Have places that differ counted once more, by somebody else."""
    site_id = site_of(site).id
    key, lines = counting.count_id(site_id, count_id), _lines(site_id, count_id, body.lines)
    done = recount(count_id=key, line_ids=lines, **by(request))
    return RecountReply(count_id=count_id, lines=len(done.line_ids))


@runs(router, "/sites/{site}/counts/{count_id}/approve", "approve_count", CountApprovedReply)
def post_approval(request: HttpRequest, site: SiteCode, count_id: Id, body: ApprovalBody) -> Any:
    """Post differences between shelf and book."""
    site_id = site_of(site).id
    key, lines = counting.count_id(site_id, count_id), _lines(site_id, count_id, body.lines)
    done = approve_count(count_id=key, line_ids=lines, reason=body.reason, **by(request))
    return CountApprovedReply(count_id=count_id, posting_ids=[posting_public_id(one) for one in done.posting_ids])


@runs(router, "/sites/{site}/counts/{count_id}/close", "close_count", CountClosedReply)
def post_closing(request: HttpRequest, site: SiteCode, count_id: Id) -> Any:
    """Close a count list; what was not counted stays as the book says."""
    done = close_count(count_id=counting.count_id(site_of(site).id, count_id), **by(request))
    return CountClosedReply(count_id=count_id, left=done.left)


@reads(router, "/sites/{site}/counts", "list_counts", Listed[CountRecord], action="view_stock")
def list_counts(request: HttpRequest, site: SiteCode, query: Query[CountQuery]) -> Any:
    """List count lists, the newest first."""
    page = listed(counting.counts(site_of(site).id, "UTC", query.state, query.cursor, query.limit))
    return page | {"items": [_record(row) for row in page["items"]]}


@reads(router, "/sites/{site}/counts/{count_id}", "get_count", CountDetail, action="view_stock")
def get_count(request: HttpRequest, site: SiteCode, count_id: Id) -> Any:
    """Read a count list with its places; the book is not shown before a place was counted."""
    found = counting.count(site_of(site).id, count_id, "UTC")
    places = [
        CountLineRecord(
            location=line.location, part_id=line.part_public_id, part=line.part_number, lot_no=line.lot,
            unit=line.unit, state=line.state, counted=line.counted, book=line.book, counted_by=line.counted_by,
        )
        for line in found.lines
    ]  # fmt: skip
    return _record(found.row) | {"places": places}


def _record(row: counting.CountRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "number": row.number, "title": row.title, "state": row.state, "lines": row.lines,
        "left": row.left, "differ": row.differ, "posted": row.posted,
    }  # fmt: skip


def _lines(site_id: int, count_id: str, spots: list[Spot]) -> list[int]:
    lines = counting.count(site_id, count_id, "UTC").lines
    if not spots:
        return [line.id for line in lines if line.state == "differs"]
    known = {(line.location, line.part_public_id, line.lot): line.id for line in lines}
    wanted = [(spot.location, spot.part_id, spot.lot_no) for spot in spots]
    missing = [list(spot) for spot in wanted if spot not in known]
    if missing:
        raise NotFound(_("These places are not all on the count list."), lines=missing)
    return [known[spot] for spot in wanted]
