"""Reads of picking: rules, waves with their tasks in the order of the walk, issues, and what a scan means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from milkrun.demand.models import Component, ComponentGroup
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.measure.wording import moment, quantity
from milkrun.shipping.models import Delivery, PickingRule, PickIssue, PickTask, Wave

MODES = ("station", "warehouse", "external")
# A walk goes zone by zone and within a zone by the bins' sequence.
ROUTE = ("from_location__zone", "from_location__pick_sequence", "from_location__code", "id")


def picking_modes(site_id: int, partner_ids: Iterable[int]) -> dict[int, str]:
    """Tell for customers where their summarised calls are picked: their own rule, else the site's, else the station."""
    wanted = set(partner_ids)
    rows = PickingRule.objects.filter(Q(partner__in=wanted) | Q(partner=None), site_id=site_id)
    # Key 0 stands for the site itself.
    rules: dict[int, str] = {row.partner_id or 0: row.mode for row in rows}
    return {key: rules.get(key, rules.get(0, "station")) for key in wanted}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """Where summarised calls are picked; `partner` is "" for the whole site."""

    partner: str
    mode: str


def picking_rules(site_id: int) -> list[RuleRow]:
    """List the rules of a site, its own first."""
    rows = PickingRule.objects.filter(site_id=site_id).select_related("partner")
    found = [RuleRow(row.partner.code if row.partner else "", row.mode) for row in rows]
    return sorted(found, key=lambda rule: rule.partner)


