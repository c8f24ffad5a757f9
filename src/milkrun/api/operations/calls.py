"""Calls: received and matched again, and as they stand. What is done with them stands in `call_steps`."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.http import HttpRequest
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
    Number,
    PartNumber,
    PublicId,
    Quantity,
    Reason,
    Unit,
    listed,
)
from milkrun.api.operations.sites import Id, SiteCode, partner_of, site_of
from milkrun.api.routes import reads, runs
from milkrun.demand.commands.receive_jit_call import CallInput, ComponentInput, GroupInput, receive_jit_call
from milkrun.demand.commands.receive_jit_calls import receive_jit_calls
from milkrun.demand.commands.reprocess_call import reprocess_call
from milkrun.demand.queries import CallFilter, call_ids
from milkrun.demand.queries.records import CallDetail, CallRecord, call_record, call_records

router = Router(tags=["calls"])


class ComponentBody(Body):
    """A part wanted, as the customer writes it."""

    line_no: Count
    customer_part_no: PartNumber
    qty: Quantity
    unit: Unit = "PCE"
    order_no: CodeOrEmpty = ""


class GroupBody(Body):
    """Components that belong together; `code` is the customer's for the module family."""

    code: Annotated[CodeOrEmpty, Field(max_length=12)] = ""
    components: Annotated[list[ComponentBody], Field(min_length=1, max_length=500)]


class CallBody(Body):
    """A call: quantities (summarized), or one vehicle of a sequence (sequenced)."""

    number: Number
    kind: Literal["summarized", "sequenced"]
    required_at: Instant
    ship_to: CodeOrEmpty = ""
    unloading_point: CodeOrEmpty = ""
    line_feed: CodeOrEmpty = ""
    vin: CodeOrEmpty = ""
    production_no: CodeOrEmpty = ""
    stream: Annotated[CodeOrEmpty, Field(max_length=20)] = ""
    sequence: Annotated[str, Field(max_length=18, pattern=r"^[0-9]*$")] = ""
    transmission_no: CodeOrEmpty = ""
    zone: Annotated[CodeOrEmpty, Field(max_length=40)] = "UTC"
    groups: Annotated[list[GroupBody], Field(min_length=1, max_length=50)]


class ReceiveCall(Body):
    """One call of a customer."""

    partner: Code
    call: CallBody


class ReceiveCalls(Body):
    """Up to 500 calls of one customer."""

    partner: Code
    calls: Annotated[list[CallBody], Field(min_length=1, max_length=500)]


class Calls(Body):
    """The calls that a command is about."""

    call_ids: Annotated[list[PublicId], Field(min_length=1, max_length=500)]


class ReasonBody(Body):
    """Why."""

    reason: Reason


class Nothing(Body):
    """Nothing more is to be said; send an empty object."""


class CallReceivedReply(Schema):
    """What became of the call; `unmatched` says what we do not know in it."""

    call_id: str
    number: str
    outcome: Literal["created", "updated", "unchanged"]
    unmatched: list[str]


class CallOutcomeReply(Schema):
    """What became of one of many calls; a refused one has code, message and facts."""

    number: str
    outcome: Literal["created", "updated", "unchanged", "refused"]
    call_id: str
    code: str
    message: str
    facts: dict[str, Any]
    unmatched: list[str]


class CallsReceivedReply(Schema):
    """One outcome a call, in the order given."""

    outcomes: list[CallOutcomeReply]


class CallReprocessedReply(Schema):
    """The reasons that remain; none where everything is matched now."""

    call_id: str
    still_unmatched: list[str]


class JobReply(Schema):
    """A job that was made."""

    job_id: str
    number: str


class CallQuery(Cursor):
    """Which calls are wanted; without a state every open one."""

    state: Annotated[str, Field(max_length=20)] = ""
    kind: Literal["", "summarized", "sequenced"] = ""
    partner: CodeOrEmpty = ""
    text: CodeOrEmpty = ""
    unmatched: bool = False


