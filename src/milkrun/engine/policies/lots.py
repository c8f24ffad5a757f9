"""How much to order at once: the economic lot, its price when a supplier wants more, and its just-in-time form.

Units: demand a year, cost of one order, cost of keeping one piece for a year; money in one currency.
"""

from dataclasses import dataclass
from math import ceil, floor, sqrt

# What a float may lie above a whole number and still mean it: ceil(100 * 1.1 / 10) must be 11.
_NEARLY = 1e-9


@dataclass(frozen=True, slots=True)
class LotCosts:
    """What decides a lot: demand a year, the fixed cost of one order, the cost of keeping a piece for a year."""

    demand: float
    order: float
    holding: float

    def __post_init__(self) -> None:
        if self.demand <= 0 or self.order < 0 or self.holding <= 0:
            raise ValueError("Demand and holding cost are above 0, the cost of an order is not below 0.")

    def a_year(self, lot: float) -> float:
        """Return ordering and holding cost a year with this lot: K D / Q + h Q / 2.

        Example:
            >>> LotCosts(12_000, 50, 2.4).a_year(500)
            1800.0
        """
        return self.order * self.demand / lot + self.holding * lot / 2


def economic_lot(costs: LotCosts) -> float:
    """Return the lot with the least cost a year: sqrt(2 D K / h).

    Assumes even demand and no shortage. Source: Harris 1913; Snyder and Shen, Fundamentals of Supply Chain Theory,
    2nd ed., theorem 3.1.

    Example:
        >>> round(economic_lot(LotCosts(1300, 8, 0.225)), 4)
        304.0468
    """
    return sqrt(2 * costs.demand * costs.order / costs.holding)


def order_cost_for(lot: float, demand: float, holding: float) -> float:
    """Return the cost of an order at which this lot is the economic one: Q^2 h / (2 D).

    The just-in-time form of the lot: what an order may cost so that small lots pay.

    Example:
        >>> order_cost_for(100, 12_000, 2.4)
        1.0
    """
    return lot * lot * holding / (2 * demand)


def allowed_lot(need: float, least: float = 0, multiple: float = 0) -> float:
    """Return what can be ordered for a need: at least the least, in whole multiples.

    Example:
        >>> allowed_lot(120, least=50, multiple=25)
        125
        >>> allowed_lot(3, least=50)
        50
    """
    wanted = max(need, least)
    return up(wanted / multiple) * multiple if multiple > 0 else wanted


def up(value: float) -> int:
    """Round up to a whole number, forgiving what a float adds to it.

    Example:
        >>> up(100 * 1.1 / 10)
        11
    """
    return ceil(value - _NEARLY * max(1.0, abs(value)))


@dataclass(frozen=True, slots=True)
class BestLot:
    """The lot to order within what the supplier allows, and its cost a year.

    `premium` is the price of the supplier's minimum as a share of the least cost: what to bring to the negotiation.
    """

    lot: float
    cost: float
    premium: float


def best_lot(costs: LotCosts, least: float = 0, multiple: float = 0) -> BestLot:
    """Return the cheapest lot that the supplier allows.

    The cost is convex in the lot, so one of the two multiples around the economic lot is the cheapest, or the least
    allowed where that lies above them.

    Example:
        >>> best_lot(LotCosts(12_000, 50, 2.4), multiple=250).lot
        750
        >>> forced = best_lot(LotCosts(12_000, 50, 2.4), least=1000, multiple=250)
        >>> forced.lot, forced.cost, round(forced.premium, 5)
        (1000, 1800.0, 0.06066)
    """
    free = economic_lot(costs)
    if multiple > 0:
        around = {max(1, floor(free / multiple)) * multiple, max(1, up(free / multiple)) * multiple}
        lots = {allowed_lot(lot, least, multiple) for lot in around}
    else:
        lots = {allowed_lot(free, least)}
    lot = min(sorted(lots), key=costs.a_year)
    cost = costs.a_year(lot)
    return BestLot(lot, cost, cost / costs.a_year(free) - 1 if free > 0 else 0.0)
