"""How well demand can be foreseen: the pool of forecasts, judged at every origin over what stock has to bridge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Periods of a season by bucket; so many of them are needed before a season can be seen.
SEASONS = {"month": 12, "week": 52, "day": 7}
SEASONS_NEEDED = 3
KINDS = ("smooth", "erratic", "intermittent", "lumpy", "none")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Errors of the forecasts of each item over its lead time and review; NaN where nothing can be said.

    Args:
        wape: sum of absolute errors over demand.
        mape: mean of |error| / demand over intervals with demand.
        rmse: root of the mean squared error of the mean a period.
        asked: demand of all intervals that were judged; absolute: the errors in them.
        signed: forecast less demand in them.
        shares: sum of |error| / demand; shares_of: intervals in it.
        zeros: intervals without demand, which a mean of shares leaves out.
        total: demand expected over the next interval.
        strong: demand of the next interval that nineteen of twenty stay within.
        method: the model of each item, and why it was chosen.
        persistently_wrong: MAPE above 40 % all the way.
    """

    wape: Floats
    mape: Floats
    rmse: Floats
    asked: Floats
    absolute: Floats
    signed: Floats
    shares: Floats
    shares_of: Floats
    zeros: Floats
    total: Floats
    strong: Floats
    method: tuple[str, ...]
    persistently_wrong: NDArray[np.bool_]


def foreseen(demand: Floats, counts: NDArray[np.bool_], reach: Floats, kinds: tuple[str, ...], bucket: str) -> Foreseen:
    """Forecast each item over its own interval at every origin, and judge it on what followed.

    Args:
        demand: items x periods.
        counts: whether a period counts for an item; periods that do not count are neither learnt from nor judged.
        reach: periods of lead time and review of each item, at least one.
        kinds: how the demand of each item goes: models are chosen for a kind first.
        bucket: day, week or month.
    """
    import numpy as np

    from milkrun.engine.forecasts.pool import Series, forecast

    moved, lengths = left(demand, counts)
    season = SEASONS[bucket] if moved.shape[1] >= SEASONS_NEEDED * SEASONS[bucket] else 0
    group = np.array([KINDS.index(kind) for kind in kinds], dtype=np.int64)
    whole = np.clip(np.ceil(reach - 1e-9), 1, None).astype(np.int64)
    seen = forecast(Series(moved, np.zeros(len(moved), dtype=np.int64), lengths, whole, group, season))
    return _judged(seen)


def _judged(seen: Any) -> Foreseen:
    """Turn the figures of the pool into sums that add up over items."""
    import numpy as np

    from milkrun.engine.forecasts.kernel import ABSOLUTE, AT_ZERO, SHARED

    # Errors and demand are both of the mean period of an interval, so their sums have one scale.
    # The forecast of nothing is off by all that was asked for.
    asked, some = seen.sums[:, ABSOLUTE, AT_ZERO], seen.sums[:, SHARED, 0]
    known = np.isfinite(seen.wape)
    names = tuple(
        f"{'mean of the best five' if one < 0 else seen.models[one]} ({why})"
        for one, why in zip(seen.chosen.tolist(), seen.reason, strict=True)
    )
    return Foreseen(
        seen.wape, seen.mape, seen.rmse, np.where(known, asked, 0.0), np.where(known, seen.wape * asked, 0.0),
        np.nan_to_num(seen.bias * seen.origins), np.nan_to_num(seen.mape * some),
        np.where(np.isfinite(seen.mape), some, 0.0), np.where(known, seen.origins - some, 0.0), seen.total,
        seen.quantile(0.95), names, seen.persistently_wrong,
    )  # fmt: skip


def left(demand: Floats, counts: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.int64]]:
    """Move the periods that count to the left, in order, and say how many they are.

    Example:
        >>> import numpy as np
        >>> moved, lengths = left(np.array([[1.0, 2, 3]]), np.array([[False, True, True]]))
        >>> moved.tolist(), lengths.tolist()
        ([[2.0, 3.0, 0.0]], [2])
    """
    import numpy as np

    order = np.argsort(~counts, axis=1, kind="stable")
    moved = np.take_along_axis(np.where(counts, demand, 0.0), order, axis=1)
    return moved, counts.sum(axis=1)
