"""Writes of shipping, for use inside a higher command's transaction."""

from milkrun.shipping.steps.announce import announce
from milkrun.shipping.steps.carrying import carry
from milkrun.shipping.steps.loads import give_unit, open_racks, seat_loose
from milkrun.shipping.steps.sequence import GONE, check_sequence
from milkrun.shipping.steps.taking import end_task, hold_task, take_goods
from milkrun.shipping.steps.tasks import (
    drop_tasks,
    finish_waves,
    missing_balances,
    note_short,
    settle_tasks,
)

__all__ = [
    "GONE",
    "announce",
    "carry",
    "check_sequence",
    "drop_tasks",
    "end_task",
    "finish_waves",
    "give_unit",
    "hold_task",
    "missing_balances",
    "note_short",
    "open_racks",
    "seat_loose",
    "settle_tasks",
    "take_goods",
]
