"""Why stock turns slower than before: whether a few items cause it, and which of three causes each of them shows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.demand import EPOCH
from milkrun.engine.analysis.figures import Figures
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.policies.lots import LotCosts, economic_lot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TOP = 10
YEAR = 365.0
# Demand or orders that changed by so much are a cause; less is the usual up and down.
CHANGED = 0.15


def causes(book: Book, found: Figures, settings: Settings) -> dict[str, Any] | None:
    """Compare the later half of the time with stock and demand with the earlier half.

    Returns:
        Turns in both halves, the share of the stock's growth beyond demand that the ten worst items hold, and these
        items with their causes; None where there is not enough to compare.
    """
    import numpy as np

    if book.demand is None or book.stock is None or book.stock.frame is None or book.masters.basis != "cost":
        return None
    frame = book.stock.frame
    first, last = int(frame["day"].min()), int(frame["day"].max())  # type: ignore[arg-type]
    middle = (first + last + 1) // 2
    if last - first < 2 * 28:
        return None
    held = [_mean_stock(frame, len(book.items), start, end) for start, end in ((first, middle), (middle, last + 1))]
    used = [_used(book, start, end) for start, end in ((first, middle), (middle, last + 1))]
    cost = np.nan_to_num(book.masters.numbers["unit_cost"])
    turns = [_turns(use, stock, cost, days) for use, stock, days in zip(
        used, held, (middle - first, last + 1 - middle), strict=True)]  # fmt: skip
    # What the later stock holds beyond what the earlier cover would have asked for at the later demand.
    with np.errstate(divide="ignore", invalid="ignore"):
        fair = np.where(used[0] > 0, held[0] * used[1] / used[0], held[0])
    grown = np.maximum((held[1] - fair) * cost, 0.0)
    worst = [int(at) for at in np.argsort(-grown, kind="stable")[:TOP] if grown[at] > 0]
    whole = float(grown.sum())
    return {
        "turns_before": turns[0], "turns_after": turns[1], "beyond": whole,
        "split_at": date.fromordinal(EPOCH.toordinal() + middle).isoformat(),
        "top_share": float(grown[worst].sum()) / whole if whole else None,
        "items": [_one(book, found, settings, at, float(grown[at]), used, middle) for at in worst],
    }  # fmt: skip


def _mean_stock(frame: Any, items: int, start: int, end: int) -> Floats:
    import numpy as np

    inside = (frame["day"].to_numpy() >= start) & (frame["day"].to_numpy() < end)
    code, there = frame["code"].to_numpy()[inside], frame["on_hand"].to_numpy()[inside]
    count = np.bincount(code, minlength=items)
    return np.asarray(np.bincount(code, weights=there, minlength=items) / np.maximum(count, 1), dtype=np.float64)


def _used(book: Book, start: int, end: int) -> Floats:
    import numpy as np

    assert book.demand is not None  # noqa: S101
    rows = book.demand.frame
    inside = (rows["day"].to_numpy() >= start) & (rows["day"].to_numpy() < end)
    code, quantity = rows["code"].to_numpy()[inside], rows["quantity"].to_numpy()[inside]
    return np.bincount(code, weights=quantity, minlength=len(book.items)).astype(np.float64)


def _turns(used: Floats, stock: Floats, cost: Floats, days: int) -> float | None:
    value = float((stock * cost).sum())
    return float((used * cost).sum()) * YEAR / days / value if value > 0 else None


def _one(
    book: Book, found: Figures, settings: Settings, at: int, grown: float, used: list[Floats], middle: int
) -> dict[str, Any]:
    """Test three causes for an item, with figures, and name the likely one: the largest change."""
    before, after = float(used[0][at]), float(used[1][at])
    fall = (before - after) / before if before > 0 else None
    orders = _orders(book, book.items[at], middle)
    growth = orders[1] / orders[0] - 1 if orders[0] and orders[1] else None
    least, best = float(book.masters.numbers["min_order"][at]), _best(book, found, settings, at)
    forced = least / best - 1 if least == least and best else None
    found_causes = {"demand fell": fall, "orders grew": growth, "the minimum order is above the best order": forced}
    likely = max((name for name in found_causes if (found_causes[name] or 0) > CHANGED),
                 key=lambda name: found_causes[name] or 0, default="none of the three")  # fmt: skip
    return {
        "item": book.items[at], "description": book.masters.texts["description"][at], "grown": grown,
        "demand_fell": fall, "orders_grew": growth, "minimum_above_best": forced, "likely": likely,
    }  # fmt: skip


def _orders(book: Book, item: str, middle: int) -> tuple[float | None, float | None]:
    """Return the mean order quantity of an item before and from the middle on."""
    import polars as pl

    lots = book.receipts
    if lots is None or not {"item", "ordered_at", "ordered_quantity"} <= set(lots.columns):
        return None, None
    mine = lots.filter(pl.col("item") == item).with_columns(pl.col("ordered_at").to_physical().alias("day"))
    halves = (mine.filter(pl.col("day") < middle), mine.filter(pl.col("day") >= middle))
    before, after = (half["ordered_quantity"].mean() for half in halves)
    return tuple(float(mean) if isinstance(mean, float) else None for mean in (before, after))  # type: ignore[return-value]


def _best(book: Book, found: Figures, settings: Settings, at: int) -> float | None:
    cost, mean = float(book.masters.value[at]), float(found.mean_day[at])
    if not (cost > 0 and mean > 0):
        return None
    return economic_lot(LotCosts(mean * YEAR, settings.order_cost, cost * settings.carrying_rate))
