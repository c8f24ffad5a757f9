"""Report that less is at a place than a task asks for: the rest is offered from other places, or shown as short."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.measure.quantity import from_micro, to_micro, trouble_with
from milkrun.shipping.errors import TooMuchPicked
from milkrun.shipping.models import PickTask
from milkrun.shipping.queries.picking import purpose
from milkrun.shipping.queries.scanning import check_place
from milkrun.shipping.steps import (
    end_task,
    finish_waves,
    give_unit,
    hold_task,
    missing_balances,
    note_short,
    take_goods,
)
from milkrun.shipping.steps.taking import Held
from milkrun.stock import steps as stock_steps
from milkrun.stock.models import Reservation


@dataclass(frozen=True, slots=True)
class ShortPickReported:
    """What was found and picked, what other places offer instead, and what stays short."""

    task_id: int
    found: Decimal
    offered: Decimal
    short: Decimal
    open_tasks: int


@command
def report_short_pick(
    *, task_id: int, location: str, found: Decimal, actor: Actor, at: datetime, request: Request | None = None
) -> ShortPickReported:
    """Pick what was found; free the rest, look for it in other bins and add tasks for them to the same wave.

    Args:
        location: the scanned place.
        found: base units that were there and are taken now; a handling unit is found whole or not at all (0).

    Raises:
        WrongLocation: the picker stands elsewhere.
        TooMuchPicked: nothing is missing.
        PickedByOther, PickTaskEnded, IllegalMove: the task is not open any more.
    """
    held = hold_task(task_id)
    task = held.task
    check_place(task, location)
    missing = held.left - (0 if trouble_with(found, zero_allowed=True) else to_micro(found))
    if trouble_with(found, zero_allowed=True) or not 0 < missing <= held.left or (held.delivery and found):
        raise TooMuchPicked(
            [
                Problem(
                    "found",
                    _("Nothing is missing: {left} are asked for.").format(left=from_micro(held.left)),
                    "nothing_missing",
                )
            ],
            left=str(from_micro(held.left)),
        )

    whole = False
    if found and held.rack is not None:
        give_unit(held.rack, location_id=task.to_location_id, at=at)
        whole = take_goods(held, to_micro(found), actor=actor, at=at)
    offered = _offer(held, missing, actor, at) if held.delivery is None else 0
    short = missing - offered
    text = _text(task, missing, offered)
    note_short(task, from_micro(missing), text, groups=held.groups if short and not whole else [], actor=actor, at=at)
    end_task(task, "run_short", actor=actor, at=at, reason=text)
    finish_waves([task.wave_id], actor=actor, at=at)

    still_open = PickTask.objects.filter(wave_id=task.wave_id, state="open").count()
    return ShortPickReported(task.pk, found, from_micro(offered), from_micro(short), still_open)


def _offer(held: Held, missing: int, actor: Actor, at: datetime) -> int:
    """Free what is missing at its place and allot it from others; returns what they give, in micro-units."""
    task = held.task
    assert task.balance is not None and task.component is not None  # noqa: S101, PT018 - a task of goods
    why = ("component", task.component.pk)
    stock_steps.hold_parts([task.balance.part_id], site_id=task.site_id)
    stock_steps.void(
        stock_steps.with_quantity(why, from_micro(missing), site_id=task.site_id, at=at, balance_id=task.balance_id)
    )
    nowhere = missing_balances(task.site_id, [task.balance.part_id]) | {task.balance.pk}
    before = _reserved(task)
    wants = [stock_steps.Want(why, task.balance.part_id, from_micro(missing))]
    given = stock_steps.reserve(wants, site_id=task.site_id, at=at, leaving_out=nowhere)
    _add_tasks(task, before)
    return to_micro(given[why])


def _reserved(task: PickTask) -> set[int]:
    rows = Reservation.objects.filter(
        site_id=task.site_id,
        purpose_kind="component",
        purpose_id=task.component_id or 0,
        state="open",
        balance__hu=None,
    )
    return set(rows.values_list("pk", flat=True))


def _add_tasks(task: PickTask, before: set[int]) -> None:
    """Give every new reservation a task; one for the same place that is open already asks for more."""
    rows = Reservation.objects.filter(pk__in=_reserved(task) - before).select_related("balance").order_by("pk")
    known = {row.balance_id: row for row in PickTask.objects.filter(component_id=task.component_id or 0, state="open")}
    for row in rows:
        same = known.get(row.balance_id)
        if same is not None:
            PickTask.objects.filter(pk=same.pk).update(qty=from_micro(to_micro(same.qty) + to_micro(row.qty)))
            continue
        PickTask.objects.create(
            site_id=task.site_id,
            wave_id=task.wave_id,
            component_id=task.component_id,
            balance_id=row.balance_id,
            from_location_id=row.balance.location_id,
            to_location_id=task.to_location_id,
            qty=row.qty,
        )


def _text(task: PickTask, missing: int, offered: int) -> str:
    what = task.balance.part.number if task.balance else str(task.hu)
    text = _("{missing} of {what} are not at {code}.").format(
        missing=from_micro(missing), what=what, code=task.from_location.code
    )
    if offered:
        text += " " + _("{offered} come from other places.").format(offered=from_micro(offered))
    if missing - offered:
        text += " " + _("{missing} are short for {purpose}.").format(
            missing=from_micro(missing - offered), purpose=purpose(task)
        )
    return text
