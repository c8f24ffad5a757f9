"""Minimum and maximum where the supplier looks after the stock. Units: pieces, days."""

from dataclasses import dataclass

from milkrun.engine.policies.safety_stock import DemandOverTime, safety_stock


@dataclass(frozen=True, slots=True)
class MinMax:
    """Ship up to `most` once the position is at or below `least`."""

    least: float
    most: float


def min_max(demand: DemandOverTime, service: float) -> MinMax:
    """Return the band: m L + z s sqrt(L), and m (L + R) + z s sqrt(L + R).

    Args:
        demand: demand and lead time; `review` is the time between two shipments.
        service: cycle service level.

    Example:
        >>> band = min_max(DemandOverTime(40, 12, 5, review=7), 0.975)
        >>> round(band.least, 3), round(band.most, 3)
        (252.591, 561.474)
    """
    at_once = DemandOverTime(demand.mean, demand.deviation, demand.lead_time, demand.lead_time_deviation)
    return MinMax(at_once.expected + safety_stock(at_once, service), demand.expected + safety_stock(demand, service))
