"""Demand by item and period, as arrays: which periods count for an item, and how its demand goes.

Missing is not zero: periods before an item's first row and after its end do not count, nor periods in which the whole
file has no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
# A file that lists zeros lists every period it knows; what it does not list, it does not know.
ZEROS_LISTED = 0.01
FEWEST_WEEKS = 8
# An item counts as ended after a pause so long that it happens once in a hundred, and longer than a quarter.
END_CHANCE = 0.01
END_DAYS = 90


@dataclass(frozen=True, slots=True)
class Periods:
    """The buckets in which demand is counted.

    Args:
        bucket: day, week or month.
        starts: first day of each bucket, and the day after the last one.
    """

    bucket: str
    starts: tuple[date, ...]

    @property
    def count(self) -> int:
        """How many buckets there are."""
        return len(self.starts) - 1

    @property
    def days(self) -> Floats:
        """Calendar days of each bucket."""
        import numpy as np

        return np.diff(np.array([start.toordinal() for start in self.starts])).astype(np.float64)

    @property
    def mean_days(self) -> float:
        """Mean days of a bucket."""
        return float((self.starts[-1] - self.starts[0]).days / max(1, self.count))

    def of(self, days: NDArray[Any]) -> NDArray[np.int64]:
        """Return the bucket of days since 1970; -1 and `count` for days outside."""
        import numpy as np

        edges = np.array([(start - EPOCH).days for start in self.starts])
        return np.searchsorted(edges, days, side="right").astype(np.int64) - 1


@dataclass(frozen=True, slots=True)
class DemandBook:
    """Demand of all items.

    Args:
        items: numbers of the items, ascending.
        periods: the buckets.
        demand: items x buckets, in base units.
        counts: items x buckets, whether the bucket counts for the item.
        ended: items that seem to have come to their end.
        first: first day with a row, for each item, in days since 1970.
        last: last day with demand; -1 without any.
        frame: the rows behind it, with `code`, the place of the item, and `day`, days since 1970.
        listed: the file lists periods without demand.
    """

    items: tuple[str, ...]
    periods: Periods
    demand: Floats
    counts: Flags
    ended: Flags
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    frame: pl.DataFrame
    listed: bool

    @property
    def observed_days(self) -> Floats:
        """Calendar days that count, for each item."""
        import numpy as np

        return np.asarray(self.counts @ self.periods.days, dtype=np.float64)


def demand_book(frame: pl.DataFrame, items: tuple[str, ...], as_of: date) -> DemandBook | None:
    """Lay demand out by item and period; None without a row.

    Args:
        frame: item, date and quantity, no quantity below zero.
        items: all items, ascending, those without demand too.
        as_of: the last day that counts.
    """
    import numpy as np
    import polars as pl

    if not frame.height:
        return None
    codes = pl.DataFrame({"item": items, "code": range(len(items))}, schema={"item": pl.String, "code": pl.Int64})
    coded = frame.join(codes, on="item", how="left", maintain_order="left").with_columns(
        pl.col("date").to_physical().cast(pl.Int64).alias("day")
    )
    listed = float((coded["quantity"] == 0).mean() or 0) >= ZEROS_LISTED  # type: ignore[arg-type]
    periods = periods_of(coded["day"], as_of)
    code, day, quantity = (coded[name].to_numpy() for name in ("code", "day", "quantity"))
    bucket = periods.of(day)
    inside = (bucket >= 0) & (bucket < periods.count)
    size = (len(items), periods.count)
    place = code[inside] * size[1] + bucket[inside]
    summed = np.bincount(place, weights=quantity[inside], minlength=size[0] * size[1])
    demand: Floats = summed.astype(np.float64).reshape(size)
    rows = np.bincount(place, minlength=size[0] * size[1]).reshape(size) > 0
    first = np.full(size[0], np.iinfo(np.int64).max)
    np.minimum.at(first, code, day)
    last = np.full(size[0], -1)
    np.maximum.at(last, code[quantity > 0], day[quantity > 0])
    counts, ended = _what_counts(demand, rows, periods, first, listed)
    return DemandBook(items, periods, demand, counts, ended, first, last, coded, listed)


def periods_of(days: pl.Series, as_of: date) -> Periods:
    """Choose the buckets: months where all dates are month starts or ends, else weeks, else days where weeks are few.

    Only whole weeks count; a month counts whole where the file gives one date for it.
    """
    different = [EPOCH + timedelta(days=int(day)) for day in days.unique().sort()]
    first, last = different[0], min(different[-1], as_of)
    starts = all(day.day == 1 for day in different)
    if len(different) > 2 and (starts or all((day + timedelta(days=1)).day == 1 for day in different)):
        return Periods("month", _months(first, last))
    weekly = len(different) > 2 and len({day.weekday() for day in different}) == 1
    monday = first if weekly else first + timedelta(days=-first.weekday() % 7)
    whole = (last - monday).days // 7 + 1 if weekly else (last + timedelta(days=1) - monday).days // 7
    if weekly or whole >= FEWEST_WEEKS:
        return Periods("week", tuple(monday + timedelta(days=7 * week) for week in range(whole + 1)))
    return Periods("day", tuple(first + timedelta(days=day) for day in range((last - first).days + 2)))


def _months(first: date, last: date) -> tuple[date, ...]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month + 1)
    return tuple(date(month // 12, month % 12 + 1, 1) for month in months)


def _what_counts(
    demand: Floats, rows: Flags, periods: Periods, first: NDArray[Any], listed: bool
) -> tuple[Flags, Flags]:
    import numpy as np

    place = np.arange(periods.count)
    if listed:
        return rows, np.zeros(len(rows), dtype=bool)
    # An item that never moved has no first day, and so no period that counts.
    begun: Flags = place[None, :] >= np.maximum(periods.of(first), 0)[:, None]
    open_ = np.asarray(rows.any(axis=0))
    counts: Flags = begun & open_[None, :]
    ended = _ended(demand, counts, periods)
    final = np.where(demand > 0, place[None, :], -1).max(axis=1, initial=-1)
    return counts & ~(ended[:, None] & (place[None, :] > final[:, None])), ended


def _ended(demand: Floats, counts: Flags, periods: Periods) -> Flags:
    """Items whose last pause is longer than a quarter and than ninety-nine of a hundred pauses of their kind.

    Pauses of an item with demand in a share p of its periods are taken as geometric: P(pause > n) = (1 - p)^n.
    """
    import numpy as np

    place = np.arange(periods.count)
    final = np.where(demand > 0, place[None, :], -1).max(axis=1, initial=-1)
    active: Flags = counts & (place[None, :] <= final[:, None])
    share = ((demand > 0) & active).sum(axis=1) / np.maximum(active.sum(axis=1), 1)
    pause = (counts & (place[None, :] > final[:, None])).sum(axis=1)
    with np.errstate(divide="ignore"):
        longest = np.log(END_CHANCE) / np.log(np.clip(1 - share, 1e-12, 1 - 1e-12))
    return np.asarray((final >= 0) & (pause * periods.mean_days > END_DAYS) & (pause > longest))
