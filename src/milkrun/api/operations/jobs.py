"""Jobs: what is to be made, what was made, and postings that failed."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Count, Cursor, Instant, Listed, PartNumber, PublicId, Quantity, Words, listed
from milkrun.api.operations.calls import JobReply
from milkrun.api.operations.refusals import keeping
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.routes import reads, runs
from milkrun.demand.queries import call_ids
from milkrun.kernel.errors import NotFound
from milkrun.parts.queries.routing import made_part
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.create_job import create_job
from milkrun.production.queries.records import (
    ConfirmationRecord,
    JobDetail,
    JobRecord,
    failed_posting_records,
    job_record,
    job_records,
)
from milkrun.production.queries.records import job_id as job_key

router = Router(tags=["jobs"])

Source = Annotated[Words, Field(max_length=60)]


class ReportBody(Body):
    """What was made of one job line, in base units of its part."""

    position: Count
    good: Quantity
    scrap: Quantity = Field(default="0", validate_default=True)
    scrap_reason: Annotated[Words, Field(max_length=120)] = ""
    rework: Quantity = Field(default="0", validate_default=True)
    from_rework: Quantity = Field(default="0", validate_default=True)
    lot_no: Annotated[Words, Field(max_length=40)] = ""


class ConfirmJob(Body):
    """Reports for at least one line; `source` is the system or place that reports, as people know it."""

    source: Source = ""
    reports: Annotated[list[ReportBody], Field(min_length=1, max_length=500)]


class ConfirmationReply(Schema):
    """A confirmation that was kept; where stock refused, `failure` says why."""

    confirmation_id: str
    position: int
    posted: bool
    failure: str


class JobConfirmedReply(Schema):
    """The job's state is done when nothing is left to make."""

    job_id: str
    state: str
    confirmations: list[ConfirmationReply]


class JobQuery(Cursor):
    """Which jobs are wanted."""

    state: Literal["open", "paused", "done", "closed", "cancelled"] = "open"


@runs(router, "/sites/{site}/jobs/{job_id}/confirm", "confirm_job", JobConfirmedReply)
def post_confirmation(request: HttpRequest, site: SiteCode, job_id: Id, body: ConfirmJob) -> Any:
    """Report what was made; finished goods and used components are posted, a refused posting stays and is shown."""
    key = job_key(site_of(site).id, job_id)
    reports = [
        JobReport(r.position, r.good, r.scrap, r.scrap_reason, r.rework, r.from_rework, r.lot_no) for r in body.reports
    ]
    with keeping(request, key, "confirm_job", body, body.source):
        done = confirm_job(job_id=key, reports=reports, source=body.source, **by(request))
    return JobConfirmedReply(
        job_id=job_id,
        state=done.state,
        confirmations=[
            ConfirmationReply(confirmation_id=c.public_id, position=c.position, posted=c.posted, failure=c.failure)
            for c in done.confirmations
        ],
    )


class CreateJob(Body):
    """What is made, by when, and what asks for it; a job by hand says why."""

    signal: Literal["call", "release", "kanban", "buffer", "stock", "manual"]
    due_at: Instant
    part: PartNumber | None = None
    qty: Quantity | None = None
    signal_text: Annotated[Words, Field(max_length=80)] = ""
    reason: Words = ""
    call_id: PublicId | None = None


@runs(router, "/sites/{site}/jobs", "create_job", JobReply)
def post_job(request: HttpRequest, site: SiteCode, body: CreateJob) -> Any:
    """Make a job for stock or another signal, or for what a call misses since its job ended early."""
    here = site_of(site)
    made = create_job(
        site_id=here.id,
        signal=body.signal,
        due_at=body.due_at,
        part_id=made_part(body.part).id if body.part else None,
        qty=body.qty,
        signal_text=body.signal_text,
        reason=body.reason,
        call_id=_call(here.id, body.call_id) if body.call_id else None,
        **by(request),
    )
    return JobReply(job_id=made.public_id, number=made.number)


def _call(site_id: int, public_id: str) -> int:
    found = call_ids(site_id, [public_id])
    if not found:
        raise NotFound(_("This call does not exist at this site."), call_id=public_id)
    return found[0]


@reads(router, "/sites/{site}/jobs", "list_jobs", Listed[JobRecord], action="view_jobs")
def list_jobs(request: HttpRequest, site: SiteCode, query: Query[JobQuery]) -> Any:
    """List jobs by the time they are due, the earliest first."""
    return listed(job_records(site_of(site).id, query.state, query.cursor, query.limit))


@reads(router, "/sites/{site}/jobs/{job_id}", "get_job", JobDetail, action="view_jobs")
def get_job(request: HttpRequest, site: SiteCode, job_id: Id) -> Any:
    """Read one job with its lines and its newest confirmations."""
    return job_record(site_of(site).id, job_id)


@reads(router, "/sites/{site}/failed-postings", "list_failed_postings", Listed[ConfirmationRecord], action="view_jobs")
def list_failed_postings(request: HttpRequest, site: SiteCode, query: Query[Cursor]) -> Any:
    """List confirmations whose stock posting failed, the oldest first."""
    return listed(failed_posting_records(site_of(site).id, query.cursor, query.limit))
