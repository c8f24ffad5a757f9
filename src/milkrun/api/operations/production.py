"""Production beside confirming: jobs for any signal and their course, runs of a line, postings, load and promises."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by, visit
from milkrun.api.fields import (
    Body,
    CodeOrEmpty,
    Count,
    Instant,
    PartNumber,
    PublicId,
    Quantity,
    Reason,
    Words,
)
from milkrun.api.operations.jobs import Source
from milkrun.api.operations.refusals import keeping
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.routes import reads, runs
from milkrun.insight.queries.pegging import CallPegging, Served, pegging_of_call, pegging_of_job
from milkrun.parts.queries.routing import made_part, work_centre_by_code
from milkrun.production.commands.cancel_job import cancel_job
from milkrun.production.commands.close_job import close_job
from milkrun.production.commands.confirm_step import confirm_step
from milkrun.production.commands.pause_job import pause_job
from milkrun.production.commands.report_production import report_production
from milkrun.production.commands.reprocess_postings import reprocess_postings
from milkrun.production.commands.reschedule_job import reschedule_job
from milkrun.production.commands.reverse_confirmation import reverse_confirmation
from milkrun.production.commands.start_job import start_job
from milkrun.production.queries import confirmation_id, confirmation_ids
from milkrun.production.queries.floor import RefusedRow, ScrapRow, refused_reports, scrap
from milkrun.production.queries.load import load
from milkrun.production.queries.promise import Promise, promise
from milkrun.production.queries.records import job_id as job_key

router = Router(tags=["production"])


class Status(Body):
    """Which system reports, as people know it, and why."""

    source: Source = ""
    reason: Words = ""


class StateReply(Schema):
    """Where the job stands now."""

    job_id: str
    state: str


@runs(router, "/sites/{site}/jobs/{job_id}/start", "start_job", StateReply)
def post_start(request: HttpRequest, site: SiteCode, job_id: Id, body: Status) -> Any:
    """Report that work on a job begins or goes on."""
    key = job_key(site_of(site).id, job_id)
    with keeping(request, key, "start_job", body, body.source):
        done = start_job(job_id=key, source=body.source, **by(request))
    return StateReply(job_id=job_id, state=done.state)


@runs(router, "/sites/{site}/jobs/{job_id}/pause", "pause_job", StateReply)
def post_pause(request: HttpRequest, site: SiteCode, job_id: Id, body: Status) -> Any:
    """Report that a job rests; it is not confirmed until it goes on."""
    key = job_key(site_of(site).id, job_id)
    with keeping(request, key, "pause_job", body, body.source):
        done = pause_job(job_id=key, reason=body.reason, source=body.source, **by(request))
    return StateReply(job_id=job_id, state=done.state)


class Why(Body):
    """The reason stands in the history."""

    reason: Reason


class EndedReply(StateReply):
    """The calls that miss parts now."""

    missing_calls: list[str]


@runs(router, "/sites/{site}/jobs/{job_id}/close", "close_job", EndedReply)
def post_close(request: HttpRequest, site: SiteCode, job_id: Id, body: Why) -> Any:
    """End a job although not everything was made."""
    done = close_job(job_id=job_key(site_of(site).id, job_id), reason=body.reason, **by(request))
    return EndedReply(job_id=job_id, state=done.state, missing_calls=list(done.missing_calls))


@runs(router, "/sites/{site}/jobs/{job_id}/cancel", "cancel_job", EndedReply)
def post_cancel(request: HttpRequest, site: SiteCode, job_id: Id, body: Why) -> Any:
    """End a job of which nothing was made."""
    done = cancel_job(job_id=job_key(site_of(site).id, job_id), reason=body.reason, **by(request))
    return EndedReply(job_id=job_id, state=done.state, missing_calls=list(done.missing_calls))


class Reschedule(Why):
    """The new date and why."""

    due_at: Instant


class RescheduledReply(Schema):
    """Calls that are promised later than required, and who was told: roles and customers' codes."""

    job_id: str
    late_calls: list[str]
    told: list[str]


@runs(router, "/sites/{site}/jobs/{job_id}/reschedule", "reschedule_job", RescheduledReply)
def post_reschedule(request: HttpRequest, site: SiteCode, job_id: Id, body: Reschedule) -> Any:
    """Move a job's date; everybody whom it affects is told."""
    key = job_key(site_of(site).id, job_id)
    done = reschedule_job(job_id=key, due_at=body.due_at, reason=body.reason, **by(request))
    return RescheduledReply(job_id=job_id, late_calls=list(done.late_calls), told=list(done.told))


