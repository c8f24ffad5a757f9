"""Picking as other systems read it: waves, tasks and issues as plain values, public ids, nothing worded for people."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.shipping.models import PickIssue, PickTask, Wave
from milkrun.shipping.queries.picking import tasks_in_order, unit_of


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One thing to pick; `kind` is goods (part, lot and quantity in base units) or unit (a packed handling unit).

    `sscc` is the unit that is carried, or the one that goods go into ("" while it is not known). `handled_via` tells by
    which door it was handled.
    """

    id: str
    wave_id: str
    wave: str
    kind: str
    state: str
    from_location: str
    to_location: str
    zone: str
    pick_sequence: int
    part_id: str
    part: str
    lot: str
    qty: Decimal
    picked_qty: Decimal
    unit: str
    sscc: str
    call_id: str
    call_number: str
    delivery_id: str
    delivery_number: str
    handled_by: str
    handled_via: str
    handled_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class WaveRecord:
    """A wave with all its tasks."""

    id: str
    number: str
    state: str
    external: bool
    created_at: datetime
    created_by: str
    tasks: tuple[TaskRecord, ...]


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """Something somebody has to look at: `short` goods, or a `late` pick nobody wanted any more."""

    id: str
    kind: str
    state: str
    task_id: str
    wave: str
    qty: Decimal
    text: str
    source: str
    created_at: datetime


def task_records(
    site_id: int, state: str = "open", wave: str = "", after: str = "", limit: int = 50
) -> Page[TaskRecord]:
    """List tasks in the order they were made; `wave` keeps those of one wave, by its number."""
    rows = PickTask.objects.filter(site_id=site_id, state=state)
    if wave:
        rows = rows.filter(wave__number=wave)
    start = position(after, int)
    if start:
        rows = rows.filter(id__gt=start[0])
    found = list(_loaded(rows).order_by("id")[: limit + 1])
    return page_of([_task(row) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def wave_record(site_id: int, public_id: str) -> WaveRecord:
    """Read a wave, its tasks in the order of the walk.

    Raises:
        NotFound: there is none at this site.
    """
    row = Wave.objects.filter(site_id=site_id, public_id=public_id).first()
    if row is None:
        raise NotFound(_("This wave does not exist at this site."), wave_id=public_id)
    tasks = tuple(_task(task) for task in _loaded(PickTask.objects.filter(wave=row)))
    return WaveRecord(row.public_id, row.number, row.state, row.external, row.created_at, row.created_by, tasks)


def issue_records(site_id: int, state: str = "open", after: str = "", limit: int = 50) -> Page[IssueRecord]:
    """List issues, the oldest first."""
    rows = PickIssue.objects.filter(site_id=site_id, state=state).select_related("task__wave").order_by("id")
    start = position(after, int)
    if start:
        rows = rows.filter(id__gt=start[0])
    found = list(rows[: limit + 1])
    shown = [
        IssueRecord(
            row.public_id, row.kind, row.state, row.task.public_id, row.task.wave.number, row.qty, row.text,
            row.source, row.created_at,
        )
        for row in found
    ]  # fmt: skip
    return page_of(shown, limit, cursor(found[:limit][-1].pk) if found else "")


def task_public_id(task_id: int) -> str:
    """Turn a task's key into its public id."""
    return PickTask.objects.values_list("public_id", flat=True).get(pk=task_id)


def _loaded(rows: QuerySet[PickTask]) -> QuerySet[PickTask]:
    return tasks_in_order(rows)


def _task(row: PickTask) -> TaskRecord:
    part = row.balance.part if row.balance else None
    call = row.component.group.call if row.component else None
    lot = row.balance.lot if row.balance else None
    return TaskRecord(
        row.public_id, row.wave.public_id, row.wave.number, "goods" if part else "unit", row.state,
        row.from_location.code, row.to_location.code, row.from_location.zone, row.from_location.pick_sequence,
        part.public_id if part else "", part.number if part else "", lot.number if lot else "", row.qty,
        row.picked_qty, part.base_unit if part else "", unit_of(row) if part else str(row.hu),
        call.public_id if call else "", call.external_no if call else "",
        row.delivery.public_id if row.delivery else "", row.delivery.number if row.delivery else "",
        row.handled_by, row.handled_via, row.handled_at, row.reason,
    )  # fmt: skip
