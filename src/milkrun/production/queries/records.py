"""Jobs and confirmations as other systems read them: plain values, public ids, nothing worded for people."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.production.models import Confirmation, Job, JobLine
from milkrun.production.states import JOB_STATES


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job without its lines."""

    id: str
    number: str
    title: str
    state: str
    due_at: datetime
    packing_group_id: str
    signal: str
    signal_text: str
    reason: str


@dataclass(frozen=True, slots=True)
class JobLineRecord:
    """What is to be made, in base units of its part; the call's fields are empty where it is made for stock."""

    position: int
    part_id: str
    part: str
    unit: str
    customer_part_no: str
    call_id: str
    call_number: str
    sequence: str
    qty: Decimal
    good_qty: Decimal
    scrap_qty: Decimal
    rework_qty: Decimal
    dropped_qty: Decimal


@dataclass(frozen=True, slots=True)
class ConfirmationRecord:
    """What the floor reported and whether stock followed; `failure` says why not."""

    id: str
    job_id: str
    job_number: str
    position: int
    part_id: str
    part: str
    good_qty: Decimal
    scrap_qty: Decimal
    rework_qty: Decimal
    scrap_reason: str
    lot_no: str
    source: str
    at: datetime
    actor: str
    state: str
    tries: int
    failure_code: str
    failure: str


@dataclass(frozen=True, slots=True)
class JobDetail:
    """A job with its lines and its newest confirmations."""

    job: JobRecord
    lines: tuple[JobLineRecord, ...]
    confirmations: tuple[ConfirmationRecord, ...]


def job_records(site_id: int, state: str = "open", after: str = "", limit: int = 50) -> Page[JobRecord]:
    """List the jobs in a state by the time they are due, the earliest first.

    Raises:
        Invalid: there is no such state.
    """
    if state not in JOB_STATES:
        raise Invalid(
            [
                Problem(
                    "state",
                    _("Known states are {job_states}.").format(job_states=", ".join(JOB_STATES)),
                    "unknown_state",
                )
            ]
        )
    rows = Job.objects.filter(site_id=site_id, state=state).select_related("packing_group").order_by("due_at", "id")
    start = position(after, datetime, int)
    if start:
        rows = rows.filter(due_at__gte=start[0]).exclude(due_at=start[0], id__lte=start[1])
    found = list(rows[: limit + 1])
    last = cursor(found[:limit][-1].due_at, found[:limit][-1].id) if found else ""
    return page_of([_job(row) for row in found], limit, last)


def job_record(site_id: int, public_id: str) -> JobDetail:
    """Read one job.

    Raises:
        NotFound: there is none at this site.
    """
    row = Job.objects.filter(site_id=site_id, public_id=public_id).select_related("packing_group").first()
    if row is None:
        raise NotFound(_("This job does not exist at this site."), job_id=public_id)
    lines = JobLine.objects.filter(job=row).select_related("part", "component__group__call").order_by("position")
    made = Confirmation.objects.filter(line__job=row).select_related("line__job", "line__part").order_by("-id")
    return JobDetail(_job(row), tuple(_line(line) for line in lines), tuple(_confirmation(c) for c in made[:200]))


def job_id(site_id: int, public_id: str) -> int:
    """Turn a job's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = Job.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(_("This job does not exist at this site."), job_id=public_id)
    return found


def job_public_id(key: int) -> str:
    """Turn a job's key into its public id."""
    return Job.objects.values_list("public_id", flat=True).get(pk=key)


def failed_posting_records(site_id: int, after: str = "", limit: int = 50) -> Page[ConfirmationRecord]:
    """List confirmations whose stock posting failed, the oldest first."""
    rows = Confirmation.objects.filter(site_id=site_id, state="failed").order_by("id")
    start = position(after, int)
    if start:
        rows = rows.filter(id__gt=start[0])
    found = list(rows.select_related("line__job", "line__part")[: limit + 1])
    return page_of([_confirmation(row) for row in found], limit, cursor(found[:limit][-1].id) if found else "")


def _job(row: Job) -> JobRecord:
    rack = row.packing_group
    return JobRecord(
        row.public_id, row.number, row.title, row.state, row.due_at, rack.public_id if rack else "", row.signal,
        row.signal_text, row.reason,
    )  # fmt: skip


def _line(row: JobLine) -> JobLineRecord:
    call = row.component.group.call if row.component else None
    return JobLineRecord(
        row.position, row.part.public_id, row.part.number, row.part.base_unit,
        row.component.customer_part_no if row.component else "", call.public_id if call else "",
        call.external_no if call else "", call.sequence_text if call else "", row.qty, row.good_qty, row.scrap_qty,
        row.rework_qty, row.dropped_qty,
    )  # fmt: skip


def _confirmation(row: Confirmation) -> ConfirmationRecord:
    return ConfirmationRecord(
        row.public_id, row.line.job.public_id, row.line.job.number, row.line.position, row.line.part.public_id,
        row.line.part.number, row.good_qty, row.scrap_qty, row.rework_qty, row.scrap_reason, row.lot_no, row.source,
        row.at, row.actor, row.state, row.tries, row.failure_code, row.failure,
    )  # fmt: skip
