"""Writes of demand, for use inside a higher command's transaction."""

from milkrun.demand.steps.advance import advance, at_step, lock_groups, refuse_held, settle_calls
from milkrun.demand.steps.answering import tell_changes
from milkrun.demand.steps.answers import CallAnswer, Selection
from milkrun.demand.steps.changing import (
    Difference,
    as_input,
    change_content,
    change_rules,
    differences,
    with_difference,
    with_lines,
    worded,
    write_parts,
)
from milkrun.demand.steps.create import match_component
from milkrun.demand.steps.cumulate import cumulate
from milkrun.demand.steps.holding import mark_held
from milkrun.demand.steps.inputs import CallInput, CallOutcome, ComponentInput, GroupInput
from milkrun.demand.steps.matching import Match, Matcher
from milkrun.demand.steps.racks import Seat, rack_and_slot, seat_groups
from milkrun.demand.steps.record import record_calls
from milkrun.demand.steps.reordering import replace_group, supply_again, take_seat
from milkrun.demand.steps.requests import decide, open_request, supersede_changes, waiting_changes
from milkrun.demand.steps.resequencing import MOVABLE, Claim, give_place, place_of, settle_claims, vacate
from milkrun.demand.steps.sequence import Gap, check_sequence, sequence_gaps, way_out
from milkrun.demand.steps.skips import come_after_all, skip_positions
from milkrun.demand.steps.slots import leave_slots
from milkrun.demand.steps.streams import (
    Position,
    is_number,
    place_in_stream,
    positions_of,
    remember_last_seen,
    streams_of,
    taken_positions,
    unplaced,
)
from milkrun.demand.steps.telling import tell

__all__ = [
    "MOVABLE",
    "CallAnswer",
    "CallInput",
    "CallOutcome",
    "Claim",
    "ComponentInput",
    "Difference",
    "Gap",
    "GroupInput",
    "Match",
    "Matcher",
    "Position",
    "Seat",
    "Selection",
    "advance",
    "as_input",
    "at_step",
    "change_content",
    "change_rules",
    "check_sequence",
    "come_after_all",
    "cumulate",
    "decide",
    "differences",
    "give_place",
    "is_number",
    "leave_slots",
    "lock_groups",
    "mark_held",
    "match_component",
    "open_request",
    "place_in_stream",
    "place_of",
    "positions_of",
    "rack_and_slot",
    "record_calls",
    "refuse_held",
    "remember_last_seen",
    "replace_group",
    "seat_groups",
    "sequence_gaps",
    "settle_calls",
    "settle_claims",
    "skip_positions",
    "streams_of",
    "supersede_changes",
    "supply_again",
    "take_seat",
    "taken_positions",
    "tell",
    "tell_changes",
    "unplaced",
    "vacate",
    "waiting_changes",
    "way_out",
    "with_difference",
    "with_lines",
    "worded",
    "write_parts",
]
