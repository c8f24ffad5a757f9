"""A forecast by what is known ahead: trend, events and given indicators, by least squares at every origin.

The indicators are the same for all items of a call: a promotion, a public holiday, a price, an order book.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any

# Keeps the sums solvable where an indicator never moved before an origin; too small to be seen otherwise.
RIDGE = 1e-8


@dataclass(frozen=True, slots=True)
class Regressed:
    """What a regression says.

    Args:
        mean: [item], expected demand a period over the interval after the last period; not below 0.
        effects: [item, indicator], what one unit of an indicator adds to demand a period.
        rmse: [item], of the mean a period over the origins judged; NaN without one.
        origins: how many there were.
    """

    mean: Array
    effects: Array
    rmse: Array
    origins: int


def regress(demand: Array, indicators: Array, reach: int, learn: int = 24) -> Regressed:
    """Explain demand by a constant, a trend and indicators, and forecast with the indicators of the periods ahead.

    Args:
        demand: [item, period].
        indicators: [period + reach, indicator], known ahead; [.., 0] for the trend alone.
        reach: periods of the interval, at least 1.
        learn: periods before the first origin that counts.

    Raises:
        ValueError: the indicators do not reach to the end of the interval.

    Source: ordinary least squares; Hyndman and Athanasopoulos, Forecasting, 3rd ed., chapter 7.

    Example:
        >>> import numpy as np
        >>> sale = np.array([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1.0])[:, None]
        >>> seen = regress(10 + 5 * sale[:10].T, sale, reach=2, learn=6)
        >>> round(float(seen.mean[0]), 4), round(float(seen.effects[0, 0]), 4), round(float(seen.rmse[0]), 4)
        (12.5, 5.0, 0.0)
    """
    items, periods = demand.shape
    if len(indicators) < periods + reach:
        raise ValueError(f"Indicators are needed for {periods + reach} periods, there are {len(indicators)}.")
    time = np.arange(len(indicators), dtype=float)[:, None] / max(periods, 1)
    known = np.hstack([np.ones_like(time), time, np.asarray(indicators, float)])
    squares, origins = np.zeros(items), 0
    for origin in range(learn, periods - reach + 1):
        ahead = known[origin : origin + reach].mean(axis=0) @ _fitted(known[:origin], demand[:, :origin])
        squares += (np.maximum(ahead, 0.0) - demand[:, origin : origin + reach].mean(axis=1)) ** 2
        origins += 1
    last = _fitted(known[:periods], demand)
    mean = np.maximum(known[periods : periods + reach].mean(axis=0) @ last, 0.0)
    rmse = np.sqrt(squares / origins) if origins else np.full(items, np.nan)
    return Regressed(mean, last[2:].T, rmse, origins)


def _fitted(known: Array, demand: Array) -> Array:
    """[column, item]: the coefficients."""
    squares = known.T @ known + RIDGE * np.eye(known.shape[1])
    found: Array = np.linalg.solve(squares, known.T @ demand.T)
    return found
