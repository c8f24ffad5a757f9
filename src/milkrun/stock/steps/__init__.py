"""Writes of stock, for use inside a higher command's transaction."""

from milkrun.stock.steps.handling_units import create_handling_unit, nest, tree
from milkrun.stock.steps.ledger import Posted, post, reverse
from milkrun.stock.steps.line import Line
from milkrun.stock.steps.lots import LotFacts, take_up
from milkrun.stock.steps.reservations import Want, hold_parts, relocate, reserve, reserve_at, void, with_quantity

__all__ = [
    "Line",
    "LotFacts",
    "Posted",
    "Want",
    "create_handling_unit",
    "hold_parts",
    "nest",
    "post",
    "relocate",
    "reserve",
    "reserve_at",
    "reverse",
    "take_up",
    "tree",
    "void",
    "with_quantity",
]
