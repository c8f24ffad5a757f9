"""Safety stock and the reorder point, from the variability of demand and of the lead time.

Units: quantities in the item's base unit, times in days, demand a day. Deviations are sample deviations.
"""

from dataclasses import dataclass
from math import exp, pi, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class DemandOverTime:
    """Demand a day and the time it must be covered for.

    Args:
        mean: mean demand a day.
        deviation: standard deviation of demand a day; better, of the forecast's error.
        lead_time: mean lead time in days.
        lead_time_deviation: standard deviation of the lead time in days.
        review: days between two looks at the stock; 0 where every movement is looked at.
    """

    mean: float
    deviation: float
    lead_time: float
    lead_time_deviation: float = 0.0
    review: float = 0.0

    @property
    def expected(self) -> float:
        """Expected demand over lead time and review."""
        return self.mean * (self.lead_time + self.review)

    @property
    def sigma(self) -> float:
        """Standard deviation of demand over lead time and review: sqrt((L + R) s^2 + m^2 sL^2).

        Source: Silver, Pyke, Thomas, Inventory and Production Management in Supply Chains, 4th ed., 6.10.
        """
        spread = (self.lead_time + self.review) * self.deviation**2
        return sqrt(spread + self.mean**2 * self.lead_time_deviation**2)


def z_of(service: float) -> float:
    """Return the safety factor of a cycle service level.

    Args:
        service: the probability that a replenishment cycle ends without a stockout, above 0 and below 1.

    Raises:
        ValueError: the level is not between 0 and 1.

    Example:
        >>> round(z_of(0.95), 4)
        1.6449
    """
    if not 0 < service < 1:
        raise ValueError(f"A service level lies between 0 and 1, not at {service}.")
    return _NORMAL.inv_cdf(service)


def safety_stock(demand: DemandOverTime, service: float) -> float:
    """Return the stock kept against uncertainty: z sigma.

    Assumes demand over the protection interval to be about normal: use it where its coefficient of variation is
    below one half. For intermittent demand take a quantile of the demand itself.

    Args:
        demand: what must be covered, and for how long.
        service: cycle service level.

    Example:
        >>> round(safety_stock(DemandOverTime(100, 20, 9, 2), 0.95), 3)
        343.456
        >>> round(safety_stock(DemandOverTime(100, 20, 9, 2, review=7), 0.95), 3)
        354.312
    """
    return z_of(service) * demand.sigma


def reorder_point(demand: DemandOverTime, service: float) -> float:
    """Return the inventory position at or below which an order is placed: m (L + R) + safety stock.

    The position is on hand plus on order minus backorders.

    Example:
        >>> round(reorder_point(DemandOverTime(100, 20, 9, 2), 0.95), 3)
        1243.456
    """
    return demand.expected + safety_stock(demand, service)


def unit_loss(z: float) -> float:
    """Return the expected shortage in units of sigma when z sigmas are kept: G(z) = phi(z) - z (1 - Phi(z)).

    Source: Silver, Pyke, Thomas, 4th ed., appendix II.

    Example:
        >>> round(unit_loss(1.0), 7)
        0.0833155
    """
    return exp(-z * z / 2) / sqrt(2 * pi) - z * (1 - _NORMAL.cdf(z))


def fill_rate(sigma: float, order: float, z: float) -> float:
    """Return the share of demand served from stock: 1 - sigma G(z) / Q.

    Args:
        sigma: deviation of demand over the protection interval.
        order: the order quantity Q.
        z: safety factor.

    Example:
        >>> round(fill_rate(208.806130178211, 500, z_of(0.95)), 5)
        0.99127
    """
    return 1 - sigma * unit_loss(z) / order


def z_for_fill_rate(sigma: float, order: float, wanted: float) -> float:
    """Return the safety factor whose fill rate is the wanted one: G(k) = (1 - beta) Q / sigma, solved for k.

    The factor may be negative: with large orders a high fill rate needs no safety stock at all.

    Args:
        sigma: deviation of demand over the protection interval, above 0.
        order: the order quantity Q, above 0.
        wanted: fill rate, above 0 and below 1.

    Raises:
        ValueError: an argument is outside its bounds.

    Example:
        >>> round(z_for_fill_rate(208.806130178211, 500, 0.98), 6)
        1.276096
    """
    if not 0 < wanted < 1 or sigma <= 0 or order <= 0:
        raise ValueError("A fill rate lies between 0 and 1; deviation and order quantity are above 0.")
    target = (1 - wanted) * order / sigma
    # G falls strictly; below -8 it is -z to the last bit of a float, above 8 it is nothing.
    low, high = min(-8.0, -target), 8.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if unit_loss(middle) > target else (low, middle)
    return (low + high) / 2
