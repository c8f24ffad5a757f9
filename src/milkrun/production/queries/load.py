"""Load against capacity: what open jobs and unreleased calls ask of each work centre, week by week.

The time of a piece is the routing's: minutes to set up and minutes for one base unit at each step. A job loads the ISO
week it is due in, what is late loads the present one. A call that is not released yet loads the week it is required
in, as far as free stock does not cover it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import F, Sum

from milkrun.demand.models import Component
from milkrun.parts.queries.routing import StepView, WorkCentreView, routing, work_centres
from milkrun.production.models import JobLine, StepReport
from milkrun.production.states import LIVE_JOBS
from milkrun.stock.models import Balance

WEEKS = 8
# More lines than this are not planned one by one; the page says so.
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Asking:
    """What asks for time: a call or another signal, named as people know it; its page's id where it has one."""

    kind: str
    text: str
    public_id: str


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of load at one work centre: minutes, when it is due, its job (none for an unreleased call)."""

    work_centre_id: int
    minutes: Decimal
    due_at: datetime
    job_number: str
    job_public_id: str
    part: str
    qty: Decimal
    asked_by: tuple[Asking, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week: its name ("2026-W47"), first and last day."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Cell:
    """A work centre in a week: minutes of load and capacity; items that do not fit, in due order."""

    week: Week
    load: int
    capacity: int
    items: tuple[Item, ...]
    at_risk: tuple[Item, ...]

    @property
    def percent(self) -> int | None:
        """Return load in percent of capacity; None where nothing is worked."""
        return round(100 * self.load / self.capacity) if self.capacity else None

    @property
    def over(self) -> bool:
        """Tell whether more is asked than can be worked."""
        return self.load > self.capacity


@dataclass(frozen=True, slots=True)
class CentreLoad:
    """A work centre and its weeks."""

    centre: WorkCentreView
    cells: tuple[Cell, ...]


def load(site_id: int, zone: str, at: datetime, weeks: int = WEEKS) -> tuple[CentreLoad, ...]:
    """Compare load and capacity by work centre and ISO week, beginning with the present week.

    Args:
        at: now; of the present week only today and what follows counts.
    """
    today = at.astimezone(ZoneInfo(zone)).date()
    span = _weeks(today, weeks)
    found = items(site_id, span[-1].last, zone)
    return tuple(
        CentreLoad(
            centre,
            tuple(
                _cell(centre, week, today, [i for i in found if i.work_centre_id == centre.id], zone) for week in span
            ),
        )
        for centre in work_centres(site_id)
    )


def _weeks(today: date, count: int) -> list[Week]:
    monday = today - timedelta(days=today.weekday())
    firsts = [monday + timedelta(weeks=n) for n in range(count)]
    return [Week(f"{d.isocalendar().year}-W{d.isocalendar().week:02d}", d, d + timedelta(days=6)) for d in firsts]


def _cell(centre: WorkCentreView, week: Week, today: date, found: list[Item], zone: str) -> Cell:
    days = [week.first + timedelta(days=n) for n in range(7)]
    capacity = sum(centre.minutes(day) for day in days if day >= today)
    mine = [item for item in found if week.first <= max(due_day(item, zone), today) <= week.last]
    mine.sort(key=lambda item: (item.due_at, item.job_number))
    used, late = Decimal(0), []
    for item in mine:
        used += item.minutes
        if used > capacity:
            late.append(item)
    return Cell(week, int(used.to_integral_value()), capacity, tuple(mine), tuple(late))


def due_day(item: Item, zone: str) -> date:
    """Return the day an item is due on the site's calendar."""
    return item.due_at.astimezone(ZoneInfo(zone)).date()


