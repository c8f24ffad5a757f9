"""The figures of every item at once: demand, worth, stock, age, lead time, and the stock that these would call for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from milkrun.engine.analysis.accuracy import Foreseen, foreseen
from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.demand import EPOCH
from milkrun.engine.analysis.layers import Layers, by_age, by_receipts
from milkrun.engine.analysis.leads import ItemLeads, item_leads
from milkrun.engine.analysis.patterns import Patterns, abc_classes, packs, patterns
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.analysis.stockouts import StockoutFigures
from milkrun.engine.analysis.strong_days import strong_days
from milkrun.engine.policies.safety_stock import z_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

YEAR = 365.0
DEAD_DAYS, SLOW_COVER_DAYS = 365, 180


@dataclass(frozen=True, slots=True)
class Figures:
    """One entry for each item; NaN where nothing can be said. Quantities in base units, money as in the files.

    Args:
        pattern: how demand goes.
        foreseen: how well it can be foreseen.
        mean_day: mean demand a day; deviation_day its deviation; strong_day: one day of twenty is stronger.
        window_days: days that count.
        use: demand in the last 365 days, or in all days where there are fewer.
        use_value: use a year at worth; revenue: use a year at price. What began within the year is taken as a whole
            year of it; what ended is not.
        leads: lead times.
        pack: largest pack of which all sales are multiples.
        on_hand: stock now; average: over time.
        stock_value: worth of the stock now; average_value: over time.
        cover_days: how long the stock lasts; infinite where nothing moves.
        idle_days: days since the last issue, counted from the last day of the files.
        layers: how old the stock is; None without stock.
        safety: safety stock; reorder: reorder point; lot: economic order quantity.
        target: the most that is needed: reorder point and one order.
        excess: stock above that; excess_value: its worth.
        dead: stock without an issue for a year, or without any.
        slow: stock for more than half a year that is not dead.
        abc_use, abc_revenue, abc_stock: classes on three bases; empty where the basis is not there.
        shares: cumulated share of each item, for each basis that is there.
    """

    pattern: Patterns
    foreseen: Foreseen | None
    mean_day: Floats
    deviation_day: Floats
    strong_day: Floats
    window_days: Floats
    use: Floats
    use_value: Floats
    revenue: Floats
    leads: ItemLeads
    pack: NDArray[np.int64]
    on_hand: Floats
    average: Floats
    stock_value: Floats
    average_value: Floats
    cover_days: Floats
    idle_days: Floats
    layers: Layers | None
    safety: Floats
    reorder: Floats
    lot: Floats
    target: Floats
    excess: Floats
    excess_value: Floats
    dead: NDArray[np.bool_]
    slow: NDArray[np.bool_]
    abc_use: tuple[str, ...]
    abc_revenue: tuple[str, ...]
    abc_stock: tuple[str, ...]
    shares: dict[str, Floats]


def figures(book: Book, settings: Settings, out: StockoutFigures | None = None) -> Figures:
    """Work out the figures of every item.

    Demand a day counts only days on which it could be seen: a day at zero without a sale says nothing.
    """
    import numpy as np

    count = len(book.items)
    nothing = np.full(count, np.nan)
    leads = item_leads(book, settings)
    pattern, seen, mean, deviation, window, use, idle, pack = _demand(book, leads, settings, out)
    strong = strong_days(book.demand) if book.demand else nothing
    worth, price = book.masters.value, book.masters.numbers["price"]
    on_hand = book.stock.on_hand if book.stock else nothing
    average = book.stock.average if book.stock else nothing
    stock_value, average_value = on_hand * worth, average * worth
    yearly = use * _years(book)
    safety, reorder, lot = _needed(mean, deviation, leads, worth, book, settings)
    target = reorder + np.where(np.isnan(lot), mean * settings.usual_order_days, lot)
    moving = mean > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        cover = np.where(moving, on_hand / mean, np.where(on_hand > 0, np.inf, np.nan))
    there = np.nan_to_num(on_hand) > 0
    dead = there & (~moving | (np.nan_to_num(idle) >= DEAD_DAYS)) & (book.demand is not None)
    slow = there & ~dead & (cover > SLOW_COVER_DAYS)
    excess = np.where(there, np.maximum(on_hand - np.where(dead, 0.0, target), 0.0), np.nan)
    shares: dict[str, Floats] = {}
    classes = {
        name: _classes(name, values, shares, settings)
        for name, values in (
            ("use", yearly * worth if book.masters.basis else yearly),
            ("revenue", yearly * price),
            ("stock", stock_value),
        )
    }  # fmt: skip
    return Figures(
        pattern, seen, mean, deviation, strong, window, use, yearly * worth, yearly * price, leads, pack, on_hand,
        average, stock_value, average_value, cover, idle, _layers(book, on_hand, idle),
        safety, reorder, lot, target, excess, excess * worth, dead, slow,
        classes["use"], classes["revenue"], classes["stock"], shares,
    )  # fmt: skip


def _years(book: Book) -> Floats:
    """By how much the use of the last 365 days is stretched to a year: by the days since an item's first row.

    What has ended is used no more, so it is not stretched. A month counts whole, and nothing for less than a period.
    """
    import numpy as np

    if book.demand is None:
        return np.full(len(book.items), np.nan)
    periods, some = book.demand.periods, book.demand.counts.any(axis=1)
    edges = np.array([(start - EPOCH).days for start in periods.starts])
    first = np.where(some, book.demand.first, edges[0])
    if periods.bucket == "month":
        first = edges[np.clip(periods.of(first), 0, periods.count - 1)]
    end = max(int(edges[-1]), (book.as_of - EPOCH).days + 1)
    days = np.clip(end - first, min(periods.mean_days, YEAR), YEAR)
    return np.where(some, np.where(book.demand.ended, 1.0, YEAR / days), np.nan)


def _layers(book: Book, on_hand: Floats, idle: Floats) -> Layers | None:
    """Find the age of stock: by receipts, else by the day of the last receipt, else at least since the last issue."""
    import numpy as np

    lots, stock = book.receipts, book.stock
    if stock is None:
        return None
    if not np.isnan(stock.age_days).all():
        return by_age(on_hand, stock.age_days, "day of the last receipt")
    if lots is not None and {"item", "received_at"} <= set(lots.columns) and lots["received_at"].drop_nulls().len():
        first = lots["received_at"].min()
        known = (book.as_of - first).days if isinstance(first, date) else 0
        return by_receipts(lots, book.items, on_hand, book.as_of, known)
    return by_age(on_hand, idle, "day of the last issue: stock may be younger")


def _classes(name: str, values: Floats, shares: dict[str, Floats], settings: Settings) -> tuple[str, ...]:
    import numpy as np

    if np.isnan(values).all() or not (np.nan_to_num(values) > 0).any():
        return ("",) * len(values)
    found, shares[name] = abc_classes(np.nan_to_num(values), settings.abc_a, settings.abc_b)
    return found


_Demand: TypeAlias = "tuple[Patterns, Foreseen | None, Floats, Floats, Floats, Floats, Floats, NDArray[np.int64]]"


def _demand(book: Book, leads: ItemLeads, settings: Settings, out: StockoutFigures | None) -> _Demand:
    import numpy as np

    count = len(book.items)
    if book.demand is None:
        nothing = np.full(count, np.nan)
        none = patterns(np.zeros((count, 1)), np.zeros((count, 1), dtype=bool))
        return none, None, nothing, nothing, nothing, nothing, nothing, np.ones(count, dtype=np.int64)
    demand = book.demand
    pattern = patterns(demand.demand, demand.counts)
    bucket = demand.periods.mean_days
    horizon = np.ceil((leads.mean + settings.review_days) / bucket - 1e-9)
    seen = foreseen(demand.demand, demand.counts, horizon, pattern.kind, demand.periods.bucket)
    window = demand.observed_days
    if out is not None:
        window = np.maximum(window - out.silent_days, np.minimum(window, 1.0))
    mean = np.where(window > 0, pattern.total / np.maximum(window, 1.0), 0.0)
    deviation: Floats = pattern.deviation / np.sqrt(bucket)
    today = book.as_of.toordinal() - EPOCH.toordinal()
    # What never moved has been idle for as long as the file goes back, at least.
    begun = int(demand.frame["day"].min())  # type: ignore[arg-type]
    idle = (today - np.where(demand.last >= 0, demand.last, begun)).astype(np.float64)
    code, day, quantity = (demand.frame[name].to_numpy() for name in ("code", "day", "quantity"))
    recent = day > today - YEAR
    use = np.bincount(code[recent], weights=quantity[recent], minlength=count).astype(np.float64)
    pack = packs(code, quantity, count)
    return pattern, seen, mean, deviation, window, use, idle, pack


def _needed(
    mean: Floats, deviation: Floats, leads: ItemLeads, worth: Floats, book: Book, settings: Settings
) -> tuple[Floats, Floats, Floats]:
    """Safety stock, reorder point and order quantity of every item, as `engine.policies` has them for one."""
    import numpy as np

    span = leads.mean + settings.review_days
    sigma = np.sqrt(span * deviation**2 + mean**2 * leads.deviation**2)
    safety = z_of(settings.service_level) * sigma
    reorder = mean * span + safety
    holding = worth * settings.carrying_rate
    with np.errstate(divide="ignore", invalid="ignore"):
        lot = np.sqrt(2 * mean * YEAR * settings.order_cost / holding)
    least, multiple = book.masters.numbers["min_order"], book.masters.numbers["multiple"]
    lot = np.maximum(lot, np.where(np.isnan(least), 0.0, least))
    step = np.where(np.isnan(multiple) | (multiple <= 0), 1.0, multiple)
    return safety, reorder, np.ceil(lot / step - 1e-9) * step
