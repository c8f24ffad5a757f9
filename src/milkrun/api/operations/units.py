"""Handling units: made, filled, parted, nested, carried, set apart; what is in them and what happened to them."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Code, CodeOrEmpty, Cursor, Listed, PublicId, Quantity, Reason, Words, listed
from milkrun.api.operations.sites import SiteCode, site_of
from milkrun.api.operations.stock import LotNo
from milkrun.api.routes import reads, runs
from milkrun.parts.queries import part
from milkrun.stock.commands.accept_handling_unit import accept_handling_unit
from milkrun.stock.commands.create_handling_unit import create_handling_unit
from milkrun.stock.commands.merge_handling_units import merge_handling_units
from milkrun.stock.commands.move_handling_unit import move_handling_unit
from milkrun.stock.commands.nest_handling_unit import nest_handling_unit
from milkrun.stock.commands.pack_handling_unit import pack_handling_unit
from milkrun.stock.commands.reject_handling_unit import reject_handling_unit
from milkrun.stock.commands.split_handling_unit import Share, split_handling_unit
from milkrun.stock.queries import place
from milkrun.stock.queries.records import lot_id, posting_public_id
from milkrun.stock.queries.unit_records import (
    UnitDeed,
    UnitDetail,
    UnitRecord,
    unit_deeds,
    unit_key,
    unit_record,
    unit_records,
)

router = Router(tags=["handling units"])

PATH = "/sites/{site}/handling-units"
Sscc = Annotated[str, Path(), Field(min_length=18, max_length=18, pattern=r"^[0-9]{18}$")]
SsccField = Annotated[str, Field(min_length=18, max_length=18, pattern=r"^[0-9]{18}$")]
SsccOrEmpty = Annotated[str, Field(max_length=18, pattern=r"^([0-9]{18})?$")]


class HandlingUnitBody(Body):
    """A new unit, standing on its own at a place or inside another one."""

    location: Code
    kind: Literal["pallet", "box", "rack", "cage", "bundle", "coil"] = "pallet"
    into: SsccOrEmpty = ""


class PackUnitBody(Body):
    """Goods that go into the unit from a place, or with `take_out` from the unit to that place; in base units."""

    part_id: PublicId
    qty: Quantity
    location: Code
    lot_no: LotNo = ""
    take_out: bool = False


class ShareBody(Body):
    """What goes into the new unit."""

    part_id: PublicId
    qty: Quantity
    lot_no: LotNo = ""


class SplitUnitBody(Body):
    """The shares of the new unit."""

    shares: Annotated[list[ShareBody], Field(min_length=1, max_length=200)]


class MergeUnitsBody(Body):
    """The units that are emptied into this one."""

    handling_units: Annotated[list[SsccField], Field(min_length=1, max_length=200)]


class NestUnitBody(Body):
    """The unit it is put into; empty takes it out."""

    into: SsccOrEmpty = ""


class MoveUnitBody(Body):
    """Where it is carried."""

    location: Code
    reason: Words = ""


class ApartBody(Body):
    """Why it is set apart, and where it waits; the site's quarantine place where none is named."""

    reason: Reason
    location: CodeOrEmpty = ""


class AcceptUnitBody(Body):
    """Why it is good after all."""

    reason: Reason


class UnitMadeReply(Schema):
    """A new unit."""

    handling_unit_id: str
    sscc: str


class UnitPackedReply(Schema):
    """The posting that moved the goods."""

    sscc: str
    posting_id: str


class UnitSplitReply(Schema):
    """The new unit and the posting that filled it."""

    sscc: str
    posting_id: str


class UnitsMergedReply(Schema):
    """The units that are empty now and never used again."""

    sscc: str
    emptied: list[str]


class UnitNestedReply(Schema):
    """Where the unit stands, empty on its own."""

    sscc: str
    stands_in: str


class UnitMovedReply(Schema):
    """How many units were carried in all, and the postings of what is in them."""

    sscc: str
    units: int
    posting_ids: list[str]


class UnitApartReply(Schema):
    """The units that were set apart or accepted, and where they are."""

    handling_units: list[str]
    location: str


class UnitDeedsReply(Schema):
    """What happened to a unit, the newest first."""

    items: list[UnitDeed]


class UnitQuery(Cursor):
    """Which units are wanted; without a state those that are here."""

    state: Literal["", "open", "closed", "picked", "issued", "rejected", "emptied"] = ""
    location: CodeOrEmpty = ""


@reads(router, PATH, "list_handling_units", Listed[UnitRecord], action="view_stock")
def list_handling_units(request: HttpRequest, site: SiteCode, query: Query[UnitQuery]) -> Any:
    """List handling units, the newest first."""
    return listed(unit_records(site_of(site).id, query.state, query.location, query.cursor, query.limit))


@reads(router, PATH + "/{sscc}", "get_handling_unit", UnitDetail, action="view_stock")
def get_handling_unit(request: HttpRequest, site: SiteCode, sscc: Sscc) -> Any:
    """Read one handling unit with what lies and stands in it."""
    return unit_record(site_of(site).id, sscc)