def items(site_id: int, until: date, zone: str) -> list[Item]:
    """List all load of a site that is due until a day, the earliest due first."""
    end = datetime.combine(until + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    return sorted([*_jobs(site_id, end), *_calls(site_id, end)], key=lambda item: (item.due_at, item.job_number))


def _jobs(site_id: int, end: datetime) -> Iterable[Item]:
    rows = list(
        JobLine.objects.filter(site_id=site_id, job__state__in=LIVE_JOBS, job__due_at__lt=end, good_qty__lt=F("qty"))
        .exclude(component__group__state="cancelled")
        .select_related("job", "part", "component__group__call")
        .order_by("job__due_at", "job_id", "position")[:MOST_LINES]
    )
    plans = routing(site_id, {row.part_id for row in rows})
    steps = _reported([row.pk for row in rows])
    batches: dict[tuple[int, int], list[JobLine]] = {}
    for row in rows:
        batches.setdefault((row.job_id, row.part_id), []).append(row)
    for (_, part_id), lines in batches.items():
        yield from _of_lines(lines, plans.get(part_id, []), steps)


def _reported(lines: list[int]) -> dict[tuple[int, int], Decimal]:
    rows = StepReport.objects.filter(line__in=lines).values_list("line_id", "step_no").annotate(done=Sum("qty"))
    return {(line, step): done for line, step, done in rows}


def _of_lines(lines: list[JobLine], plan: list[StepView], steps: dict[tuple[int, int], Decimal]) -> Iterable[Item]:
    """Add the lines of one part of a job up: it is set up for once."""
    job, part = lines[0].job, lines[0].part
    asked = _asked_by(lines)
    for step in plan:
        done = {
            row.pk: max(steps.get((row.pk, step.step_no), Decimal(0)), row.good_qty + row.rework_qty) for row in lines
        }
        left = sum((row.qty - done[row.pk] for row in lines), Decimal(0))
        setup = step.setup_minutes if not any(done.values()) else Decimal(0)
        minutes = setup + step.unit_minutes * left
        if left > 0 and minutes:
            yield Item(step.work_centre_id, minutes, job.due_at, job.number, job.public_id, part.number, left, asked)


def _asked_by(lines: list[JobLine]) -> tuple[Asking, ...]:
    calls = {row.component.group.call for row in lines if row.component}
    named = [Asking("call", str(call), call.public_id) for call in sorted(calls, key=lambda call: call.pk)]
    job = lines[0].job
    return tuple(named) or (Asking(job.signal, job.signal_text or job.reason, ""),)


def _calls(site_id: int, end: datetime) -> Iterable[Item]:
    rows = list(
        Component.objects.filter(
            site_id=site_id, group__state="created", part__made_here=True, group__call__required_at__lt=end,
        ).select_related("part", "group__call").order_by("group__call__required_at", "pk")[:MOST_LINES]
    )  # fmt: skip
    parts = {row.part_id for row in rows if row.part_id}
    plans, free = routing(site_id, parts), free_stock(site_id, parts)
    for row in rows:
        part_id, qty = row.part_id or 0, row.qty or Decimal(0)
        covered = min(qty, free.get(part_id, Decimal(0)))
        free[part_id] = free.get(part_id, Decimal(0)) - covered
        call = row.group.call
        for step in plans.get(part_id, []) if qty > covered else []:
            minutes = step.setup_minutes + step.unit_minutes * (qty - covered)
            asked = (Asking("call", str(call), call.public_id),)
            if minutes:
                yield Item(step.work_centre_id, minutes, call.required_at, "", "", str(row.part), qty - covered, asked)


def free_stock(site_id: int, part_ids: Iterable[int]) -> dict[int, Decimal]:
    """Tell how much of each part stands free in storage, as a release would find it."""
    rows = Balance.objects.filter(
        site_id=site_id, part_id__in=list(part_ids), location__kind="storage", hu=None, owner=None
    ).exclude(lot__state__in=("blocked", "quarantine", "expired"))
    sums = rows.order_by().values_list("part_id").annotate(there=Sum("on_hand"), kept=Sum("reserved"))
    return {part_id: there - kept for part_id, there, kept in sums}
