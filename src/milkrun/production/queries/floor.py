"""Reads of the floor: runs of lines, scrap by cause, reports that were refused, and how the shift stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import moment, quantity
from milkrun.production.models import Confirmation, Job, ProductionRun, RefusedReport, ScrapReason
from milkrun.production.states import LIVE_JOBS
from milkrun.stock.models import Movement


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A cause of scrap of the site's list."""

    code: str
    name: str
    active: bool


def scrap_reasons(site_id: int, *, every: bool = False) -> tuple[ReasonView, ...]:
    """List the causes of scrap in use, or every one there ever was, by code."""
    rows = ScrapReason.objects.filter(site_id=site_id).order_by("code")
    return tuple(ReasonView(row.code, row.name, row.active) for row in rows if every or row.active)


@dataclass(frozen=True, slots=True)
class ScrapRow:
    """Scrap of a part for one cause in a period."""

    reason: str
    name: str
    part: str
    part_public_id: str
    qty: str
    plain_qty: str
    unit: str
    reports: int


def scrap(site_id: int, since: datetime, until: datetime) -> tuple[ScrapRow, ...]:
    """Add scrap up by cause and part, the most reported cause first; reports that were taken back do not count."""
    names = dict(ScrapReason.objects.filter(site_id=site_id).values_list("code", "name"))
    rows = (
        Confirmation.objects.filter(site_id=site_id, at__gte=since, at__lt=until, scrap_qty__gt=0)
        .exclude(state="reversed")
        .order_by()
        .values_list("scrap_reason", "line__part__number", "line__part__public_id", "line__part__base_unit")
        .annotate(qty=Sum("scrap_qty"), n=Count("id"))
    )
    found = [
        ScrapRow(reason, names.get(reason, ""), part, key, quantity(qty, unit), f"{qty:f}", unit, n)
        for reason, part, key, unit, qty, n in rows
    ]
    reports: dict[str, int] = {}
    for row in found:
        reports[row.reason] = reports.get(row.reason, 0) + row.reports
    return tuple(sorted(found, key=lambda row: (-reports[row.reason], row.reason, -Decimal(row.plain_qty), row.part)))


@dataclass(frozen=True, slots=True)
class RunRow:
    """What a line made of a part in a period."""

    id: int
    public_id: str
    number: str
    part: str
    part_public_id: str
    work_centre: str
    period: str
    good: str
    scrap: str
    source: str
    at: str
    actor: str


@dataclass(frozen=True, slots=True)
class RunShareRow:
    """What one job got of a run."""

    job: str
    job_public_id: str
    signal: str
    signal_text: str
    good: str
    scrap: str
    lot: str
    state: str
    failure: str


@dataclass(frozen=True, slots=True)
class UsedRow:
    """A component that a run used up, from where and of which lot."""

    part: str
    part_public_id: str
    qty: str
    place: str
    lot: str


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with its shares and what it used up."""

    row: RunRow
    shares: tuple[RunShareRow, ...]
    used: tuple[UsedRow, ...]


def runs(site_id: int, zone: str, after: str = "", limit: int = 50) -> Page[RunRow]:
    """List runs, the newest first."""
    rows = ProductionRun.objects.filter(site_id=site_id).select_related("part", "work_centre").order_by("-id")
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    last = cursor(found[:limit][-1].id) if found else ""
    return page_of([_run(row, zone) for row in found], limit, last)


def run(site_id: int, public_id: str, zone: str) -> RunView:
    """Read one run.

    Raises:
        NotFound: there is none at this site.
    """
    row = (
        ProductionRun.objects.filter(site_id=site_id, public_id=public_id).select_related("part", "work_centre").first()
    )
    if row is None:
        raise NotFound(_("This report does not exist at this site."), public_id=public_id)
    rows = list(Confirmation.objects.filter(run=row).select_related("line__job", "line__part").order_by("pk"))
    return RunView(_run(row, zone), tuple(_share(c) for c in rows), _used([c.posting_id for c in rows if c.posting_id]))


def _run(row: ProductionRun, zone: str) -> RunRow:
    unit = row.part.base_unit
    period = f"{moment(row.from_at, zone)} – {moment(row.to_at, zone)}"
    return RunRow(
        row.pk, row.public_id, row.number, row.part.number, row.part.public_id,
        row.work_centre.code if row.work_centre else "", period, quantity(row.good_qty, unit),
        quantity(row.scrap_qty, unit), row.source, moment(row.at, zone), row.actor,
    )  # fmt: skip


def _share(row: Confirmation) -> RunShareRow:
    unit, job = row.line.part.base_unit, row.line.job
    return RunShareRow(
        job.number, job.public_id, job.signal, job.signal_text, quantity(row.good_qty, unit),
        quantity(row.scrap_qty, unit), row.lot_no, row.state, row.failure,
    )  # fmt: skip


def _used(postings: list[int]) -> tuple[UsedRow, ...]:
    rows = (
        Movement.objects.filter(posting__in=postings, to_location__kind="production")
        .order_by("part__number", "from_location__code", "lot__number")
        .values_list("part__number", "part__public_id", "part__base_unit", "from_location__code", "lot__number")
        .annotate(sum=Sum("qty"))
    )
    return tuple(UsedRow(part, key, quantity(qty, unit), place, lot or "") for part, key, unit, place, lot, qty in rows)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A report of another system that was refused and waits for a person."""

    public_id: str
    job: str
    job_public_id: str
    job_state: str
    what: str
    source: str
    content: dict[str, Any]
    code: str
    message: str
    at: str
    actor: str
    state: str
    note: str
    settled: str
    settled_by: str


