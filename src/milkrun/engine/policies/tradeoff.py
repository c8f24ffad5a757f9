"""Carrying cost against expected shortage: the curve of all service levels, and the point that is cheapest.

Units: quantities in base units, money a year in one currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from milkrun.engine.policies.safety_stock import fill_rate, unit_loss, z_of

LEVELS = (
    0.50, 0.60, 0.70, 0.75, 0.80, 0.85, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.998, 0.999,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prices:
    """What decides the point: carrying a unit for a year, missing a unit, and how many cycles a year has.

    Args:
        holding: cost of keeping one unit for a year.
        shortage: cost of one unit short.
        order: the order quantity.
        demand: demand a year.
    """

    holding: float
    shortage: float
    order: float
    demand: float

    def __post_init__(self) -> None:
        if min(self.holding, self.order, self.demand) <= 0 or self.shortage < 0:
            raise ValueError(
                "Holding cost, order quantity and demand are above 0, the cost of a shortage is not below."
            )


@dataclass(frozen=True, slots=True)
class TradeOff:
    """One point of the curve.

    Args:
        service: cycle service level.
        safety_stock: stock kept against uncertainty.
        fill: share of demand served at once.
        short: units short a year.
        carrying: cost a year of keeping the safety stock.
        shortage: cost a year of what is short.
    """

    service: float
    safety_stock: float
    fill: float
    short: float
    carrying: float
    shortage: float

    @property
    def cost(self) -> float:
        """Both costs a year."""
        return self.carrying + self.shortage


def curve(sigma: float, prices: Prices, levels: Sequence[float] = LEVELS) -> tuple[TradeOff, ...]:
    """Return a point for each service level: SS = z sigma; short a year = sigma G(z) D / Q.

    Assumes normal demand over the protection interval, and that what is short is served later.
    Source: Silver, Pyke, Thomas, 4th ed., 6.7 to 6.11.

    Args:
        sigma: deviation of demand over the protection interval.
        prices: costs, order quantity and demand a year.
        levels: cycle service levels.

    Example:
        >>> found = curve(208.806130178211, Prices(2.0, 5.0, 500, 36_500), (0.90, 0.95, 0.999))
        >>> [(round(point.safety_stock, 1), round(point.fill, 5)) for point in found]
        [(267.6, 0.98023), (343.5, 0.99127), (645.3, 0.99988)]
    """
    return tuple(_point(sigma, prices, level) for level in levels)


def cheapest_service(sigma: float, prices: Prices) -> TradeOff:
    """Return the point with the least cost: P(no stockout in a cycle) = 1 - h Q / (b D), at least one half.

    Where even half is too dear, because a shortage costs next to nothing, one half is taken: no safety stock at all.

    Example:
        >>> best = cheapest_service(208.806130178211, Prices(2.0, 5.0, 500, 36_500))
        >>> round(best.service, 5), round(best.safety_stock, 1)
        (0.99452, 531.2)
        >>> prices = Prices(2.0, 5.0, 500, 36_500)
        >>> best.cost <= min(point.cost for point in curve(208.806130178211, prices))
        True
    """
    if prices.shortage <= 0:
        return _point(sigma, prices, 0.5)
    return _point(sigma, prices, max(0.5, 1 - prices.holding * prices.order / (prices.shortage * prices.demand)))


def _point(sigma: float, prices: Prices, level: float) -> TradeOff:
    z = z_of(level)
    stock = z * sigma
    short = sigma * unit_loss(z) * prices.demand / prices.order
    fill = fill_rate(sigma, prices.order, z)
    return TradeOff(level, stock, fill, short, prices.holding * stock, prices.shortage * short)
