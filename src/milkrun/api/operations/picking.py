"""Picking: waves and their tasks, confirmed here or by an outside warehouse system with its own handling units."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Code, CodeOrEmpty, Cursor, Listed, PublicId, Quantity, Reason, listed
from milkrun.api.operations.calls import ReasonBody, keys
from milkrun.api.operations.sites import Id, SiteCode, partner_of, site_of
from milkrun.api.routes import reads, runs
from milkrun.shipping.commands.cancel_wave import cancel_wave
from milkrun.shipping.commands.confirm_pick import confirm_pick
from milkrun.shipping.commands.create_wave import create_wave
from milkrun.shipping.commands.note_late_pick import note_late_pick
from milkrun.shipping.commands.report_short_pick import report_short_pick
from milkrun.shipping.commands.set_picking_rule import set_picking_rule
from milkrun.shipping.commands.settle_pick_issue import settle_pick_issue
from milkrun.shipping.errors import PickTaskEnded
from milkrun.shipping.queries.picking import issue_id as issue_key
from milkrun.shipping.queries.picking import task_id as task_key
from milkrun.shipping.queries.picking import wave_id as wave_key
from milkrun.shipping.queries.records import delivery_id as delivery_key
from milkrun.shipping.queries.tasks import (
    IssueRecord,
    TaskRecord,
    WaveRecord,
    issue_records,
    task_records,
    wave_record,
)
from milkrun.stock.commands.register_handling_unit import register_handling_unit
from milkrun.stock.queries import place

router = Router(tags=["picking"])

Sscc = Annotated[str, Field(pattern=r"^[0-9]{18}$", min_length=18, max_length=18)]


class RuleBody(Body):
    """Where summarised calls are picked, for the whole site where no partner is named."""

    mode: Literal["station", "warehouse", "external"]
    partner: CodeOrEmpty = ""


class RuleReply(Schema):
    """The rule that holds now, and the one before ("" where there was none)."""

    mode: str
    before: str


class WaveBody(Body):
    """What goes on one walk."""

    call_ids: Annotated[list[PublicId], Field(max_length=500)] = []
    delivery_ids: Annotated[list[PublicId], Field(max_length=500)] = []


class WaveCreatedReply(Schema):
    """The wave; `short` names the calls that the stock does not cover."""

    wave_id: str
    number: str
    tasks: int
    short: list[str]


class WaveCancelledReply(Schema):
    """So many tasks were still open."""

    wave_id: str
    dropped: int


class PickConfirmBody(Body):
    """What was scanned; all that is left where no quantity is given, our unit where no SSCC is."""

    location: Code
    item: Annotated[Code, Field(max_length=40)]
    qty: Quantity | None = None
    sscc: Sscc | None = None


class PickConfirmedReply(Schema):
    """The task after this pick; `sscc` is the unit that the goods are in."""

    task_id: str
    state: str
    qty: str
    left: str
    sscc: str
    open_tasks: int


class ShortBody(Body):
    """What was found and taken at the place; "0" for nothing."""

    location: Code
    found: Quantity


class ShortReply(Schema):
    """What other places offer (as new tasks of the wave), and what stays short."""

    task_id: str
    found: str
    offered: str
    short: str
    open_tasks: int


class UnitBody(Body):
    """A handling unit that another system made, under its own SSCC."""

    sscc: Sscc
    location: Code
    kind: CodeOrEmpty = "pallet"


class UnitReply(Schema):
    """The unit as it is known here."""

    handling_unit_id: str
    sscc: str
    foreign: bool


class NoteBody(Body):
    """What was found and done."""

    note: Reason


class IssueSettledReply(Schema):
    """It is settled."""

    issue_id: str


class TaskQuery(Cursor):
    """Which tasks are wanted."""

    state: Literal["open", "picked", "short", "cancelled"] = "open"
    wave: CodeOrEmpty = ""


class IssueQuery(Cursor):
    """Which issues are wanted."""

    state: Literal["open", "settled"] = "open"


@runs(router, "/sites/{site}/picking/rule", "set_picking_rule", RuleReply)
def post_rule(request: HttpRequest, site: SiteCode, body: RuleBody) -> Any:
    """Set where summarised calls are picked: at the packing station, by waves, or by an outside system."""
    partner_id = partner_of(body.partner).id if body.partner else None
    done = set_picking_rule(site_id=site_of(site).id, mode=body.mode, partner_id=partner_id, **by(request))
    return RuleReply(mode=done.mode, before=done.before)


@runs(router, "/sites/{site}/picking/waves", "create_wave", WaveCreatedReply)
def post_wave(request: HttpRequest, site: SiteCode, body: WaveBody) -> Any:
    """Put deliveries and summarised calls on one walk, all of them or none."""
    site_id = site_of(site).id
    done = create_wave(
        site_id=site_id,
        delivery_ids=[delivery_key(site_id, key) for key in body.delivery_ids],
        call_ids=keys(site, body.call_ids) if body.call_ids else (),
        **by(request),
    )
    return WaveCreatedReply(wave_id=done.public_id, number=done.number, tasks=done.tasks, short=list(done.short))


@runs(router, "/sites/{site}/picking/waves/{wave_id}/cancel", "cancel_wave", WaveCancelledReply)
def post_cancel(request: HttpRequest, site: SiteCode, wave_id: Id, body: ReasonBody) -> Any:
    """Give a wave up; what was picked stays picked."""
    done = cancel_wave(wave_id=wave_key(site_of(site).id, wave_id), reason=body.reason, **by(request))
    return WaveCancelledReply(wave_id=wave_id, dropped=done.dropped)


@runs(router, "/sites/{site}/picking/tasks/{task_id}/confirm", "confirm_pick", PickConfirmedReply)
def post_pick(request: HttpRequest, site: SiteCode, task_id: Id, body: PickConfirmBody) -> Any:
    """Confirm that something was picked.

    A pick of what was cancelled meanwhile is refused with the facts, and kept as an issue that somebody looks at.
    """
    key = task_key(site_of(site).id, task_id)
    try:
        done = confirm_pick(
            task_id=key, location=body.location, item=body.item, qty=body.qty, sscc=body.sscc or "", **by(request)
        )
    except PickTaskEnded as ended:
        _keep(request, key, body.qty, body.sscc or "", ended)
        raise
    return PickConfirmedReply(
        task_id=task_id, state=done.state, qty=f"{done.qty:f}", left=f"{done.left:f}", sscc=done.sscc,
        open_tasks=done.open_tasks,
    )  # fmt: skip


def _keep(request: HttpRequest, key: int, qty: Decimal | None, sscc: str, ended: PickTaskEnded) -> None:
    who = by(request)
    why = str(ended.facts.get("why", ""))
    kept = note_late_pick(task_id=key, qty=qty, sscc=sscc, why=why, actor=who["actor"], at=who["at"])
    ended.facts["issue"] = kept.public_id


@runs(router, "/sites/{site}/picking/tasks/{task_id}/short", "report_short_pick", ShortReply)
def post_short(request: HttpRequest, site: SiteCode, task_id: Id, body: ShortBody) -> Any:
    """Report that less is at a place; the rest is offered from others or shown as short."""
    key = task_key(site_of(site).id, task_id)
    done = report_short_pick(task_id=key, location=body.location, found=body.found, **by(request))
    return ShortReply(
        task_id=task_id, found=f"{done.found:f}", offered=f"{done.offered:f}", short=f"{done.short:f}",
        open_tasks=done.open_tasks,
    )  # fmt: skip


@runs(router, "/sites/{site}/picking/issues/{issue_id}/settle", "settle_pick_issue", IssueSettledReply)
def post_settled(request: HttpRequest, site: SiteCode, issue_id: Id, body: NoteBody) -> Any:
    """Close an issue with what was done."""
    settle_pick_issue(issue_id=issue_key(site_of(site).id, issue_id), note=body.note, **by(request))
    return IssueSettledReply(issue_id=issue_id)


@runs(router, "/sites/{site}/handling-units/registered", "register_handling_unit", UnitReply)
def post_unit(request: HttpRequest, site: SiteCode, body: UnitBody) -> Any:
    """Report a handling unit that another system made; its SSCC is kept through pick, goods issue and notice."""
    site_id = site_of(site).id
    done = register_handling_unit(
        site_id=site_id,
        sscc=body.sscc,
        location_id=place(site_id, body.location).pk,
        kind=body.kind or "pallet",
        **by(request),
    )
    return UnitReply(handling_unit_id=done.public_id, sscc=done.sscc, foreign=done.foreign)


@reads(router, "/sites/{site}/picking/tasks", "list_pick_tasks", Listed[TaskRecord], action="view_deliveries")
def list_pick_tasks(request: HttpRequest, site: SiteCode, query: Query[TaskQuery]) -> Any:
    """List pick tasks, the open ones where no state is named."""
    return listed(task_records(site_of(site).id, query.state, query.wave, query.cursor, query.limit))


@reads(router, "/sites/{site}/picking/waves/{wave_id}", "get_wave", WaveRecord, action="view_deliveries")
def get_wave(request: HttpRequest, site: SiteCode, wave_id: Id) -> Any:
    """Read one wave with its tasks in the order of the walk."""
    return wave_record(site_of(site).id, wave_id)


@reads(router, "/sites/{site}/picking/issues", "list_pick_issues", Listed[IssueRecord], action="view_deliveries")
def list_pick_issues(request: HttpRequest, site: SiteCode, query: Query[IssueQuery]) -> Any:
    """List what went wrong at picking and has to be looked at."""
    return listed(issue_records(site_of(site).id, query.state, query.cursor, query.limit))
