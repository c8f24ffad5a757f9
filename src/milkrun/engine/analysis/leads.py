"""The lead time of every item: its own, that of its receipts, that of its supplier, or an assumption that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from milkrun.engine.analysis import receipts as buying
from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.metrics.supply import OnTime

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# So many receipts of an item say more than those of its supplier.
OWN_FROM = 5


@dataclass(frozen=True, slots=True)
class ItemLeads:
    """Lead times in days, one entry for each item.

    Args:
        mean: mean.
        deviation: sample deviation, or the assumed variation of the mean.
        source: item, receipts, supplier or assumed.
        spread_known: whether the deviation was seen.
        samples: the lead times behind them; empty where none were seen.
        on_time: deliveries on time; None where no promise is known.
        suppliers: different suppliers in the receipts of the item; 0 where unknown.
    """

    mean: Floats
    deviation: Floats
    source: tuple[str, ...]
    spread_known: tuple[bool, ...]
    samples: tuple[tuple[float, ...], ...]
    on_time: tuple[OnTime | None, ...]
    suppliers: tuple[int, ...]


def item_leads(book: Book, settings: Settings) -> ItemLeads:
    """Find the lead time of every item, from the most to the least specific."""
    import numpy as np

    own = _by(book, "item")
    supplied = _by(book, "supplier")
    told = book.masters.numbers["lead_time_days"]
    count = len(book.items)
    mean = np.full(count, settings.lead_time_days)
    deviation = mean * settings.lead_time_variation
    source, known = ["assumed"] * count, [False] * count
    samples: list[tuple[float, ...]] = [()] * count
    on_time: list[OnTime | None] = [None] * count
    for place, (item, supplier) in enumerate(zip(book.items, book.masters.texts["supplier"], strict=True)):
        mine, theirs = own.get(item), supplied.get(supplier)
        best = mine if mine and len(mine.days) >= OWN_FROM else theirs or mine
        if best and best.lead:
            mean[place], source[place] = best.lead.mean, "receipts" if best is mine else "supplier"
            samples[place], known[place] = best.days, best.lead.deviation is not None
            spread = best.lead.deviation
            deviation[place] = mean[place] * settings.lead_time_variation if spread is None else spread
        if best:
            on_time[place] = best.on_time
        if not np.isnan(told[place]):
            share = deviation[place] / mean[place] if mean[place] > 0 else settings.lead_time_variation
            mean[place], source[place] = told[place], "item"
            deviation[place] = told[place] * share
    return ItemLeads(
        mean, deviation, tuple(source), tuple(known), tuple(samples), tuple(on_time), _sources(book, count)
    )  # fmt: skip


def _by(book: Book, column: str) -> dict[str, buying.Delivered]:
    if book.receipts is None or column not in book.receipts.columns:
        return {}
    return {found.name: found for found in buying.by(book.receipts, column) if found.name != buying.NOT_NAMED}


def _sources(book: Book, count: int) -> tuple[int, ...]:
    """Count the different suppliers in the receipts of each item."""
    lots = book.receipts
    if lots is None or not {"item", "supplier"} <= set(lots.columns):
        return (0,) * count
    counted = dict(lots.drop_nulls(["item", "supplier"]).unique(["item", "supplier"]).group_by("item").len().rows())
    return tuple(int(counted.get(item, 0)) for item in book.items)
