"""Writes of stock, for use inside a higher command's transaction."""

from milkrun.stock.steps.contents import (
    carry,
    hold_trees,
    hold_whole_trees,
    inside,
    refuse_frozen,
    refuse_kept,
    take_all,
    take_some,
)
from milkrun.stock.steps.counting import book_at, line_of, make_list, note, spots
from milkrun.stock.steps.handling_units import create_handling_unit, nest, tree
from milkrun.stock.steps.ledger import Posted, post, reverse
from milkrun.stock.steps.line import Line
from milkrun.stock.steps.lots import LotFacts, take_up
from milkrun.stock.steps.receiving import Incoming, TakenIn, take_in, tell
from milkrun.stock.steps.reservations import Want, hold_parts, relocate, reserve, reserve_at, void, with_quantity
from milkrun.stock.steps.waste import waste

__all__ = [
    "Incoming",
    "Line",
    "LotFacts",
    "Posted",
    "TakenIn",
    "Want",
    "book_at",
    "carry",
    "create_handling_unit",
    "hold_parts",
    "hold_trees",
    "hold_whole_trees",
    "inside",
    "line_of",
    "make_list",
    "nest",
    "note",
    "post",
    "refuse_frozen",
    "refuse_kept",
    "relocate",
    "reserve",
    "reserve_at",
    "reverse",
    "spots",
    "take_all",
    "take_in",
    "take_some",
    "take_up",
    "tell",
    "tree",
    "void",
    "waste",
    "with_quantity",
]
