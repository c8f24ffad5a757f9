"""Reads of production: jobs with their lines, and confirmations whose stock posting failed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Hit, Page, cursor, page_of, position
from milkrun.measure.wording import moment, quantity
from milkrun.production.models import Confirmation, Job, JobLine


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job in a list."""

    id: int
    public_id: str
    number: str
    title: str
    state: str
    due: str
    required: str
    lines: int
    open_lines: int


@dataclass(frozen=True, slots=True)
class JobLineView:
    """What is to be made for one component."""

    id: int
    position: int
    part_number: str
    part_public_id: str
    description: str
    customer_part_no: str
    call_number: str
    call_public_id: str
    call_id: int
    sequence: str
    qty: str
    good: str
    scrap: str
    left: str
    left_plain: str
    unit: str
    done: bool


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """What the floor reported, and whether stock followed."""

    id: int
    public_id: str
    job_number: str
    job_public_id: str
    part_number: str
    part_public_id: str
    good: str
    scrap: str
    scrap_reason: str
    at: str
    actor: str
    state: str
    tries: int
    failure_code: str
    failure: str


@dataclass(frozen=True, slots=True)
class JobView:
    """A job with its lines and its confirmations."""

    row: JobRow
    packing_group_id: int | None
    lines: tuple[JobLineView, ...]
    confirmations: tuple[ConfirmationRow, ...]


def jobs(site_id: int, zone: str, state: str = "open", after: str = "", limit: int = 50) -> Page[JobRow]:
    """List jobs by the time they are due, the earliest first."""
    rows = Job.objects.filter(site_id=site_id, state=state).order_by("due_at", "id")
    start = position(after, datetime, int)
    if start:
        rows = rows.filter(due_at__gte=start[0]).exclude(due_at=start[0], id__lte=start[1])
    found = list(rows[: limit + 1])
    counts = _counts([row.id for row in found])
    last = cursor(found[:limit][-1].due_at, found[:limit][-1].id) if found else ""
    return page_of([_job(row, counts.get(row.id, (0, 0)), zone) for row in found], limit, last)


def _counts(ids: list[int]) -> dict[int, tuple[int, int]]:
    lines = JobLine.objects.filter(job__in=ids).values_list("job_id").order_by()
    counted = lines.annotate(n=Count("id"), left=Count("id", filter=Q(good_qty__lt=F("qty"))))
    return {job: (n, left) for job, n, left in counted}


def _job(row: Job, counts: tuple[int, int], zone: str) -> JobRow:
    return JobRow(
        row.id, row.public_id, row.number, row.title, row.state, row.due_at.isoformat(), moment(row.due_at, zone),
        *counts,
    )  # fmt: skip


def job(site_id: int, public_id: str, zone: str) -> JobView:
    """Read one job.

    Raises:
        NotFound: there is none at this site.
    """
    row = Job.objects.filter(site_id=site_id, public_id=public_id).first()
    if row is None:
        raise NotFound("This job does not exist at this site. Search for its number.", public_id=public_id)
    lines = JobLine.objects.filter(job=row).select_related("part", "component__group__call").order_by("position")
    made = _confirmations(site_id).filter(line__job=row).order_by("-id")
    return JobView(
        _job(row, _counts([row.id]).get(row.id, (0, 0)), zone), row.packing_group_id,
        tuple(_line(line) for line in lines), tuple(_confirmation(c, zone) for c in made[:200]),
    )  # fmt: skip


def _line(row: JobLine) -> JobLineView:
    unit = row.part.base_unit
    call = row.component.group.call
    left = row.qty - row.good_qty
    return JobLineView(
        row.id, row.position, row.part.number, row.part.public_id, row.part.description,
        row.component.customer_part_no, call.external_no, call.public_id, call.id, call.sequence_text,
        quantity(row.qty, unit), quantity(row.good_qty, unit), quantity(row.scrap_qty, unit), quantity(left, unit),
        f"{left:f}", unit, left <= 0,
    )  # fmt: skip


def _confirmations(site_id: int):  # type: ignore[no-untyped-def]
    return Confirmation.objects.filter(site_id=site_id).select_related("line__job", "line__part")


def _confirmation(row: Confirmation, zone: str) -> ConfirmationRow:
    unit = row.line.part.base_unit
    return ConfirmationRow(
        row.id, row.public_id, row.line.job.number, row.line.job.public_id, row.line.part.number,
        row.line.part.public_id, quantity(row.good_qty, unit), quantity(row.scrap_qty, unit), row.scrap_reason,
        moment(row.at, zone), row.actor, row.state, row.tries, row.failure_code, row.failure,
    )  # fmt: skip


def failed_postings(site_id: int, zone: str, after: str = "", limit: int = 50) -> Page[ConfirmationRow]:
    """List confirmations whose stock posting failed, the oldest first."""
    rows = _confirmations(site_id).filter(state="failed").order_by("id")
    start = position(after, int)
    if start:
        rows = rows.filter(id__gt=start[0])
    found = list(rows[: limit + 1])
    last = cursor(found[:limit][-1].id) if found else ""
    return page_of([_confirmation(row, zone) for row in found], limit, last)


def confirmation_id(site_id: int, public_id: str) -> int:
    """Turn a confirmation's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = Confirmation.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound("This confirmation does not exist at this site.", public_id=public_id)
    return found


def counts(site_id: int) -> dict[str, int]:
    """Count open jobs and failed postings of a site."""
    return {
        "open_jobs": Job.objects.filter(site_id=site_id, state="open").count(),
        "failed_postings": Confirmation.objects.filter(site_id=site_id, state="failed").count(),
    }


def jobs_of_calls(ids: Iterable[int], zone: str) -> list[JobRow]:
    """List the jobs that make parts of these calls."""
    found = list(Job.objects.filter(lines__component__group__call__in=list(ids)).distinct().order_by("id")[:50])
    counted = _counts([row.id for row in found])
    return [_job(row, counted.get(row.id, (0, 0)), zone) for row in found]


def find(site_id: int, text: str, limit: int = 8) -> list[Hit]:
    """Find jobs by number; the exact one first."""
    text = text.strip()
    rows = Job.objects.filter(site_id=site_id, number__iendswith=text).order_by("-id")[:limit] if text else ()
    hits = [Hit("job", row.number, row.title, row.public_id, row.number.upper() == text.upper()) for row in rows]
    return sorted(hits, key=lambda hit: not hit.exact)