class ConfirmStep(Body):
    """Pieces of a line that a step before the last is done with."""

    position: Count
    step_no: Count
    qty: Quantity
    source: Source = ""


class StepReply(Schema):
    """How many pieces the step has done in all."""

    job_id: str
    step_no: int
    done_qty: str


@runs(router, "/sites/{site}/jobs/{job_id}/steps", "confirm_step", StepReply)
def post_step(request: HttpRequest, site: SiteCode, job_id: Id, body: ConfirmStep) -> Any:
    """Report progress at a step before the last; the last one is confirmed with stock."""
    key = job_key(site_of(site).id, job_id)
    with keeping(request, key, "confirm_step", body, body.source):
        done = confirm_step(
            job_id=key, position=body.position, step_no=body.step_no, qty=body.qty, source=body.source, **by(request)
        )
    return StepReply(job_id=job_id, step_no=done.step_no, done_qty=f"{done.done_qty:f}")


class ReportRun(Body):
    """What a line made of a part in a period."""

    part: PartNumber
    good: Quantity
    scrap: Quantity = Field(default="0", validate_default=True)
    scrap_reason: Annotated[Words, Field(max_length=120)] = ""
    from_at: Instant
    to_at: Instant
    work_centre: CodeOrEmpty = ""
    lot_no: Annotated[Words, Field(max_length=40)] = ""
    source: Source = ""


class ShareReply(Schema):
    """What one job got; where stock refused, `failure` says why."""

    job_number: str
    good: str
    scrap: str
    posted: bool
    failure: str


class RunReply(Schema):
    """A run: its shares, and how many pieces no job asked for."""

    run_id: str
    number: str
    shares: list[ShareReply]
    to_stock: str


@runs(router, "/sites/{site}/production-runs", "report_production", RunReply)
def post_run(request: HttpRequest, site: SiteCode, body: ReportRun) -> Any:
    """Report what a line made in a period: open jobs in due order, the rest to stock, components backflushed."""
    here = site_of(site)
    done = report_production(
        site_id=here.id,
        part_id=made_part(body.part).id,
        good=body.good,
        scrap=body.scrap,
        scrap_reason=body.scrap_reason,
        from_at=body.from_at,
        to_at=body.to_at,
        work_centre_id=work_centre_by_code(here.id, body.work_centre).id if body.work_centre else None,
        lot_no=body.lot_no,
        source=body.source,
        **by(request),
    )
    shares = [
        ShareReply(
            job_number=s.job_number, good=f"{s.good:f}", scrap=f"{s.scrap:f}", posted=s.posted, failure=s.failure
        )
        for s in done.shares
    ]
    return RunReply(run_id=done.public_id, number=done.number, shares=shares, to_stock=f"{done.to_stock:f}")


class ReversedReply(Schema):
    """The confirmation counts no more; the job goes on."""

    confirmation_id: str
    job_state: str


@runs(router, "/sites/{site}/confirmations/{confirmation_id}/reverse", "reverse_confirmation", ReversedReply)
def post_reverse(request: HttpRequest, site: SiteCode, confirmation_id: Id, body: Why) -> Any:
    """Take a confirmation back, posted or failed."""
    key = _confirmation(site_of(site).id, confirmation_id)
    done = reverse_confirmation(confirmation_id=key, reason=body.reason, **by(request))
    return ReversedReply(confirmation_id=confirmation_id, job_state=done.job_state)


def _confirmation(site_id: int, public_id: str) -> int:
    return confirmation_id(site_id, public_id)


class RetryMany(Body):
    """Failed confirmations to try again."""

    confirmation_ids: Annotated[list[PublicId], Field(min_length=1, max_length=1000)]


class AnswerReply(Schema):
    """What became of one: posted, failed with its cause, or refused because there was nothing to post."""

    confirmation_id: str
    job_number: str
    outcome: str
    message: str


class AnswersReply(Schema):
    """One answer for each confirmation that exists at the site."""

    answers: list[AnswerReply]


