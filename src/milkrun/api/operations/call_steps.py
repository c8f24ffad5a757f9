"""What is done with calls: for a whole selection at once, with one answer for each call."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Reason, Words
from milkrun.api.operations.calls import Calls, JobReply, keys
from milkrun.api.operations.sites import SiteCode
from milkrun.api.routes import runs
from milkrun.demand.commands.hold_calls import CallAnswer, hold_calls
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.commands.resume_calls import resume_calls
from milkrun.demand.queries.records import call_public_ids
from milkrun.production.commands.release_calls import release_calls
from milkrun.shipping.commands.expedite_calls import expedite_calls

router = Router(tags=["calls"])


class CallsBecause(Calls):
    """Calls, and why something is done with them."""

    reason: Reason


class ResumeCalls(Calls):
    """Calls that go on."""

    reason: Words = ""


class ExpediteCalls(CallsBecause):
    """Calls and how urgent they are: 0 as any other, 1 urgent, 2 before everything."""

    priority: Annotated[Literal[0, 1, 2], Field()] = 1


class CallAnswerReply(Schema):
    """What became of one call; a refused one has a code and says why, another one may say a warning."""

    call_id: str
    number: str
    outcome: str
    code: str
    message: str


class CallsAnsweredReply(Schema):
    """One answer a call, in the order given."""

    answers: list[CallAnswerReply]


class CallsReleasedReply(CallsAnsweredReply):
    """One answer a call, the jobs that were made, and the calls that are served from stock."""

    jobs: list[JobReply]
    ready_call_ids: list[str]


@runs(router, "/sites/{site}/calls/release", "release_calls", CallsReleasedReply)
def post_release(request: HttpRequest, site: SiteCode, body: Calls) -> Any:
    """Release calls to production, each that can be; what is in stock is reserved, the rest gets jobs."""
    done = release_calls(call_ids=keys(site, body.call_ids), **by(request))
    return CallsReleasedReply(
        answers=answered(done.answers),
        jobs=[JobReply(job_id=job.public_id, number=job.number) for job in done.jobs],
        ready_call_ids=list(call_public_ids(done.ready_calls)),
    )


@runs(router, "/sites/{site}/calls/cancel", "request_cancel", CallsAnsweredReply)
def post_cancel(request: HttpRequest, site: SiteCode, body: CallsBecause) -> Any:
    """Cancel calls that are not released; for those under way ask for it, and a planner decides."""
    done = request_cancel(call_ids=keys(site, body.call_ids), reason=body.reason, source="api", **by(request))
    return CallsAnsweredReply(answers=answered(done.answers))


@runs(router, "/sites/{site}/calls/hold", "hold_calls", CallsAnsweredReply)
def post_hold(request: HttpRequest, site: SiteCode, body: CallsBecause) -> Any:
    """Put calls on hold: nothing goes on with them until they are resumed."""
    done = hold_calls(call_ids=keys(site, body.call_ids), reason=body.reason, **by(request))
    return CallsAnsweredReply(answers=answered(done.answers))


@runs(router, "/sites/{site}/calls/resume", "resume_calls", CallsAnsweredReply)
def post_resume(request: HttpRequest, site: SiteCode, body: ResumeCalls) -> Any:
    """Let calls go on that are on hold."""
    done = resume_calls(call_ids=keys(site, body.call_ids), reason=body.reason, **by(request))
    return CallsAnsweredReply(answers=answered(done.answers))


@runs(router, "/sites/{site}/calls/expedite", "expedite_calls", CallsAnsweredReply)
def post_expedite(request: HttpRequest, site: SiteCode, body: ExpediteCalls) -> Any:
    """Hurry calls with their jobs and deliveries."""
    done = expedite_calls(call_ids=keys(site, body.call_ids), priority=body.priority, reason=body.reason, **by(request))
    return CallsAnsweredReply(answers=answered(done.answers))


def answered(answers: Iterable[CallAnswer]) -> list[CallAnswerReply]:
    """Turn a command's answers into the reply's."""
    rows = list(answers)
    ids = call_public_ids(row.call_id for row in rows)
    return [
        CallAnswerReply(call_id=key, number=row.number, outcome=row.outcome, code=row.code, message=row.message)
        for key, row in zip(ids, rows, strict=True)
    ]
