"""Which way of supply fits each item: the facts of the files handed to the rules of readiness."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.figures import YEAR, Figures
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.metrics.supply import quantile
from milkrun.engine.policies.safety_stock import DemandOverTime
from milkrun.engine.readiness.book import Rulebook
from milkrun.engine.readiness.facts import ItemFacts
from milkrun.engine.readiness.money import Sizing, Start, released, start
from milkrun.engine.readiness.verdict import Verdict, judge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEEK = 7
# One of ten items costs more: those are dear.
DEAR_SHARE = 0.9
# Words of a column "must never run out"; what is none of them counts as medium, the middle of what is possible.
YES = (
    "critical",
    "yes",
    "y",
    "true",
    "1",
    "a",
    "high",
    "h",
    "ja",
    "oui",
    "sí",
    "si",
    "hoch",
    "kritisch",
    "vital",
    "v",
    "x",
)
NO = ("", "none", "no", "n", "false", "0", "c", "low", "l", "nein", "non", "niedrig", "gering", "desirable", "d")


def facts(book: Book, found: Figures, settings: Settings) -> tuple[ItemFacts, ...]:
    """Gather what is known of each item; what is not known is None, never zero."""
    import numpy as np

    worth = book.masters.value
    known = worth[~np.isnan(worth)]
    dear = float(np.quantile(known, DEAR_SHARE)) if len(known) else math.inf
    return tuple(_facts(book, found, settings, place, dear) for place in range(len(book.items)))


def _facts(book: Book, found: Figures, settings: Settings, place: int, dear: float) -> ItemFacts:
    numbers, leads, pattern = book.masters.numbers, found.leads, found.pattern
    on_time = leads.on_time[place]
    wait = _known(numbers["tolerated_wait_days"], place)
    worth, mean = _known(book.masters.value, place), _known(found.mean_day, place)
    saved, added = _small_orders(mean, worth, settings)
    idle = _known(found.idle_days, place)
    mean_lead = float(leads.mean[place])
    return ItemFacts(
        int(pattern.history[place]), int(pattern.nonzero[place]), None if idle is None else int(idle),
        _known(found.on_hand, place) or 0.0, pattern.kind[place], pattern.xyz[place], _known(pattern.interval, place),
        _known(found.foreseen.wape, place) if found.foreseen else None,
        on_time.due if on_time else 0, on_time.rate if on_time else None, on_time.proven if on_time else None,
        mean_lead, float(leads.deviation[place]) / mean_lead if leads.spread_known[place] and mean_lead > 0 else None,
        mean, _known(numbers["min_order"], place), critical(book.masters.texts["critical"][place]),
        leads.suppliers[place] == 1 and book.receipts is not None, wait, wait is not None, saved, added,
        _known(numbers["container"], place),
        book.demand is not None and book.demand.periods.bucket != "month" and not book.demand.listed,
        0, worth is not None and worth > dear,
        bool(found.foreseen.persistently_wrong[place]) if found.foreseen else False,
    )  # fmt: skip


def _known(values: NDArray[np.float64], place: int) -> float | None:
    value = float(values[place])
    return value if math.isfinite(value) else None


def _small_orders(mean: float | None, worth: float | None, settings: Settings) -> tuple[float | None, float | None]:
    """Carrying cost saved, and ordering cost added, by a delivery each week instead of the usual order."""
    if not mean or not worth or settings.usual_order_days <= WEEK:
        return None, None
    less = mean * (settings.usual_order_days - WEEK) / 2 * worth
    saved = less * settings.carrying_rate * (1 - settings.carrying_fixed_share)
    return saved, settings.order_cost * (YEAR / WEEK - YEAR / settings.usual_order_days)


def critical(text: str) -> str:
    """Return what a stockout does, by the word that a file has for it: none, medium or critical."""
    low = text.casefold().strip()
    return "critical" if low in YES else "none" if low in NO else "medium"


def judged(facts_of: tuple[ItemFacts, ...], rules: Rulebook | None) -> tuple[Verdict, ...]:
    """Give the verdict on every item."""
    return tuple(judge(one, rules) for one in facts_of)


def sizing(book: Book, found: Figures, settings: Settings, place: int) -> Sizing:
    """Return what sizes the stock of an item."""
    numbers, leads = book.masters.numbers, found.leads
    mean, deviation = _known(found.mean_day, place) or 0.0, _known(found.deviation_day, place) or 0.0
    spread = DemandOverTime(
        mean, deviation, float(leads.mean[place]), float(leads.deviation[place]), settings.review_days
    )
    average = _known(found.average, place)
    return Sizing(
        spread, average if average is not None else 0.0, _known(book.masters.value, place) or 0.0,
        _known(found.lot, place) or mean * settings.usual_order_days, _known(numbers["min_order"], place) or 0.0,
        _known(numbers["container"], place) or 0.0, _long_wait(found, place),
        None if book.demand is None else max(mean, _known(found.strong_day, place) or 0.0),
    )  # fmt: skip


def _long_wait(found: Figures, place: int) -> float | None:
    """Days that nine of ten lead times stay within, those seen stretched to the mean that counts; None without any."""
    samples, mean = sorted(found.leads.samples[place]), float(found.leads.mean[place])
    seen = sum(samples) / len(samples) if samples else 0.0
    return quantile(samples, 0.9) * mean / seen if seen > 0 else None


def starting(book: Book, found: Figures, settings: Settings, verdicts: Sequence[Verdict]) -> Start | None:
    """Rank where to start by money set free times readiness; None without stock or without its worth.

    Popular are the items of class A by use: whether to start with them or with the rare ones is decided by the sum.
    """
    if book.stock is None or not book.masters.basis:
        return None
    ranked = []
    for place, (item, verdict) in enumerate(zip(book.items, verdicts, strict=True)):
        freed = released(verdict.code, sizing(book, found, settings, place))
        if freed is not None:
            ranked.append((item, verdict, freed.value, found.abc_use[place] == "A"))
    return start(ranked)
