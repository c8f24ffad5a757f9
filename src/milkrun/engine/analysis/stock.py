"""Stock: what lies there now, what lay there on average, and how old it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from milkrun.engine.analysis.demand import EPOCH

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StockBook:
    """Stock of all items; quantities in base units.

    Args:
        on_hand: at the last day, for each item; NaN where nothing is known.
        average: mean over time; the same as `on_hand` where only one day is known.
        days_known: different days with a stock.
        age_days: days since the last receipt; NaN where it is not known.
        from_day: first day with a stock.
        to_day: last day with a stock.
        frame: item code, day and stock, for what happens day by day; None where one day is known.
    """

    on_hand: Floats
    average: Floats
    days_known: int
    age_days: Floats
    from_day: date
    to_day: date
    frame: pl.DataFrame | None


def stock_book(frame: pl.DataFrame, items: tuple[str, ...], as_of: date) -> StockBook:
    """Sum stock up over locations by item and day.

    The average weighs every day alike: a stock holds until the next one is known.

    Args:
        frame: item, on_hand and, where known, day of the snapshot (`snapshot_date`) and of the last receipt.
        items: all items, ascending.
        as_of: the day of a stock that has none.
    """
    import numpy as np
    import polars as pl

    day = pl.col("snapshot_date").fill_null(as_of) if "snapshot_date" in frame.columns else pl.lit(as_of)
    codes = pl.DataFrame({"item": items, "code": range(len(items))}, schema={"item": pl.String, "code": pl.Int64})
    coded = frame.with_columns(day.to_physical().cast(pl.Int64).alias("day")).join(codes, on="item", how="inner")
    by_day = coded.group_by("code", "day").agg(pl.col("on_hand").sum()).sort("code", "day")
    code, days, there = by_day["code"].to_numpy(), by_day["day"].to_numpy(), by_day["on_hand"].to_numpy()
    last, average = _now_and_on_average(code, days, there, len(items), int(days.max()) if len(days) else 0)
    known = int(by_day["day"].n_unique())
    first_day, last_day = (int(days.min()), int(days.max())) if len(days) else (0, 0)
    dated = "stocked_at" in frame.columns
    ages = _ages(coded, len(items), as_of) if dated else np.full(len(items), np.nan)
    epoch = EPOCH.toordinal()
    return StockBook(
        last, average, known, ages, date.fromordinal(epoch + first_day), date.fromordinal(epoch + last_day),
        by_day if known > 1 else None,
    )  # fmt: skip


def _now_and_on_average(
    code: NDArray[Any], day: NDArray[Any], there: Floats, items: int, end: int
) -> tuple[Floats, Floats]:
    import numpy as np

    last, weight, worth = np.full(items, np.nan), np.zeros(items), np.zeros(items)
    if not len(code):
        return last, last
    same = np.append(code[1:] == code[:-1], False)
    until = np.where(same, np.append(day[1:], 0), end + 1)
    held = np.maximum(until - day, 1).astype(np.float64)
    weight += np.bincount(code, weights=held, minlength=items)
    worth += np.bincount(code, weights=held * there, minlength=items)
    last[code] = there
    with np.errstate(invalid="ignore"):
        return last, np.where(weight > 0, worth / weight, np.nan)


def _ages(coded: pl.DataFrame, items: int, as_of: date) -> Floats:
    """Days since the last receipt of each item."""
    import numpy as np
    import polars as pl

    ages = np.full(items, np.nan)
    newest = coded.drop_nulls("stocked_at").group_by("code").agg(pl.col("stocked_at").max()).sort("code")
    days = (pl.lit(as_of) - pl.col("stocked_at")).dt.total_days().cast(pl.Float64)
    ages[newest["code"].to_numpy()] = newest.select(days).to_series().to_numpy()
    return ages


# Days from which a bucket begins; the last is open.
AGES = ((0, 30, "0-30"), (31, 60, "31-60"), (61, 90, "61-90"), (91, None, "over 90"))


def age_bucket(days: float) -> str:
    """Return the ageing bucket of days; empty where they are not known.

    Example:
        >>> [age_bucket(day) for day in (0, 30, 31, 90, 91, float("nan"))]
        ['0-30', '0-30', '31-60', '61-90', 'over 90', '']
    """
    if days != days:
        return ""
    return next(name for first, last, name in reversed(AGES) if days >= first or first == 0)
