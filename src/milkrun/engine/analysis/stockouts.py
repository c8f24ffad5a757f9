"""Stockouts day by day: demand that was due and not met, and apart from it days at zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from milkrun.engine.analysis.book import Book

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class StockoutFigures:
    """What the days with a known stock say, of items with a stock of each day; an array has one entry for each item.

    Args:
        item_days: days with a known stock, over all items.
        zero_days: days at zero for each item.
        events: runs of days at zero with demand on one of them at least.
        event_days: their length.
        suspected: runs at zero without demand in the file: somebody may have asked in vain.
        silent_days: days at zero without demand, within the periods that count for the item: they say nothing about
            demand.
        left_out: items with stock that is not known for each day.
    """

    item_days: int
    zero_days: NDArray[np.int64]
    events: NDArray[np.int64]
    event_days: NDArray[np.int64]
    suspected: NDArray[np.int64]
    silent_days: NDArray[np.int64]
    left_out: int


def stockouts(book: Book) -> StockoutFigures | None:
    """Find runs of days at zero; None where no item has a stock of each day.

    An item whose snapshots lie more than a day apart, by the median, is left out: what was between them is not known.
    A run counts as a stockout where demand was due on one of its days; the others are days at zero.
    """
    import numpy as np
    import polars as pl

    if book.stock is None or book.stock.frame is None:
        return None
    frame = book.stock.frame.filter(pl.col("day").diff().median().over("code") <= 1)
    if not frame.height:
        return None
    code, day = frame["code"].to_numpy(), frame["day"].to_numpy()
    zero = frame["on_hand"].to_numpy() <= 0
    wanted = _wanted(book, code, day)
    starts = zero & ~(
        np.append(False, zero[:-1]) & np.append(False, (code[1:] == code[:-1]) & (day[1:] == day[:-1] + 1))
    )
    run = np.cumsum(starts) - 1
    inside = np.flatnonzero(zero)
    count = int(starts.sum())
    length = np.bincount(run[inside], minlength=count)
    asked = np.bincount(run[inside], weights=wanted[inside], minlength=count) > 0
    of = code[starts]
    size = len(book.items)
    return StockoutFigures(
        len(code), np.bincount(code[zero], minlength=size), np.bincount(of[asked], minlength=size),
        np.bincount(of[asked], weights=length[asked], minlength=size).astype(np.int64),
        np.bincount(of[~asked], minlength=size),
        np.bincount(code[zero & ~wanted & _counted(book, code, day)], minlength=size),
        book.stock.frame["code"].n_unique() - frame["code"].n_unique(),
    )  # fmt: skip


def _wanted(book: Book, code: NDArray[Any], day: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether demand stood in the file on each day with a known stock."""
    import numpy as np

    if book.demand is None or not len(code):
        return np.zeros(len(code), dtype=bool)
    rows = book.demand.frame
    some = rows["quantity"].to_numpy() > 0
    first, span = int(day.min()), int(day.max()) - int(day.min()) + 1
    days, codes = rows["day"].to_numpy()[some], rows["code"].to_numpy()[some]
    inside = (days >= first) & (days < first + span)
    asked = np.unique(codes[inside] * span + days[inside] - first)
    return np.isin(code * span + day - first, asked)


def _counted(book: Book, code: NDArray[Any], day: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether each day with a known stock lies in a period that counts for its item."""
    import numpy as np

    if book.demand is None:
        return np.zeros(len(code), dtype=bool)
    bucket, count = book.demand.periods.of(day), book.demand.periods.count
    inside = (bucket >= 0) & (bucket < count)
    return np.asarray(inside & book.demand.counts[code, np.clip(bucket, 0, count - 1)])
