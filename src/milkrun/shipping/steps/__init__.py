"""Writes of shipping, for use inside a higher command's transaction."""

from milkrun.shipping.steps.announce import announce
from milkrun.shipping.steps.carrying import carry
from milkrun.shipping.steps.frames import give_frames, units_of
from milkrun.shipping.steps.loading import (
    add_lines,
    close_racks,
    lock_racks,
    put_on,
    refuse_incomplete,
    refuse_mixed,
    unit_codes,
)
from milkrun.shipping.steps.loads import give_unit, holds_goods, next_unit, open_racks, seat_loose, switch_unit
from milkrun.shipping.steps.parting import hold_changeable, part_of, settle_picking
from milkrun.shipping.steps.retire import Held, retire
from milkrun.shipping.steps.taking import end_task, hold_task, pack_whole, take_goods
from milkrun.shipping.steps.tasks import (
    drop_tasks,
    finish_waves,
    missing_balances,
    note_short,
    settle_tasks,
)
from milkrun.shipping.steps.telling import tell_issued, tell_reversed

__all__ = [
    "Held",
    "add_lines",
    "announce",
    "carry",
    "close_racks",
    "drop_tasks",
    "end_task",
    "finish_waves",
    "give_frames",
    "give_unit",
    "hold_changeable",
    "hold_task",
    "holds_goods",
    "lock_racks",
    "missing_balances",
    "next_unit",
    "note_short",
    "open_racks",
    "pack_whole",
    "part_of",
    "put_on",
    "refuse_incomplete",
    "refuse_mixed",
    "retire",
    "seat_loose",
    "settle_picking",
    "settle_tasks",
    "switch_unit",
    "take_goods",
    "tell_issued",
    "tell_reversed",
    "unit_codes",
    "units_of",
]
