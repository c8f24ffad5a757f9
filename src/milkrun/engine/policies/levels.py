"""Two numbers that steer an item's orders: (s, S) and (r, Q). Units: pieces, periods; costs in one currency."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from milkrun.engine.policies.poisson import Poisson
from milkrun.engine.policies.safety_stock import unit_loss


@dataclass(frozen=True, slots=True)
class Levels:
    """At or below `small` order up to `big`; the cost a period."""

    small: int
    big: int
    cost: float


def order_up_to(demand: Poisson, order: float) -> Levels:
    """Return the (s, S) policy with the least cost a period, for Poisson demand and no lead time.

    Exact. Source: Zheng and Federgruen, Operations Research 39 (1991); Snyder and Shen, 2nd ed., 4.4.

    Args:
        demand: demand of a period with the costs of a piece left over or short.
        order: cost of an order.

    Example:
        >>> found = order_up_to(Poisson(6, holding=1, late=4), order=5)
        >>> found.small, found.big, round(found.cost, 6)
        (4, 10, 8.034112)
        >>> found = order_up_to(Poisson(4, holding=40, late=125), order=150)
        >>> found.small, found.big, round(found.cost, 6)
        (2, 7, 223.57483)
    """
    best = demand.best
    small = best
    cost = _cost(demand, order, small, best)
    while cost > demand.cost(small):
        small -= 1
        cost = _cost(demand, order, small, best)
    chosen, big = best, best + 1
    while demand.cost(big) <= cost:
        with_it = _cost(demand, order, small, big)
        if with_it < cost:
            chosen, cost = big, with_it
            while cost <= demand.cost(small + 1):
                small += 1
                cost = _cost(demand, order, small, chosen)
        big += 1
    return Levels(small, chosen, cost)


def _cost(demand: Poisson, order: float, small: int, big: int) -> float:
    """Return the cost a period of an (s, S) policy, by renewals.

    m(j) is the expected number of periods that the position spends j below S.
    """
    stays = 1 - demand.chance(0)
    spent: list[float] = []
    for below in range(max(big - small, 1)):
        came = sum(demand.chance(step) * spent[below - step] for step in range(1, below + 1))
        spent.append((came + (below == 0)) / stays)
    carried = sum(share * demand.cost(big - below) for below, share in enumerate(spent))
    return (order + carried) / sum(spent)


@dataclass(frozen=True, slots=True)
class PointAndLot:
    """Order `lot` at or below `point`; the cost a period (or a year, as the demand)."""

    point: float
    lot: float
    cost: float


def point_and_lot_exact(lead: Poisson, rate: float, order: float) -> PointAndLot:
    """Return the (r, Q) policy with the least cost, for Poisson demand.

    Exact. Source: Federgruen and Zheng, Operations Research 40 (1992); Snyder and Shen, 2nd ed., 5.4.

    Args:
        lead: demand over the lead time, with the costs a period of a piece held or late.
        rate: demand a period.
        order: cost of an order.

    Example:
        >>> found = point_and_lot_exact(Poisson(6, holding=4, late=28), rate=12, order=4)
        >>> found.point, found.lot, round(found.cost, 6)
        (6, 7, 28.241313)
    """
    low = high = lead.best
    total = order * rate + lead.cost(low)
    lot = 1
    while True:
        cheaper = min(lead.cost(low - 1), lead.cost(high + 1))
        if cheaper >= total / lot:
            return PointAndLot(low - 1, lot, total / lot)
        if lead.cost(low - 1) <= lead.cost(high + 1):
            low -= 1
        else:
            high += 1
        total, lot = total + cheaper, lot + 1


def point_and_lot(mean: float, deviation: float, rate: float, order: float, holding: float, late: float) -> PointAndLot:
    """Return reorder point and lot by expected inventory: Q = sqrt(2 D (K + p n(r)) / h), P(short) = Q h / (p D).

    An approximation for normal demand: backorders are few. Source: Hadley and Whitin 1963; Snyder and Shen, 2nd ed.,
    5.2 (expected-inventory-level approximation).

    Args:
        mean, deviation: of demand over the lead time.
        rate: demand a year.
        order: cost of an order.
        holding: cost of keeping a piece for a year.
        late: cost of a piece short, once.

    Raises:
        ValueError: a piece short costs too little for any stock to pay.

    Example:
        >>> found = point_and_lot(1300 / 12, 150 / sqrt(12), rate=1300, order=8, holding=0.225, late=7.5)
        >>> round(found.point, 2), round(found.lot, 2), round(found.cost, 2)
        (213.97, 318.59, 95.45)
    """
    lot = sqrt(2 * rate * order / holding)
    for _ in range(100):
        risk = lot * holding / (late * rate)
        if risk >= 1:
            raise ValueError("A piece short costs so little that no stock pays.")
        z = NormalDist().inv_cdf(1 - risk)
        short = deviation * unit_loss(z)
        after = sqrt(2 * rate * (order + late * short) / holding)
        if abs(after - lot) <= 1e-10 * lot:
            break
        lot = after
    point = mean + z * deviation
    cost = holding * (point - mean + lot / 2) + (order + late * short) * rate / lot
    return PointAndLot(point, lot, cost)
