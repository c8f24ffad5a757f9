"""Jobs: what is to be made, what was made, and postings that failed."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Count, Cursor, Listed, Quantity, Words, listed
from milkrun.api.operations.calls import Nothing
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.routes import reads, runs
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.reprocess_posting import reprocess_posting
from milkrun.production.queries import confirmation_id as confirmation_key
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


class ReportBody(Body):
    """What was made of one job line, in base units of its part."""

    position: Count
    good: Quantity
    scrap: Quantity = Field(default="0", validate_default=True)
    scrap_reason: Annotated[Words, Field(max_length=120)] = ""


class ConfirmJob(Body):
    """Reports for at least one line."""

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


class PostingReprocessedReply(Schema):
    """The posting was tried again; where it failed again, `failure` says why."""

    confirmation_id: str
    posted: bool
    failure: str


class JobQuery(Cursor):
    """Which jobs are wanted."""

    state: Literal["open", "done", "cancelled"] = "open"


@runs(router, "/sites/{site}/jobs/{job_id}/confirm", "confirm_job", JobConfirmedReply)
def post_confirmation(request: HttpRequest, site: SiteCode, job_id: Id, body: ConfirmJob) -> Any:
    """Report what was made; finished goods and used components are posted, a refused posting stays and is shown."""
    reports = [JobReport(r.position, r.good, r.scrap, r.scrap_reason) for r in body.reports]
    done = confirm_job(job_id=job_key(site_of(site).id, job_id), reports=reports, **by(request))
    return JobConfirmedReply(
        job_id=job_id,
        state=done.state,
        confirmations=[
            ConfirmationReply(confirmation_id=c.public_id, position=c.position, posted=c.posted, failure=c.failure)
            for c in done.confirmations
        ],
    )


@runs(router, "/sites/{site}/confirmations/{confirmation_id}/reprocess", "reprocess_posting", PostingReprocessedReply)
def post_reprocess(request: HttpRequest, site: SiteCode, confirmation_id: Id, body: Nothing) -> Any:
    """Try a failed stock posting again, once its cause is gone."""
    key = confirmation_key(site_of(site).id, confirmation_id)
    done = reprocess_posting(confirmation_id=key, **by(request))
    return PostingReprocessedReply(confirmation_id=confirmation_id, posted=done.posted, failure=done.failure)


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
