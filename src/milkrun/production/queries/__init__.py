"""Reads of production: jobs with their lines, and confirmations whose stock posting failed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

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
    signal: str
    signal_text: str
    reason: str
    started: str


@dataclass(frozen=True, slots=True)
class JobLineView:
    """What is to be made, for one component of a call or for stock (then the call's fields are empty)."""

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
    rework: str
    rework_plain: str
    dropped: str
    left: str
    left_plain: str
    unit: str
    done: bool
    lot_tracked: bool
    part_id: int


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
    rework: str
    scrap_reason: str
    lot_no: str
    source: str
    owner: str
    at: str
    actor: str
    state: str
    tries: int
    failure_code: str
    failure: str
    failure_facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class JobView:
    """A job with its lines and its confirmations."""

    row: JobRow
    packing_group_id: int | None
    lines: tuple[JobLineView, ...]
    confirmations: tuple[ConfirmationRow, ...]


def jobs(
    site_id: int, zone: str, state: str = "open", after: str = "", limit: int = 50, text: str = "", signal: str = ""
) -> Page[JobRow]:
    """List jobs, hurried ones first, then by the time they are due; those that contain a text, or have a signal."""
    rows = Job.objects.filter(site_id=site_id, state=state).order_by("-priority", "due_at", "id")
    if signal:
        rows = rows.filter(signal=signal)
    if text:
        rows = rows.filter(
            Q(number__icontains=text) | Q(title__icontains=text) | Q(signal_text__icontains=text)
            | Q(pk__in=JobLine.objects.filter(site_id=site_id, part__number__icontains=text).values("job_id"))
        )  # fmt: skip
    start = position(after, int, datetime, int)
    if start:
        hurried, due, key = start
        rows = rows.filter(priority__lte=hurried).exclude(priority=hurried, due_at__lt=due)
        rows = rows.exclude(priority=hurried, due_at=due, id__lte=key)
    found = list(rows[: limit + 1])
    counts = _counts([row.id for row in found])
    end = found[:limit][-1] if found else None
    last = cursor(end.priority, end.due_at, end.id) if end else ""
    return page_of([_job(row, counts.get(row.id, (0, 0)), zone) for row in found], limit, last)


def _counts(ids: list[int]) -> dict[int, tuple[int, int]]:
    lines = JobLine.objects.filter(job__in=ids).values_list("job_id").order_by()
    counted = lines.annotate(n=Count("id"), left=Count("id", filter=Q(good_qty__lt=F("qty"))))
    return {job: (n, left) for job, n, left in counted}


def _job(row: Job, counts: tuple[int, int], zone: str) -> JobRow:
    return JobRow(
        row.id, row.public_id, row.number, row.title, row.state, row.due_at.isoformat(), moment(row.due_at, zone),
        *counts, row.signal, row.signal_text, row.reason, moment(row.started_at, zone) if row.started_at else "",
    )  # fmt: skip


def job(site_id: int, public_id: str, zone: str) -> JobView:
    """Read one job.

    Raises:
        NotFound: there is none at this site.
    """
    row = Job.objects.filter(site_id=site_id, public_id=public_id).first()
    if row is None:
        raise NotFound(_("This job does not exist at this site. Search for its number."), public_id=public_id)
    lines = JobLine.objects.filter(job=row).select_related("part", "component__group__call").order_by("position")
    made = _confirmations(site_id).filter(line__job=row).order_by("-id")
    return JobView(
        _job(row, _counts([row.id]).get(row.id, (0, 0)), zone), row.packing_group_id,
        tuple(_line(line) for line in lines), tuple(_confirmation(c, zone) for c in made[:200]),
    )  # fmt: skip


def _line(row: JobLine) -> JobLineView:
    unit = row.part.base_unit
    call = row.component.group.call if row.component else None
    left = row.qty - row.good_qty - row.rework_qty - row.dropped_qty
    return JobLineView(
        row.id, row.position, row.part.number, row.part.public_id, row.part.description,
        row.component.customer_part_no if row.component else "", call.external_no if call else "",
        call.public_id if call else "", call.id if call else 0, call.sequence_text if call else "",
        quantity(row.qty, unit), quantity(row.good_qty, unit), quantity(row.scrap_qty, unit),
        quantity(row.rework_qty, unit) if row.rework_qty else "", f"{row.rework_qty:f}",
        quantity(row.dropped_qty, unit) if row.dropped_qty else "", quantity(left, unit), f"{left:f}", unit,
        left <= 0 and not row.rework_qty, row.part.lot_tracked, row.part_id,
    )  # fmt: skip


def _confirmations(site_id: int) -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(site_id=site_id).select_related("line__job", "line__part", "owner")


def _confirmation(row: Confirmation, zone: str) -> ConfirmationRow:
    unit = row.line.part.base_unit
    return ConfirmationRow(
        row.id, row.public_id, row.line.job.number, row.line.job.public_id, row.line.part.number,
        row.line.part.public_id, quantity(row.good_qty, unit), quantity(row.scrap_qty, unit),
        quantity(row.rework_qty, unit) if row.rework_qty else "", row.scrap_reason, row.lot_no, row.source,
        row.owner.name if row.owner else "", moment(row.at, zone), row.actor, row.state, row.tries, row.failure_code,
        row.failure, dict(row.failure_facts),
    )  # fmt: skip


def failed_postings(
    site_id: int,
    zone: str,
    after: str = "",
    limit: int = 50,
    code: str = "",
    text: str = "",
    owner_id: int | None = None,
) -> Page[ConfirmationRow]:
    """List confirmations whose stock posting failed, the oldest first.

    Args:
        code: only those with this cause.
        text: only those whose job, part or cause contains it.
        owner_id: only this person's.
    """
    rows = _confirmations(site_id).filter(state="failed").order_by("id")
    start = position(after, int)
    if start:
        rows = rows.filter(id__gt=start[0])
    if code:
        rows = rows.filter(failure_code=code)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    if text:
        rows = rows.filter(
            Q(line__job__number__icontains=text) | Q(line__part__number__icontains=text) | Q(failure__icontains=text)
        )
    found = list(rows[: limit + 1])
    last = cursor(found[:limit][-1].id) if found else ""
    return page_of([_confirmation(row, zone) for row in found], limit, last)


def failure_codes(site_id: int) -> dict[str, int]:
    """Count the failed postings of a site by the code of their cause."""
    rows = Confirmation.objects.filter(site_id=site_id, state="failed").values_list("failure_code").order_by()
    return dict(rows.annotate(n=Count("id")))


def confirmation_ids(site_id: int, public_ids: Iterable[str]) -> list[int]:
    """Turn public ids of confirmations at a site into keys; unknown ones are left out."""
    rows = Confirmation.objects.filter(site_id=site_id, public_id__in=list(public_ids))
    return list(rows.order_by("id").values_list("id", flat=True))


def confirmation_id(site_id: int, public_id: str) -> int:
    """Turn a confirmation's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = Confirmation.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(_("This confirmation does not exist at this site."), public_id=public_id)
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