@runs(router, "/sites/{site}/confirmations/reprocess", "reprocess_postings", AnswersReply)
def post_retry(request: HttpRequest, site: SiteCode, body: RetryMany) -> Any:
    """Try many failed stock postings again; each is posted once at most and answered on its own."""
    keys = confirmation_ids(site_of(site).id, body.confirmation_ids)
    done = reprocess_postings(confirmation_ids=keys, **by(request))
    return AnswersReply(
        answers=[
            AnswerReply(confirmation_id=a.public_id, job_number=a.job_number, outcome=a.outcome, message=a.message)
            for a in done.answers
        ]
    )


class CellReply(Schema):
    """A work centre in an ISO week: minutes, and who asks for what does not fit, in due order."""

    work_centre: str
    week: str
    load_minutes: int
    capacity_minutes: int
    at_risk: list[str]


class LoadReply(Schema):
    """Load against capacity, by work centre and week."""

    cells: list[CellReply]


@reads(router, "/sites/{site}/load", "get_load", LoadReply, action="view_jobs")
def get_load(request: HttpRequest, site: SiteCode) -> Any:
    """Compare load with capacity by work centre and ISO week; overload names the calls and releases at risk."""
    here = site_of(site)
    cells = [
        CellReply(
            work_centre=row.centre.code,
            week=cell.week.name,
            load_minutes=cell.load,
            capacity_minutes=cell.capacity,
            at_risk=list(dict.fromkeys(f"{a.kind} {a.text}" for item in cell.at_risk for a in item.asked_by)),
        )
        for row in load(here.id, here.zone, visit(request).at)
        for cell in row.cells
    ]
    return LoadReply(cells=cells)


class PromiseQuery(Schema):
    """Which part and how many base units."""

    part: PartNumber
    qty: Quantity


class PromiseReply(Schema):
    """The earliest day, or why there is none; components that are short are named."""

    part: str
    day: date | None
    from_stock: str
    to_make: str
    short: list[str]
    why: str


@reads(router, "/sites/{site}/promise", "get_promise", PromiseReply, action="view_jobs")
def get_promise(request: HttpRequest, site: SiteCode, query: Query[PromiseQuery]) -> Any:
    """Find by when a quantity can be promised, from free stock and what time the load leaves."""
    here = site_of(site)
    found: Promise = promise(here.id, here.zone, visit(request).at, made_part(query.part), query.qty)
    return PromiseReply(
        part=found.part, day=found.day, from_stock=found.from_stock, to_make=found.to_make, short=list(found.short),
        why=found.why,
    )  # fmt: skip


class JobPegging(Schema):
    """What each line of a job is for."""

    lines: list[Served]


@reads(router, "/sites/{site}/jobs/{job_id}/pegging", "get_job_pegging", JobPegging, action="view_jobs")
def get_job_pegging(request: HttpRequest, site: SiteCode, job_id: Id) -> Any:
    """Follow a job to the calls, deliveries and customers it serves."""
    here = site_of(site)
    return JobPegging(lines=list(pegging_of_job(here.id, job_id, here.zone)))


@reads(router, "/sites/{site}/calls/{call_id}/pegging", "get_call_pegging", CallPegging, action="view_jobs")
def get_call_pegging(request: HttpRequest, site: SiteCode, call_id: Id) -> Any:
    """Follow a call to its jobs, what they made, the postings and the lots."""
    here = site_of(site)
    return pegging_of_call(here.id, call_id, here.zone)


class RefusedList(Schema):
    """Reports that were refused and wait for a person."""

    items: list[RefusedRow]


@reads(router, "/sites/{site}/refused-reports", "list_refused_reports", RefusedList, action="view_jobs")
def list_refused_reports(request: HttpRequest, site: SiteCode) -> Any:
    """List what machines reported and we refused, the oldest first."""
    here = site_of(site)
    return RefusedList(items=list(refused_reports(here.id, here.zone)))


class ScrapQuery(Schema):
    """From when (included) until when (not included)."""

    since: Instant
    until: Instant


class ScrapList(Schema):
    """Scrap by cause and part, the most reported cause first."""

    items: list[ScrapRow]


@reads(router, "/sites/{site}/scrap", "list_scrap", ScrapList, action="view_jobs")
def list_scrap(request: HttpRequest, site: SiteCode, query: Query[ScrapQuery]) -> Any:
    """Add scrap up by cause and part in a period."""
    return ScrapList(items=list(scrap(site_of(site).id, query.since, query.until)))