@dataclass(frozen=True, slots=True)
class WaveRow:
    """A wave in a list."""

    id: int
    public_id: str
    number: str
    state: str
    external: bool
    created: str
    created_by: str
    tasks: int
    done: int
    short: int


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as a picker reads it; `into` is the handling unit or the place it goes to."""

    id: int
    public_id: str
    state: str
    is_unit: bool
    zone: str
    location: str
    item: str
    item_name: str
    customer_part_no: str
    lot: str
    qty: str
    left: str
    left_plain: str
    into: str
    to_location: str
    purpose: str
    call_public_id: str
    delivery_public_id: str
    handled: str
    reason: str


@dataclass(frozen=True, slots=True)
class WaveView:
    """A wave with its tasks in the order of the walk; `next` is the open one to go to now."""

    row: WaveRow
    tasks: tuple[TaskView, ...]
    next: TaskView | None
    targets: int


@dataclass(frozen=True, slots=True)
class IssueView:
    """Something to look at: goods not found, or a pick nobody wanted any more."""

    id: int
    public_id: str
    kind: str
    state: str
    wave: str
    wave_public_id: str
    location: str
    item: str
    qty: str
    text: str
    source: str
    created: str
    settled: str
    note: str


@dataclass(frozen=True, slots=True)
class Pickable:
    """A delivery or a summarised call that can be put on a wave."""

    public_id: str
    number: str
    partner: str
    due: str
    required: str
    contents: tuple[str, ...]
    short: bool


def waves(site_id: int, zone: str, state: str = "open", after: str = "", limit: int = 50) -> Page[WaveRow]:
    """List waves, the newest first."""
    rows = Wave.objects.filter(site_id=site_id, state=state).order_by("-id")
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    counts = _counts([row.pk for row in found])
    shown = [_wave(row, counts, zone) for row in found]
    return page_of(shown, limit, cursor(found[:limit][-1].pk) if found else "")


def _counts(ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    rows = PickTask.objects.filter(wave__in=ids).exclude(state="cancelled").values_list("wave_id").order_by()
    counted = rows.annotate(
        n=Count("id"), done=Count("id", filter=Q(state="picked")), short=Count("id", filter=Q(state="short"))
    )
    return {key: (n, done, short) for key, n, done, short in counted}


def _wave(row: Wave, counts: dict[int, tuple[int, int, int]], zone: str) -> WaveRow:
    return WaveRow(
        row.pk, row.public_id, row.number, row.state, row.external, moment(row.created_at, zone), row.created_by,
        *counts.get(row.pk, (0, 0, 0)),
    )  # fmt: skip


def tasks_in_order(rows: QuerySet[PickTask]) -> QuerySet[PickTask]:
    """Load tasks with all that a picker reads, in the order of the walk."""
    return rows.select_related(
        "wave", "from_location", "to_location", "delivery", "hu", "balance__part", "balance__lot",
        "component__group__call", "component__group__slot__packing_group__hu",
    ).order_by(*ROUTE)  # fmt: skip


def wave(site_id: int, public_id: str, zone: str, after_task: str = "") -> WaveView:
    """Read a wave.

    Args:
        site_id: the site.
        public_id: the wave's.
        zone: the time zone for instants.
        after_task: the task the picker comes from; the walk goes on behind it and starts anew at its end.

    Raises:
        NotFound: there is none at this site.
    """
    row = Wave.objects.filter(site_id=site_id, public_id=public_id).first()
    if row is None:
        raise NotFound(_("This wave does not exist at this site. Look at the list of waves."), public_id=public_id)
    tasks = [_task(task, zone) for task in tasks_in_order(PickTask.objects.filter(wave=row))]
    here = next((number for number, task in enumerate(tasks) if task.public_id == after_task), -1)
    rest = [task for task in tasks[here + 1 :] + tasks[: here + 1] if task.state == "open"]
    return WaveView(
        _wave(row, _counts([row.pk]), zone), tuple(tasks), rest[0] if rest else None,
        len({(task.into, task.purpose) for task in tasks if not task.is_unit and task.state != "cancelled"}),
    )  # fmt: skip


def _task(row: PickTask, zone: str) -> TaskView:
    handled = f"{row.handled_by}, {moment(row.handled_at, zone)}" if row.handled_by else ""
    ends = row.to_location.code, purpose(row)
    if row.balance is None or row.component is None:
        return TaskView(
            row.pk, row.public_id, row.state, True, row.from_location.zone, row.from_location.code, str(row.hu),
            "", "", "", "1", "1", "1", "", *ends, "", row.delivery.public_id if row.delivery else "", handled,
            row.reason,
        )  # fmt: skip
    part, unit = row.balance.part, unit_of(row)
    left = from_micro(to_micro(row.qty) - to_micro(row.picked_qty))
    return TaskView(
        row.pk, row.public_id, row.state, False, row.from_location.zone, row.from_location.code, part.number,
        part.description, row.component.customer_part_no, row.balance.lot.number if row.balance.lot else "",
        quantity(row.qty, part.base_unit), quantity(left, part.base_unit), f"{left:f}", unit, *ends,
        row.component.group.call.public_id, "", handled, row.reason,
    )  # fmt: skip


def purpose(task: PickTask) -> str:
    """Name what a task is for: the call or the delivery."""
    return str(task.component.group.call.external_no if task.component else task.delivery)


def unit_of(task: PickTask) -> str:
    """Return the code of the handling unit that goods of a task go into; "" while it has none."""
    slot = getattr(task.component.group, "slot", None) if task.component else None
    return slot.packing_group.hu.sscc if slot and slot.packing_group.hu else ""


def pickable(site_id: int, zone: str, limit: int = 100) -> tuple[list[Pickable], list[Pickable]]:
    """List the deliveries and the calls that can be put on a wave now, the most urgent first."""
    on_wave = PickTask.objects.filter(site_id=site_id, state="open", delivery__isnull=False)
    deliveries = Delivery.objects.filter(site_id=site_id, state="open").exclude(pk__in=on_wave.values("delivery_id"))
    found = [
        Pickable(row.public_id, row.number, row.partner.code, row.due_at.isoformat(),
                 moment(row.due_at, row.ship_to.zone or zone), (), False)
        for row in deliveries.select_related("partner", "ship_to").order_by("due_at", "id")[:limit]
    ]  # fmt: skip
    return found, _pickable_calls(site_id, zone, limit)


def _pickable_calls(site_id: int, zone: str, limit: int) -> list[Pickable]:
    groups = ComponentGroup.objects.filter(
        Q(state="ready") | Q(state="in_packing", picking__in=("none", "short")),
        site_id=site_id,
        call__kind="summarized",
    )
    partners = set(groups.values_list("call__partner_id", flat=True))
    ours = [key for key, mode in picking_modes(site_id, partners).items() if mode != "station"]
    busy = PickTask.objects.filter(site_id=site_id, state="open", component__isnull=False).values("component__group_id")
    rows = groups.filter(call__partner__in=ours).exclude(pk__in=busy).select_related("call__partner")
    rows = rows.order_by("call__required_at", "id")[:limit]
    contents: dict[int, list[str]] = {}
    for part in Component.objects.filter(group__in=list(rows)).select_related("part").order_by("line_no"):
        left = (part.qty or Decimal(0)) - part.packed_qty
        number = part.part.number if part.part else part.customer_part_no
        contents.setdefault(part.group_id, []).append(
            f"{quantity(left, part.part.base_unit if part.part else '')} {number}"
        )
    return [
        Pickable(row.call.public_id, row.call.external_no, row.call.partner.code, row.call.required_at.isoformat(),
                 moment(row.call.required_at, row.call.zone or zone), tuple(contents.get(row.pk, ())),
                 row.picking == "short")
        for row in rows
    ]  # fmt: skip


def wave_id(site_id: int, public_id: str) -> int:
    """Turn a wave's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = Wave.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(_("This wave does not exist at this site."), wave_id=public_id)
    return found


def task_id(site_id: int, public_id: str) -> int:
    """Turn a task's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = PickTask.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(_("This task does not exist at this site."), task_id=public_id)
    return found


def issue_id(site_id: int, public_id: str) -> int:
    """Turn an issue's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = PickIssue.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(_("This issue does not exist at this site."), issue_id=public_id)
    return found


def issues(site_id: int, zone: str, state: str = "open", limit: int = 100) -> list[IssueView]:
    """List what somebody has to look at, the oldest first."""
    rows = PickIssue.objects.filter(site_id=site_id, state=state).select_related(
        "task__wave", "task__from_location", "task__balance__part", "task__hu"
    )
    return [
        IssueView(
            row.pk, row.public_id, row.kind, row.state, row.task.wave.number, row.task.wave.public_id,
            row.task.from_location.code, row.task.balance.part.number if row.task.balance else str(row.task.hu),
            quantity(row.qty, row.task.balance.part.base_unit if row.task.balance else ""), row.text, row.source,
            moment(row.created_at, zone), f"{row.settled_by}, {moment(row.settled_at, zone)}" if row.settled_by else "",
            row.note,
        )
        for row in rows.order_by("id")[:limit]
    ]  # fmt: skip