@runs(router, "/sites/{site}/calls", "receive_jit_call", CallReceivedReply)
def post_call(request: HttpRequest, site: SiteCode, body: ReceiveCall) -> Any:
    """Take one call over; an equal one changes nothing, a changed one updates while it is not released."""
    done = receive_jit_call(
        call=_input(body.call),
        site_id=site_of(site).id,
        partner_id=partner_of(body.partner).id,
        source="api",
        **by(request),
    )
    return CallReceivedReply(
        call_id=done.public_id,
        number=done.external_no,
        outcome=done.outcome,  # type: ignore[arg-type]
        unmatched=list(done.unmatched),
    )


@runs(router, "/sites/{site}/calls/bulk", "receive_jit_calls", CallsReceivedReply, action="receive_jit_call")
def post_calls(request: HttpRequest, site: SiteCode, body: ReceiveCalls) -> Any:
    """Take many calls of one customer over in one transaction; bad ones are set aside, good ones go on."""
    done = receive_jit_calls(
        calls=[_input(call) for call in body.calls],
        site_id=site_of(site).id,
        partner_id=partner_of(body.partner).id,
        source="api",
        **by(request),
    )
    return CallsReceivedReply(
        outcomes=[
            CallOutcomeReply(
                number=one.external_no,
                outcome=one.outcome,  # type: ignore[arg-type]
                call_id=one.public_id,
                code=one.code,
                message=one.message,
                facts=dict(one.facts),
                unmatched=list(one.unmatched),
            )
            for one in done.outcomes
        ]
    )


@runs(router, "/sites/{site}/calls/{call_id}/reprocess", "reprocess_call", CallReprocessedReply)
def post_reprocess(request: HttpRequest, site: SiteCode, call_id: Id, body: Nothing) -> Any:
    """Match a call again in place, after master data was mended."""
    done = reprocess_call(call_id=keys(site, [call_id])[0], **by(request))
    return CallReprocessedReply(call_id=call_id, still_unmatched=list(done.still_unmatched))


@reads(router, "/sites/{site}/calls", "list_calls", Listed[CallRecord], action="view_calls")
def list_calls(request: HttpRequest, site: SiteCode, query: Query[CallQuery]) -> Any:
    """List calls by the time they are needed, the most urgent first."""
    wanted = CallFilter(query.state, query.kind, query.partner, query.text, query.unmatched)
    return listed(call_records(site_of(site).id, wanted, query.cursor, query.limit))


@reads(router, "/sites/{site}/calls/{call_id}", "get_call", CallDetail, action="view_calls")
def get_call(request: HttpRequest, site: SiteCode, call_id: Id) -> Any:
    """Read one call with its component groups, their indicators and their components."""
    return call_record(site_of(site).id, call_id)


def keys(site: str, public_ids: Sequence[str]) -> tuple[int, ...]:
    """Turn public ids of calls into keys.

    Raises:
        NotFound: there is no such site, or one of them is no call there.
    """
    return call_ids(site_of(site).id, public_ids)


def keys_by_id(site: str, public_ids: Sequence[str]) -> dict[str, int]:
    """Turn public ids of calls into keys, by id.

    Raises:
        NotFound: there is no such site, or one of them is no call there.
    """
    wanted = list(dict.fromkeys(public_ids))
    return dict(zip(wanted, keys(site, wanted), strict=True))


def _input(body: CallBody) -> CallInput:
    return CallInput(
        external_no=body.number,
        kind=body.kind,
        required_at=body.required_at,
        ship_to_code=body.ship_to,
        unloading_point=body.unloading_point,
        line_feed=body.line_feed,
        vin=body.vin,
        production_no=body.production_no,
        stream_code=body.stream,
        sequence_text=body.sequence,
        transmission_no=body.transmission_no,
        required_text=body.required_at.isoformat(),
        zone=body.zone,
        groups=tuple(GroupInput(group.code, _components(group)) for group in body.groups),
    )


def _components(group: GroupBody) -> tuple[ComponentInput, ...]:
    return tuple(
        ComponentInput(c.line_no, c.customer_part_no, c.qty, c.unit or "PCE", c.order_no) for c in group.components
    )
