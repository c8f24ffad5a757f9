"""Stock: what lies there now, what lay there on average, and how old it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from milkrun.engine.analysis.demand import EPOCH
from milkrun.engine.analysis.exclusion import Account
from milkrun.engine.analysis.window import Window

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
        average: mean over the days of the window, up to the last one with a stock; the same as `on_hand` where only
            one day is known, or none in the window.
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


def only_stock(frame: pl.DataFrame, account: Account, as_of: date | None) -> pl.DataFrame:
    """Leave out stock of days that were still to come."""
    import polars as pl

    if as_of is None or "snapshot_date" not in frame.columns:
        return frame
    return account.leave_out(frame, "after_as_of", pl.col("snapshot_date") > as_of)


def stock_book(frame: pl.DataFrame, items: tuple[str, ...], window: Window) -> StockBook:
    """Sum stock up over locations by item and day.

    A stock holds until the next one of its location is known; the average weighs every day of the window alike.

    Args:
        frame: item, on_hand and, where known, day of the snapshot (`snapshot_date`) and of the last receipt.
        items: all items, ascending.
        window: the days of the average; its last one is the day of a stock that has none.
    """
    import numpy as np
    import polars as pl

    as_of = window.last
    day = pl.col("snapshot_date").fill_null(as_of) if "snapshot_date" in frame.columns else pl.lit(as_of)
    codes = pl.DataFrame({"item": items, "code": range(len(items))}, schema={"item": pl.String, "code": pl.Int64})
    coded = frame.with_columns(day.to_physical().cast(pl.Int64).alias("day")).join(codes, on="item", how="inner")
    by_day = _by_day(coded)
    code, days, there = by_day["code"].to_numpy(), by_day["day"].to_numpy(), by_day["on_hand"].to_numpy()
    since = (window.first - EPOCH).days
    last, average = _now_and_on_average(code, days, there, len(items), since)
    known = int(by_day["day"].n_unique())
    first_day, last_day = (int(days.min()), int(days.max())) if len(days) else (0, 0)
    dated = "stocked_at" in frame.columns
    ages = _ages(coded, len(items), as_of) if dated else np.full(len(items), np.nan)
    epoch = EPOCH.toordinal()
    return StockBook(
        last, average, known, ages, date.fromordinal(epoch + first_day), date.fromordinal(epoch + last_day),
        by_day if known > 1 else None,
    )  # fmt: skip


def _by_day(coded: pl.DataFrame) -> pl.DataFrame:
    """Sum the stock of each item on each day with a count; a location not counted then keeps what it had."""
    import polars as pl

    if "location" not in coded.columns or coded["location"].n_unique() == 1:
        return coded.group_by("code", "day").agg(pl.col("on_hand").sum()).sort("code", "day")
    place = pl.col("location").fill_null("")
    counted = coded.group_by("code", place, "day").agg(pl.col("on_hand").sum()).sort("code", "location", "day")
    change = pl.col("on_hand") - pl.col("on_hand").shift(1).over("code", "location").fill_null(0.0)
    changes = counted.with_columns(change).group_by("code", "day").agg(pl.col("on_hand").sum()).sort("code", "day")
    # Millionths of a unit are the least there is: what is less came from adding and taking off.
    return changes.with_columns(pl.col("on_hand").cum_sum().over("code").round(6))


def _now_and_on_average(
    code: NDArray[Any], day: NDArray[Any], there: Floats, items: int, since: int
) -> tuple[Floats, Floats]:
    import numpy as np

    last, weight, worth = np.full(items, np.nan), np.zeros(items), np.zeros(items)
    if not len(code):
        return last, last
    same = np.append(code[1:] == code[:-1], False)
    end = int(day.max()) + 1
    until = np.where(same, np.append(day[1:], 0), end)
    # Where no day lies in the window, the last one stands for it.
    held = np.maximum(until - np.maximum(day, min(since, end - 1)), 0).astype(np.float64)
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