def refused_reports(site_id: int, zone: str, state: str = "open", limit: int = 100) -> tuple[RefusedRow, ...]:
    """List refused reports in a state, the oldest first."""
    rows = RefusedReport.objects.filter(site_id=site_id, state=state).select_related("job").order_by("id")[:limit]
    return tuple(
        RefusedRow(
            row.public_id, row.job.number, row.job.public_id, row.job.state, row.what, row.source,
            dict(row.content), row.code, row.message, moment(row.at, zone), row.actor, row.state, row.note,
            moment(row.settled_at, zone), row.settled_by,
        )
        for row in rows
    )  # fmt: skip


def refused_report_id(site_id: int, public_id: str) -> int:
    """Turn a refused report's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = RefusedReport.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(_("This report does not exist at this site."), public_id=public_id)
    return found


@dataclass(frozen=True, slots=True)
class Shift:
    """How production stands today: counts, and scrap in percent of what was reported."""

    failed: int
    refused: int
    late: int
    due_today: int
    paused: int
    rework: int
    good: Decimal
    scrap: Decimal
    scrap_percent: str


def shift(site_id: int, zone: str, at: datetime) -> Shift:
    """Count what a supervisor looks at first; the day is the site's calendar day."""
    here = ZoneInfo(zone)
    day = datetime.combine(at.astimezone(here).date(), datetime.min.time(), here)
    live = Job.objects.filter(site_id=site_id, state__in=LIVE_JOBS)
    made = (
        Confirmation.objects.filter(site_id=site_id, at__gte=day)
        .exclude(state="reversed")
        .aggregate(good=Sum("good_qty"), scrap=Sum("scrap_qty"))
    )
    good, lost = made["good"] or Decimal(0), made["scrap"] or Decimal(0)
    percent = f"{100 * lost / (good + lost):.1f} %" if good + lost else "–"
    return Shift(
        Confirmation.objects.filter(site_id=site_id, state="failed").count(),
        RefusedReport.objects.filter(site_id=site_id, state="open").count(),
        live.filter(due_at__lt=at).count(),
        live.filter(due_at__gte=at, due_at__lt=day + timedelta(days=1)).count(),
        live.filter(state="paused").count(),
        live.filter(lines__rework_qty__gt=0).distinct().count(),
        good, lost, percent,
    )  # fmt: skip


def export(site_id: int, zone: str, state: str) -> Iterator[tuple[str, ...]]:
    """Stream the lines of all jobs in a state, for a spreadsheet: the head first, then the earliest due."""
    yield (
        "job", "line", "part", "signal", "asked by", "call", "qty", "good", "scrap", "rework", "due", "due UTC"
    )  # fmt: skip
    rows = Job.objects.filter(site_id=site_id, state=state).order_by("due_at", "id", "lines__position")
    for row in rows.values_list(
        "number", "lines__position", "lines__part__number", "signal", "signal_text",
        "lines__component__group__call__external_no", "lines__qty", "lines__good_qty", "lines__scrap_qty",
        "lines__rework_qty", "due_at",
    ).filter(lines__position=F("lines__position")).iterator(2000):  # fmt: skip
        *texts, due = row
        yield (*[f"{text:f}" if isinstance(text, Decimal) else str(text or "") for text in texts],
               moment(due, zone), due.isoformat())  # fmt: skip
