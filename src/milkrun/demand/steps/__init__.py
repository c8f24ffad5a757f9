"""Writes of demand, for use inside a higher command's transaction."""

from milkrun.demand.steps.advance import advance, at_step, lock_groups, refuse_held, settle_calls
from milkrun.demand.steps.answers import CallAnswer, Selection
from milkrun.demand.steps.cumulate import cumulate
from milkrun.demand.steps.holding import mark_held
from milkrun.demand.steps.inputs import CallInput, CallOutcome, ComponentInput, GroupInput
from milkrun.demand.steps.matching import Match, Matcher
from milkrun.demand.steps.racks import Seat, rack_and_slot, seat_groups
from milkrun.demand.steps.record import record_calls
from milkrun.demand.steps.reordering import replace_group, supply_again, take_seat
from milkrun.demand.steps.requests import decide, open_request
from milkrun.demand.steps.skips import come_after_all, skip_positions
from milkrun.demand.steps.slots import leave_slots
from milkrun.demand.steps.streams import (
    is_number,
    move_to_position,
    place_in_stream,
    positions_of,
    remember_last_seen,
    streams_of,
    taken_positions,
)
from milkrun.demand.steps.telling import tell

__all__ = [
    "CallAnswer",
    "CallInput",
    "CallOutcome",
    "ComponentInput",
    "GroupInput",
    "Match",
    "Matcher",
    "Seat",
    "Selection",
    "advance",
    "at_step",
    "come_after_all",
    "cumulate",
    "decide",
    "is_number",
    "leave_slots",
    "lock_groups",
    "mark_held",
    "move_to_position",
    "open_request",
    "place_in_stream",
    "positions_of",
    "rack_and_slot",
    "record_calls",
    "refuse_held",
    "remember_last_seen",
    "replace_group",
    "seat_groups",
    "settle_calls",
    "skip_positions",
    "streams_of",
    "supply_again",
    "take_seat",
    "taken_positions",
    "tell",
]
