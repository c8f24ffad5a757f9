"""Confirm by scan that something was picked: right place, right item, right quantity, into the right unit."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.measure.gs1 import read_sscc
from milkrun.measure.quantity import from_micro, to_micro, trouble_with
from milkrun.shipping.errors import TooMuchPicked
from milkrun.shipping.models import PickTask
from milkrun.shipping.queries.scanning import check_item, check_place
from milkrun.shipping.steps import carry, end_task, finish_waves, give_unit, hold_task, switch_unit, take_goods
from milkrun.shipping.steps.taking import Held


@dataclass(frozen=True, slots=True)
class PickConfirmed:
    """So much was picked; `left` is what the task still asks for, `open_tasks` what the wave does."""

    task_id: int
    state: str
    qty: Decimal
    left: Decimal
    sscc: str
    purpose_done: bool
    open_tasks: int


@command
def confirm_pick(
    *,
    task_id: int,
    location: str,
    item: str,
    actor: Actor,
    at: datetime,
    qty: Decimal | None = None,
    sscc: str = "",
    request: Request | None = None,
) -> PickConfirmed:
    """Take goods into their handling unit at the dock, or bring a packed unit there.

    Args:
        location: the scanned place.
        item: the scanned part, lot or handling unit.
        qty: base units, all that is left of the task where none is given.
        sscc: the handling unit the goods went into, where it was scanned: the one that is filled now, a further one of
            the load, or an empty one, which is filled from now on (another system's takes the place of ours).

    Raises:
        WrongLocation, WrongItem, WrongHandlingUnit: the scan does not fit; facts say what is expected.
        TooMuchPicked: more than is left.
        PickedByOther: somebody else was first.
        PickTaskEnded: the task, or what it was for, was cancelled.
        LotHeld: the lot was blocked since the wave was made.
    """
    held = hold_task(task_id)
    task = held.task
    check_place(task, location)
    check_item(task, item)
    micro = _quantity(held, qty)

    if held.delivery is not None:
        chosen = [unit for unit in held.units if unit.pk == task.hu_id]
        left = carry(held.delivery, chosen, units=held.units, groups=held.groups, actor=actor, at=at)
        code, done = str(task.hu), not left
        PickTask.objects.filter(pk=task.pk).update(picked_qty=task.qty)
    else:
        code = _choose_unit(held, sscc, at)
        done = take_goods(held, micro, actor=actor, at=at)
    rest = held.left - micro if held.delivery is not None else held.left
    if rest == 0:
        end_task(task, "pick", actor=actor, at=at)
        finish_waves([task.wave_id], actor=actor, at=at)

    still_open = PickTask.objects.filter(wave_id=task.wave_id, state="open").count()
    return PickConfirmed(task.pk, task.state, from_micro(micro), from_micro(rest), code, done, still_open)


def _quantity(held: Held, qty: Decimal | None) -> int:
    take = held.left if qty is None else 0 if trouble_with(qty) else to_micro(qty)
    if not 0 < take <= held.left:
        raise TooMuchPicked(
            [
                Problem(
                    "qty",
                    _("Pick more than 0 and at most {left} here.").format(left=from_micro(held.left)),
                    "too_much_picked",
                )
            ],
            left=str(from_micro(held.left)),
        )
    return take


def _choose_unit(held: Held, scan: str, at: datetime) -> str:
    rack, code = held.rack, read_sscc(scan)
    assert rack is not None  # noqa: S101 - goods go into a load
    if not code or (rack.hu is not None and code == rack.hu.sscc):
        give_unit(rack, location_id=held.task.to_location_id, at=at)
    else:
        switch_unit(rack, code, location_id=held.task.to_location_id, wanted=str(held.groups[0]))
    return rack.hu.sscc if rack.hu else ""
