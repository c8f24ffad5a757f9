"""Changes of calls: updated, moved in their sequence, decided upon, ordered again."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, CodeOrEmpty, Count, Instant, PartNumber, PublicId, Quantity, Reason, Words
from milkrun.api.operations.call_steps import CallsAnsweredReply, answered
from milkrun.api.operations.calls import Calls, ReasonBody, keys, keys_by_id
from milkrun.api.operations.sites import Id, SiteCode
from milkrun.api.routes import runs
from milkrun.demand.commands.resequence_calls import Move, resequence_calls
from milkrun.shipping.commands.accept_cancel import accept_cancel
from milkrun.shipping.commands.decide_changes import decide_changes
from milkrun.shipping.commands.decline_cancel import decline_cancel
from milkrun.shipping.commands.reorder_component import reorder_component
from milkrun.shipping.commands.update_calls import CallChange, LineChange, update_calls

router = Router(tags=["calls"])

Family = Annotated[CodeOrEmpty, Field(max_length=12)]


class LineBody(Body):
    """What changes in one line of a call; what is left out stays."""

    group: Family = ""
    line_no: Count
    qty: Quantity | None = None
    customer_part_no: PartNumber | None = None


class ChangeBody(Body):
    """What changes in one call; what is left out stays."""

    call_id: PublicId
    required_at: Instant | None = None
    unloading_point: CodeOrEmpty | None = None
    line_feed: CodeOrEmpty | None = None
    sequence: Annotated[str, Field(max_length=18, pattern=r"^[0-9]+$")] | None = None
    lines: Annotated[list[LineBody], Field(max_length=500)] = []


class UpdateCalls(Body):
    """Changes of up to 500 calls, and why."""

    changes: Annotated[list[ChangeBody], Field(min_length=1, max_length=500)]
    reason: Reason


class MoveBody(Body):
    """A call and the number it gets in its own sequence."""

    call_id: PublicId
    number: Annotated[str, Field(min_length=1, max_length=18, pattern=r"^[0-9]+$")]


class ResequenceCalls(Body):
    """Moves of up to 500 calls, and why."""

    moves: Annotated[list[MoveBody], Field(min_length=1, max_length=500)]
    reason: Reason


class DecideChanges(Calls):
    """Calls whose asked changes are accepted or declined; a declined one needs a note."""

    accept: bool
    note: Words = ""


class CancelNote(Body):
    """A note for the history."""

    note: Words = ""


class ReorderBody(Body):
    """Lines of one group that are ordered again; `lost` goods go to scrap."""

    group: Family = ""
    lines: Annotated[list[Count], Field(min_length=1, max_length=500)]
    reason: Reason
    lost: bool = True


class CancelDecidedReply(Schema):
    """The call, and the states its groups have now."""

    call_id: str
    states: list[str]


class ReorderedReply(Schema):
    """The call that the new group stands on: the same before delivery, one of its own after it."""

    call_id: str
    number: str
    after_delivery: bool


@runs(router, "/sites/{site}/calls/update", "update_calls", CallsAnsweredReply)
def post_update(request: HttpRequest, site: SiteCode, body: UpdateCalls) -> Any:
    """Change calls: freely before their release, later by the customer's rule; a planner may have to decide."""
    ids = keys_by_id(site, [change.call_id for change in body.changes])
    changes = [
        CallChange(
            ids[change.call_id], change.required_at, change.unloading_point, change.line_feed, change.sequence,
            tuple(LineChange(row.group, row.line_no, row.qty, row.customer_part_no) for row in change.lines),
        )
        for change in body.changes
    ]  # fmt: skip
    done = update_calls(changes=changes, reason=body.reason, source="api", **by(request))
    return CallsAnsweredReply(answers=answered(done.answers))


@runs(router, "/sites/{site}/calls/changes/decide", "decide_changes", CallsAnsweredReply)
def post_decision(request: HttpRequest, site: SiteCode, body: DecideChanges) -> Any:
    """Accept or decline the changes that were asked of calls under way."""
    done = decide_changes(call_ids=keys(site, body.call_ids), accept=body.accept, note=body.note, **by(request))
    return CallsAnsweredReply(answers=answered(done.answers))


@runs(router, "/sites/{site}/calls/resequence", "resequence_calls", CallsAnsweredReply)
def post_moves(request: HttpRequest, site: SiteCode, body: ResequenceCalls) -> Any:
    """Give calls other numbers in their sequence; two of them may change places."""
    ids = keys_by_id(site, [move.call_id for move in body.moves])
    moves = [Move(ids[move.call_id], move.number) for move in body.moves]
    done = resequence_calls(moves=moves, reason=body.reason, **by(request))
    return CallsAnsweredReply(answers=answered(done.answers))


@runs(router, "/sites/{site}/calls/{call_id}/cancel/accept", "accept_cancel", CancelDecidedReply)
def post_accept(request: HttpRequest, site: SiteCode, call_id: Id, body: CancelNote) -> Any:
    """Accept that a call under way is cancelled: its goods are free, its slot stays empty."""
    accept_cancel(call_id=keys(site, [call_id])[0], note=body.note, **by(request))
    return CancelDecidedReply(call_id=call_id, states=["cancelled"])


@runs(router, "/sites/{site}/calls/{call_id}/cancel/decline", "decline_cancel", CancelDecidedReply)
def post_decline(request: HttpRequest, site: SiteCode, call_id: Id, body: ReasonBody) -> Any:
    """Decline it: the call goes on where it stood."""
    done = decline_cancel(call_id=keys(site, [call_id])[0], reason=body.reason, **by(request))
    return CancelDecidedReply(call_id=call_id, states=list(done.states))


@runs(router, "/sites/{site}/calls/{call_id}/reorder", "reorder_component", ReorderedReply)
def post_reorder(request: HttpRequest, site: SiteCode, call_id: Id, body: ReorderBody) -> Any:
    """Supply damaged or missing parts of a call again, before its goods have left or after."""
    done = reorder_component(
        call_id=keys(site, [call_id])[0], group_code=body.group, line_nos=body.lines, reason=body.reason,
        lost=body.lost, **by(request),
    )  # fmt: skip
    return ReorderedReply(call_id=done.public_id, number=done.external_no, after_delivery=done.after_delivery)