@reads(router, PATH + "/{sscc}/history", "get_handling_unit_history", UnitDeedsReply, action="view_stock")
def get_handling_unit_history(request: HttpRequest, site: SiteCode, sscc: Sscc) -> Any:
    """Read what happened to a handling unit: who, when, why."""
    return UnitDeedsReply(items=unit_deeds(site_of(site).id, sscc))


@runs(router, PATH, "create_handling_unit", UnitMadeReply)
def post_unit(request: HttpRequest, site: SiteCode, body: HandlingUnitBody) -> Any:
    """Make a handling unit with an SSCC that was never given before."""
    site_id = site_of(site).id
    done = create_handling_unit(
        site_id=site_id, location_id=place(site_id, body.location).pk, kind=body.kind,
        into_id=unit_key(site_id, body.into) if body.into else None, **by(request),
    )  # fmt: skip
    return UnitMadeReply(handling_unit_id=done.public_id, sscc=done.sscc)


@runs(router, PATH + "/{sscc}/pack", "pack_handling_unit", UnitPackedReply)
def post_packed(request: HttpRequest, site: SiteCode, sscc: Sscc, body: PackUnitBody) -> Any:
    """Put goods in, or take them out."""
    site_id, part_id = site_of(site).id, part(body.part_id).id
    done = pack_handling_unit(
        site_id=site_id, hu_id=unit_key(site_id, sscc), part_id=part_id, qty=body.qty,
        location_id=place(site_id, body.location).pk, lot_id=lot_id(part_id, body.lot_no), take_out=body.take_out,
        **by(request),
    )  # fmt: skip
    return UnitPackedReply(sscc=sscc, posting_id=posting_public_id(done.posting_id))


@runs(router, PATH + "/{sscc}/split", "split_handling_unit", UnitSplitReply)
def post_split_unit(request: HttpRequest, site: SiteCode, sscc: Sscc, body: SplitUnitBody) -> Any:
    """Take goods into a new unit; what is kept for a call stays."""
    site_id = site_of(site).id
    keys = [(part(share.part_id).id, share) for share in body.shares]
    shares = tuple(Share(key, share.qty, lot_id(key, share.lot_no)) for key, share in keys)
    done = split_handling_unit(site_id=site_id, hu_id=unit_key(site_id, sscc), shares=shares, **by(request))
    return UnitSplitReply(sscc=done.sscc, posting_id=posting_public_id(done.posting_id))


@runs(router, PATH + "/{sscc}/merge", "merge_handling_units", UnitsMergedReply)
def post_merged(request: HttpRequest, site: SiteCode, sscc: Sscc, body: MergeUnitsBody) -> Any:
    """Empty other units into this one."""
    site_id = site_of(site).id
    others = tuple(unit_key(site_id, other) for other in body.handling_units)
    done = merge_handling_units(site_id=site_id, into_id=unit_key(site_id, sscc), hu_ids=others, **by(request))
    return UnitsMergedReply(sscc=sscc, emptied=list(done.emptied))


@runs(router, PATH + "/{sscc}/nest", "nest_handling_unit", UnitNestedReply)
def post_nested(request: HttpRequest, site: SiteCode, sscc: Sscc, body: NestUnitBody) -> Any:
    """Stand the unit in another one, or take it out."""
    site_id = site_of(site).id
    into = unit_key(site_id, body.into) if body.into else None
    nest_handling_unit(site_id=site_id, hu_id=unit_key(site_id, sscc), into_id=into, **by(request))
    return UnitNestedReply(sscc=sscc, stands_in=body.into)


@runs(router, PATH + "/{sscc}/move", "move_handling_unit", UnitMovedReply)
def post_carried(request: HttpRequest, site: SiteCode, sscc: Sscc, body: MoveUnitBody) -> Any:
    """Carry the unit with everything in it to another place."""
    site_id = site_of(site).id
    done = move_handling_unit(
        site_id=site_id, hu_id=unit_key(site_id, sscc), to_location_id=place(site_id, body.location).pk,
        reason=body.reason, **by(request),
    )  # fmt: skip
    return UnitMovedReply(
        sscc=sscc, units=done.units, posting_ids=[posting_public_id(posting) for posting in done.postings]
    )


@runs(router, PATH + "/{sscc}/reject", "reject_handling_unit", UnitApartReply)
def post_rejected(request: HttpRequest, site: SiteCode, sscc: Sscc, body: ApartBody) -> Any:
    """Set the unit apart until somebody accepts it."""
    site_id = site_of(site).id
    done = reject_handling_unit(
        site_id=site_id, hu_id=unit_key(site_id, sscc), reason=body.reason,
        location_id=place(site_id, body.location).pk if body.location else None, **by(request),
    )  # fmt: skip
    return UnitApartReply(handling_units=list(done.units), location=done.location)


@runs(router, PATH + "/{sscc}/accept", "accept_handling_unit", UnitApartReply)
def post_accepted(request: HttpRequest, site: SiteCode, sscc: Sscc, body: AcceptUnitBody) -> Any:
    """Accept a unit that was rejected."""
    site_id = site_of(site).id
    done = accept_handling_unit(site_id=site_id, hu_id=unit_key(site_id, sscc), reason=body.reason, **by(request))
    where = unit_record(site_id, sscc).handling_unit.location
    return UnitApartReply(handling_units=list(done.units), location=where)
