"""The economic lot where shortages are allowed, production takes time, prices have breaks, or demand is planned.

Units: demand a year, cost of one order, cost of keeping one piece for a year; money in one currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from milkrun.engine.policies.lots import LotCosts, economic_lot


@dataclass(frozen=True, slots=True)
class LateLot:
    """The lot, the share of demand that waits, and the cost a year."""

    lot: float
    late: float
    cost: float


def lot_with_backorders(costs: LotCosts, late: float) -> LateLot:
    """Return the lot where customers wait at a price: Q = sqrt(2 D K (h + b) / (h b)), late share h / (h + b).

    Args:
        costs: demand, order and holding cost.
        late: cost of one piece late for a year.

    Source: Snyder and Shen, 2nd ed., 3.5.

    Example:
        >>> found = lot_with_backorders(LotCosts(1300, 8, 0.225), late=5)
        >>> round(found.lot, 4), round(found.late, 7), round(found.cost, 4)
        (310.8126, 0.0430622, 66.9214)
    """
    if late <= 0:
        raise ValueError("Being late costs more than nothing.")
    share = costs.holding / (costs.holding + late)
    lot = economic_lot(costs) / sqrt(1 - share)
    return LateLot(lot, share, 2 * costs.order * costs.demand / lot)


def production_lot(costs: LotCosts, rate: float) -> float:
    """Return the lot where pieces arrive one by one as they are made: sqrt(2 D K / (h (1 - D / P))).

    Args:
        costs: demand, order (set-up) and holding cost.
        rate: what can be made in a year, above the demand.

    Source: Taft 1918; Snyder and Shen, 2nd ed., 3.6.

    Example:
        >>> round(production_lot(LotCosts(1300, 8, 0.225), rate=1700), 4)
        626.8085
    """
    if rate <= costs.demand:
        raise ValueError("What is made in a year is more than the demand of a year.")
    return economic_lot(costs) / sqrt(1 - costs.demand / rate)


@dataclass(frozen=True, slots=True)
class PricedLot:
    """The lot, its price a piece, and the cost a year with the goods."""

    lot: float
    price: float
    cost: float


def lot_with_discounts(demand: float, order: float, rate: float, breaks: Sequence[tuple[float, float]]) -> PricedLot:
    """Return the lot where the whole order gets the price of its break.

    Args:
        demand: a year.
        order: cost of an order.
        rate: carrying cost as a share of the price a year.
        breaks: from which quantity on which price holds, ascending, the first from 0.

    Source: Snyder and Shen, 2nd ed., 3.4.2 (all-units discounts).

    Example:
        >>> found = lot_with_discounts(1300, 8, 0.3, [(0, 0.75), (400, 0.72), (800, 0.68)])
        >>> found.lot, found.price, round(found.cost, 2)
        (800, 0.68, 978.6)
    """
    found = []
    for place, (least, price) in enumerate(breaks):
        costs = LotCosts(demand, order, rate * price)
        free = economic_lot(costs)
        most = breaks[place + 1][0] if place + 1 < len(breaks) else float("inf")
        if free < most:
            lot = max(free, least)
            found.append(PricedLot(lot, price, costs.a_year(lot) + price * demand))
    return min(found, key=lambda one: (one.cost, one.lot))


@dataclass(frozen=True, slots=True)
class Plan:
    """What to order in each period, and what ordering and keeping cost in all."""

    orders: tuple[float, ...]
    cost: float


def planned_lots(demand: Sequence[float], order: float, holding: float) -> Plan:
    """Return the cheapest orders for demand that is known by period: an order covers whole periods.

    Args:
        demand: by period.
        order: cost of an order.
        holding: cost of keeping a piece for a period.

    Source: Wagner and Whitin, Management Science 5 (1958).

    Example:
        >>> planned_lots([90, 120, 80, 70], 500, 2)
        Plan(orders=(210.0, 0.0, 150.0, 0.0), cost=1380.0)
        >>> planned_lots([150, 100, 80, 200], 120, 0.8)
        Plan(orders=(150.0, 180.0, 0.0, 200.0), cost=424.0)
    """
    count = len(demand)
    best: list[tuple[float, int]] = [(0.0, count)] * (count + 1)
    for first in range(count - 1, -1, -1):
        options, carried = [], 0.0
        for last in range(first, count):
            carried += holding * demand[last] * (last - first)
            # Nothing is ordered for periods in which nothing is asked for.
            fixed = order if any(demand[first : last + 1]) else 0.0
            options.append((fixed + carried + best[last + 1][0], last + 1))
        best[first] = min(options)
    orders, at = [0.0] * count, 0
    while at < count:
        after = best[at][1]
        orders[at] = float(sum(demand[at:after]))
        at = after
    return Plan(tuple(orders), best[0][0])
