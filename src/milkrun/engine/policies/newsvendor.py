"""One order for one season: what is left over is lost, what is short is missed. Units: pieces, money a piece."""

from dataclasses import dataclass
from math import exp, pi, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Season:
    """The order and what it costs on average: overage and underage, not the goods themselves."""

    order: float
    cost: float
    ratio: float


def newsvendor(mean: float, deviation: float, over: float, under: float) -> Season:
    """Return the order at which one more piece costs what it earns: P(demand <= Q) = under / (under + over).

    Assumes normal demand. Source: Arrow, Harris, Marschak 1951; Snyder and Shen, 2nd ed., section 4.3.

    Args:
        mean: expected demand of the season.
        deviation: its standard deviation, above 0.
        over: cost of a piece too many.
        under: cost of a piece too few.

    Raises:
        ValueError: a cost or the deviation is not above 0.

    Example:
        >>> season = newsvendor(50, 8, over=0.18, under=0.70)
        >>> round(season.order, 5), round(season.cost, 6)
        (56.60396, 1.997605)
    """
    if min(over, under, deviation) <= 0:
        raise ValueError("Both costs and the deviation are above 0.")
    ratio = under / (under + over)
    z = _NORMAL.inv_cdf(ratio)
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return Season(mean + z * deviation, (over + under) * deviation * density, ratio)
