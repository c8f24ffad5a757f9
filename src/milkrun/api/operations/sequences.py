"""Sequences of vehicles and rules for calls: how a customer numbers, what a gap does, what a change may do."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.access import refuse_single_sites
from milkrun.api.door import by
from milkrun.api.fields import Body, Code, CodeOrEmpty, Cursor, Listed, Reason, listed
from milkrun.api.operations.sites import SiteCode, partner_of, site_of
from milkrun.api.routes import reads, runs
from milkrun.demand.commands.configure_stream import StreamRules, configure_stream
from milkrun.demand.commands.map_status import map_status
from milkrun.demand.commands.set_call_rule import set_call_rule
from milkrun.demand.commands.skip_number import skip_number
from milkrun.demand.queries.streams import stream, streams
from milkrun.kernel.paging import Page

router = Router(tags=["calls"])

Line = Annotated[CodeOrEmpty, Field(max_length=20)]
Gap = Literal["none", "warn", "block"]
State = Literal["", "released", "ready", "in_packing", "packed", "on_delivery"]


class StreamKey(Body):
    """One sequence: the customer, its plant and the line."""

    partner: Code
    plant: Code
    stream: Line = ""


class ConfigureStream(StreamKey):
    """How a sequence counts, and what a gap does at each step."""

    largest: Annotated[int, Field(ge=1, le=1_000_000_000, strict=True)] = 9999
    release_rule: Gap = "none"
    packing_rule: Gap = "none"
    gap_rule: Gap = "block"
    issue_rule: Gap = "block"
    takt_minutes: Annotated[int, Field(ge=1, le=10_000, strict=True)] | None = None


class SkipNumber(StreamKey):
    """A number that never comes, and why."""

    number: Annotated[str, Field(min_length=1, max_length=18, pattern=r"^[0-9]+$")]
    reason: Reason


class SetCallRule(Body):
    """What becomes of changes under way: for all calls of a customer, for one state, or that in one sequence."""

    partner: Code
    change_after_release: Literal["", "allow", "ask", "refuse"]
    state: State = ""
    plant: CodeOrEmpty = ""
    stream: Line | None = None


class MapStatus(Body):
    """What a status word of a customer asks for; "" removes it."""

    partner: Code
    transmitted: Code
    action: Literal["", "call", "cancel", "skip", "hold", "resume", "reorder", "ignore"]


class StreamReply(Schema):
    """A sequence and its rules."""

    partner: str
    plant: str
    stream: str
    largest: int
    release_rule: str
    packing_rule: str
    gap_rule: str
    issue_rule: str
    takt_minutes: int | None
    last_number: int | None
    next_number: int | None


class StreamConfiguredReply(Schema):
    """Whether the sequence was made."""

    made: bool


class NumberSkippedReply(Schema):
    """Nobody waits for this number; `again` where it was skipped before."""

    number: str
    again: bool


class CallRuleReply(Schema):
    """The rule that holds from now on."""

    partner: str
    change_after_release: str
    state: str


class StatusReply(Schema):
    """What the word means from now on."""

    partner: str
    transmitted: str
    action: str


@reads(router, "/sites/{site}/sequences", "list_streams", Listed[StreamReply], action="view_calls")
def list_streams(request: HttpRequest, site: SiteCode, query: Query[Cursor]) -> Any:
    """List the sequences of a site by customer, plant and line."""
    rows = [
        StreamReply(
            partner=row.partner, plant=row.plant, stream=row.code, largest=row.largest,
            release_rule=row.release_rule, packing_rule=row.packing_rule, gap_rule=row.gap_rule,
            issue_rule=row.issue_rule, takt_minutes=row.takt_minutes, last_number=row.last_number,
            next_number=row.next_number,
        )
        for row in streams(site_of(site).id)
    ]  # fmt: skip
    return listed(Page(tuple(rows), ""))


@runs(router, "/sites/{site}/sequences/configure", "configure_stream", StreamConfiguredReply)
def post_stream(request: HttpRequest, site: SiteCode, body: ConfigureStream) -> Any:
    """Set how a sequence counts and what a gap does at each step; it is made where it is new."""
    rules = StreamRules(
        body.largest, body.release_rule, body.packing_rule, body.gap_rule, body.issue_rule, body.takt_minutes
    )
    done = configure_stream(
        site_id=site_of(site).id, partner_id=partner_of(body.partner).id, ship_to_code=body.plant, code=body.stream,
        rules=rules, **by(request),
    )  # fmt: skip
    return StreamConfiguredReply(made=done.made)


@runs(router, "/sites/{site}/sequences/skip", "skip_number", NumberSkippedReply)
def post_skip(request: HttpRequest, site: SiteCode, body: SkipNumber) -> Any:
    """Close a gap: a number that the customer said never comes."""
    done = skip_number(
        site_id=site_of(site).id, partner_id=partner_of(body.partner).id, ship_to_code=body.plant,
        stream_code=body.stream, number=body.number, reason=body.reason, source="api", **by(request),
    )  # fmt: skip
    return NumberSkippedReply(number=body.number, again=done.again)


@runs(router, "/sites/{site}/call-rules", "set_call_rule", CallRuleReply)
def post_rule(request: HttpRequest, site: SiteCode, body: SetCallRule) -> Any:
    """Set what becomes of a customer's changes to calls under way; the closest rule counts.

    A rule without a stream counts at every site and needs a token that is good for all of them.
    """
    stream_id = None
    if body.stream is None:
        refuse_single_sites(request)
    if body.stream is not None:
        stream_id = stream(site_of(site).id, partner=body.partner, plant=body.plant, code=body.stream).id
    done = set_call_rule(
        partner_id=partner_of(body.partner).id, change_after_release=body.change_after_release, state=body.state,
        stream_id=stream_id, **by(request),
    )  # fmt: skip
    return CallRuleReply(partner=body.partner, change_after_release=done.change_after_release, state=done.state)


@runs(router, "/sites/{site}/call-statuses", "map_status", StatusReply)
def post_status(request: HttpRequest, site: SiteCode, body: MapStatus) -> Any:
    """Say what a customer's own status word asks of a call, at every site: the token must be good for all of them."""
    site_of(site)
    refuse_single_sites(request)
    done = map_status(
        partner_id=partner_of(body.partner).id, transmitted=body.transmitted, action=body.action, **by(request)
    )
    return StatusReply(partner=body.partner, transmitted=done.transmitted, action=done.action)
