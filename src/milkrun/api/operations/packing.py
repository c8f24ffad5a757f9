"""Packing groups: racks and loads, released and packed."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Code, Count, Cursor, Listed, PartNumber, Quantity, listed
from milkrun.api.operations.calls import Calls, keys
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.routes import reads, runs
from milkrun.demand.queries.records import (
    PackingGroupDetail,
    PackingGroupRecord,
    packing_group_record,
    packing_group_records,
)
from milkrun.demand.queries.records import packing_group_id as packing_group_key
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.place_rack import place_rack
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.commands.start_load_unit import start_load_unit

router = Router(tags=["packing"])


class ConfirmPacking(Body):
    """A scanned part, its number or the customer's; all that is open goes into the next slot where not said."""

    scan: PartNumber
    qty: Quantity | None = None
    slot: Count | None = None


class PackingOpenedReply(Schema):
    """A packing group that can be packed now, with its handling unit."""

    packing_group_id: str
    title: str
    sscc: str


class PackingReleasedReply(Schema):
    """The packing groups of the released calls; `warnings` tell of gaps that are allowed."""

    packing_groups: list[PackingOpenedReply]
    warnings: list[str]


class PackingConfirmedReply(Schema):
    """A part is in its slot; `remaining` slots are still being packed."""

    packing_group_id: str
    slot: int
    part: str
    qty: str
    group_packed: bool
    remaining: int


class NextUnit(Body):
    """An empty handling unit that was scanned; a new one of ours is made where none is given."""

    sscc: Annotated[str, Field(pattern=r"^[0-9]{18}$", min_length=18, max_length=18)] | None = None


class LoadUnitReply(Schema):
    """The unit that goods of the load go into now, and the one before."""

    packing_group_id: str
    sscc: str
    before: str


class PlaceRack(Body):
    """The scanned label of the frame."""

    scan: Code


class RackPlacedReply(Schema):
    """The rack stands on its frame; `left` racks of the frame do not stand on it yet."""

    packing_group_id: str
    frame: str
    sscc: str
    left: int


class PackingQuery(Cursor):
    """Which packing groups are wanted."""

    state: Literal["", "planned", "packing", "closed", "issued"] = ""


@runs(router, "/sites/{site}/packing-groups/release", "release_for_packing", PackingReleasedReply)
def post_release(request: HttpRequest, site: SiteCode, body: Calls) -> Any:
    """Release ready calls for packing, all of them or none."""
    done = release_for_packing(call_ids=keys(site, body.call_ids), **by(request))
    return PackingReleasedReply(
        packing_groups=[
            PackingOpenedReply(packing_group_id=p.public_id, title=p.title, sscc=p.sscc) for p in done.packing_groups
        ],
        warnings=list(done.warnings),
    )


@runs(router, "/sites/{site}/packing-groups/{packing_group_id}/confirm", "confirm_packing", PackingConfirmedReply)
def post_confirmation(request: HttpRequest, site: SiteCode, packing_group_id: Id, body: ConfirmPacking) -> Any:
    """Put a scanned part into its slot; the wrong part or the wrong order is refused."""
    key = packing_group_key(site_of(site).id, packing_group_id)
    done = confirm_packing(packing_group_id=key, scan=body.scan, qty=body.qty, slot=body.slot, **by(request))
    return PackingConfirmedReply(
        packing_group_id=packing_group_id,
        slot=done.slot,
        part=done.part_number,
        qty=str(from_micro(to_micro(done.qty))),
        group_packed=done.group_packed,
        remaining=done.remaining,
    )


@runs(router, "/sites/{site}/packing-groups/{packing_group_id}/next-unit", "start_load_unit", LoadUnitReply)
def post_next_unit(request: HttpRequest, site: SiteCode, packing_group_id: Id, body: NextUnit) -> Any:
    """Go on with the next handling unit of a load: a call for many pieces fills one box after the other."""
    key = packing_group_key(site_of(site).id, packing_group_id)
    done = start_load_unit(packing_group_id=key, sscc=body.sscc or "", **by(request))
    return LoadUnitReply(packing_group_id=packing_group_id, sscc=done.sscc, before=done.before)


@runs(router, "/sites/{site}/packing-groups/{packing_group_id}/place", "place_rack", RackPlacedReply)
def post_place(request: HttpRequest, site: SiteCode, packing_group_id: Id, body: PlaceRack) -> Any:
    """Confirm that a rack stands on its frame; a wrong frame is refused."""
    key = packing_group_key(site_of(site).id, packing_group_id)
    done = place_rack(packing_group_id=key, scan=body.scan, **by(request))
    return RackPlacedReply(packing_group_id=packing_group_id, frame=done.frame, sscc=done.sscc, left=done.left)


@reads(router, "/sites/{site}/packing-groups", "list_packing_groups", Listed[PackingGroupRecord], action="view_packing")
def list_packing_groups(request: HttpRequest, site: SiteCode, query: Query[PackingQuery]) -> Any:
    """List packing groups, the newest first."""
    return listed(packing_group_records(site_of(site).id, query.state, query.cursor, query.limit))


@reads(
    router,
    "/sites/{site}/packing-groups/{packing_group_id}",
    "get_packing_group",
    PackingGroupDetail,
    action="view_packing",
)
def get_packing_group(request: HttpRequest, site: SiteCode, packing_group_id: Id) -> Any:
    """Read one packing group with the slots that are taken."""
    return packing_group_record(site_of(site).id, packing_group_id)
