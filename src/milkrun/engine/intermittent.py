"""Forecasts where demand comes now and then: Croston, and the two that correct it. Units: pieces a period."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Intermittent:
    """The forecast a period, and what it is made of: the size when demand comes, and how often it comes.

    `often` is the mean interval between two periods with demand, or for TSB the chance of demand in a period.
    """

    forecast: float
    size: float
    often: float


def croston(demand: Sequence[float], alpha: float = 0.1, beta: float = 0.1) -> Intermittent | None:
    """Smooth sizes and intervals apart, at periods with demand; forecast = size / interval. None without demand.

    Begins at the first demand with its size and the periods until it. Its mean is too high by about alpha / 2.

    Source: Croston, Operational Research Quarterly 23 (1972).

    Example:
        >>> seen = croston([0, 0, 5, 0, 0, 3, 0, 0, 0, 8, 0, 4])
        >>> round(seen.forecast, 6), round(seen.size, 3), round(seen.often, 2)
        (1.674916, 5.008, 2.99)
    """
    size = interval = 0.0
    waited = 0
    begun = False
    for asked in demand:
        waited += 1
        if asked <= 0:
            continue
        size = size + alpha * (asked - size) if begun else float(asked)
        interval = interval + beta * (waited - interval) if begun else float(waited)
        begun, waited = True, 0
    return Intermittent(size / interval, size, interval) if begun else None


def sba(demand: Sequence[float], alpha: float = 0.1, beta: float = 0.1) -> Intermittent | None:
    """Croston's forecast without its bias: times 1 - beta / 2, where beta smooths the interval.

    Source: Syntetos and Boylan, International Journal of Forecasting 21 (2005).

    Example:
        >>> round(sba([0, 0, 5, 0, 0, 3, 0, 0, 0, 8, 0, 4]).forecast, 6)
        1.591171
    """
    raw = croston(demand, alpha, beta)
    return Intermittent(raw.forecast * (1 - beta / 2), raw.size, raw.often) if raw else None


def tsb(demand: Sequence[float], alpha: float = 0.1, beta: float = 0.1) -> Intermittent | None:
    """Smooth the chance of demand in every period, so that what is no longer asked for fades. None without demand.

    Begins at the first demand, with one over the periods until it as the chance.

    Source: Teunter, Syntetos, Babai, European Journal of Operational Research 214 (2011).

    Example:
        >>> round(tsb([0, 0, 5, 0, 0, 3, 0, 0, 0, 8, 0, 4]).forecast, 6)
        1.819328
    """
    first = next((place for place, asked in enumerate(demand) if asked > 0), None)
    if first is None:
        return None
    size, chance = float(demand[first]), 1 / (first + 1)
    for asked in demand[first + 1 :]:
        chance += beta * ((asked > 0) - chance)
        if asked > 0:
            size += alpha * (asked - size)
    return Intermittent(chance * size, size, chance)
