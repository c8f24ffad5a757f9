"""How well demand can be foreseen: forecasts judged at every origin of the history, each on what came after it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# The moving average that every other method has to beat, and the first origin.
WINDOW = 12
FIRST_ORIGIN = 8


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Errors of the forecasts of each item; NaN where nothing can be said.

    Args:
        protected: WAPE over the protection interval, which is what stock has to bridge.
        next_actual: demand one period ahead, summed over origins.
        next_absolute: absolute errors one period ahead.
        next_signed: forecast less demand one period ahead.
        shares: sum of |error| / demand over periods with demand, one period ahead.
        shares_of: periods in `shares`.
        zeros: periods without demand, which a mean of shares leaves out.
        method: what forecast it was.
    """

    protected: Floats
    next_actual: Floats
    next_absolute: Floats
    next_signed: Floats
    shares: Floats
    shares_of: Floats
    zeros: Floats
    method: str


def foreseen(demand: Floats, counts: NDArray[np.bool_], horizon: Floats) -> Foreseen:
    """Forecast each item by the mean of its last twelve periods at every origin, and judge it on what followed.

    Args:
        demand: items x periods.
        counts: whether a period counts for an item; periods that do not count are neither learnt from nor judged.
        horizon: periods of the protection interval of each item, at least one.
    """
    import numpy as np

    squeezed, lengths = _left(demand, counts)
    summed = np.concatenate([np.zeros((len(squeezed), 1)), squeezed.cumsum(axis=1)], axis=1)
    ahead = np.clip(np.ceil(horizon), 1, None).astype(np.int64)
    whole, missed = np.zeros(len(demand)), np.zeros(len(demand))
    one = {name: np.zeros(len(demand)) for name in ("actual", "absolute", "signed", "shares", "of", "zeros")}
    rows = np.arange(len(demand))
    for origin in range(FIRST_ORIGIN, squeezed.shape[1]):
        mean = (summed[:, origin] - summed[:, max(0, origin - WINDOW)]) / min(origin, WINDOW)
        end = origin + ahead
        fits = end <= lengths
        actual = summed[rows, np.minimum(end, squeezed.shape[1])] - summed[:, origin]
        whole += np.where(fits, actual, 0.0)
        missed += np.where(fits, np.abs(mean * ahead - actual), 0.0)
        _one_ahead(one, squeezed[:, origin], mean, origin < lengths)
    with np.errstate(invalid="ignore", divide="ignore"):
        protected = np.where(whole > 0, missed / whole, np.nan)
    return Foreseen(
        protected, one["actual"], one["absolute"], one["signed"], one["shares"], one["of"], one["zeros"],
        f"moving average of {WINDOW} periods",
    )  # fmt: skip


def _one_ahead(one: dict[str, Floats], actual: Floats, forecast: Floats, counts: NDArray[np.bool_]) -> None:
    import numpy as np

    error = np.where(counts, forecast - actual, 0.0)
    some = counts & (actual > 0)
    one["actual"] += np.where(counts, actual, 0.0)
    one["absolute"] += np.abs(error)
    one["signed"] += error
    one["shares"] += np.where(some, np.abs(error) / np.where(some, actual, 1.0), 0.0)
    one["of"] += some
    one["zeros"] += counts & (actual <= 0)


def _left(demand: Floats, counts: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.int64]]:
    """Move the periods that count to the left, in order, and say how many they are."""
    import numpy as np

    order = np.argsort(~counts, axis=1, kind="stable")
    moved = np.take_along_axis(np.where(counts, demand, 0.0), order, axis=1)
    return moved, counts.sum(axis=1)


def periods_of_days(days: float, bucket_days: float) -> int:
    """Return the periods that a number of days touches, at least one.

    Example:
        >>> periods_of_days(21, 7), periods_of_days(22, 7), periods_of_days(3, 30.4)
        (3, 4, 1)
    """
    return max(1, ceil(days / bucket_days - 1e-9))
