"""Writes of demand, for use inside a higher command's transaction."""

from milkrun.demand.steps.advance import advance, lock_groups, settle_calls
from milkrun.demand.steps.cumulate import cumulate
from milkrun.demand.steps.inputs import CallInput, CallOutcome, ComponentInput, GroupInput
from milkrun.demand.steps.matching import Match, Matcher
from milkrun.demand.steps.racks import Seat, seat_groups
from milkrun.demand.steps.record import record_calls
from milkrun.demand.steps.streams import (
    move_to_position,
    positions_of,
    remember_last_seen,
    streams_of,
    taken_positions,
)

__all__ = [
    "CallInput",
    "CallOutcome",
    "ComponentInput",
    "GroupInput",
    "Match",
    "Matcher",
    "Seat",
    "advance",
    "cumulate",
    "lock_groups",
    "move_to_position",
    "positions_of",
    "record_calls",
    "remember_last_seen",
    "seat_groups",
    "settle_calls",
    "streams_of",
    "taken_positions",
]
