"""Turnover, days of inventory and carrying cost. Units: money in one currency, days."""

from dataclasses import dataclass

YEAR = 365


@dataclass(frozen=True, slots=True)
class Turnover:
    """Turns a year and days of inventory; both None where nothing moved or nothing was there."""

    turns: float | None
    days: float | None


def turnover(cost_of_goods: float, average_value: float, days: int = YEAR) -> Turnover:
    """Return turns a year and days of inventory: COGS / average value, annualised, and its inverse in days.

    Args:
        cost_of_goods: cost of what was used or sold in the window. Sales at price are no cost of goods.
        average_value: time-weighted mean of the stock's value at cost; never the mean of first and last alone.
        days: length of the window.

    Example:
        >>> turnover(50_400_000, 12_000_000).turns
        4.2
        >>> quarter = turnover(1_200_000, 450_000, days=90)
        >>> round(quarter.turns, 4), round(quarter.days, 2)
        (10.8148, 33.75)
        >>> turnover(0, 450_000)
        Turnover(turns=None, days=None)
    """
    if cost_of_goods <= 0 or average_value <= 0:
        return Turnover(None, None)
    turns = cost_of_goods * YEAR / days / average_value
    return Turnover(turns, YEAR / turns)


@dataclass(frozen=True, slots=True)
class CarryingCost:
    """What a year of stock costs: amount, share of the average value, and the part that falls with stock."""

    amount: float
    share: float | None
    variable: float


def carrying_cost(average_value: float, variable: float, fixed: float = 0.0) -> CarryingCost:
    """Return the carrying cost: (capital + storage + insurance + handling and tax + obsolescence) / average value.

    Only the variable part is saved when stock goes down.

    Args:
        average_value: mean value of the stock at cost.
        variable: cost a year that follows the stock: capital, insurance, obsolescence.
        fixed: cost a year that stays: the building, its people.

    Example:
        >>> carrying_cost(1_800_000, variable=330_000, fixed=120_000).share
        0.25
    """
    amount = variable + fixed
    return CarryingCost(amount, amount / average_value if average_value > 0 else None, variable)
