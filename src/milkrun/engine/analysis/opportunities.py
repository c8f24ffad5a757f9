"""Where the money is: what each change would set free or save, the largest first, with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from milkrun.engine.analysis import receipts as buying
from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.figures import YEAR, Figures
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.policies.lots import LotCosts, best_lot, economic_lot
from milkrun.engine.readiness.verdict import Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 10
WEEK = 7
LEAST = 0.005


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One change.

    Args:
        kind: key of the playbook.
        subject: the item or the supplier.
        description: the item's text.
        money: what it sets free once, or saves in a year.
        a_year: whether it comes back every year.
        sentence: what, how much, and from which numbers.
        assumed: names of the assumptions in it.
    """

    kind: str
    subject: str
    description: str
    money: float
    a_year: bool
    sentence: str
    assumed: tuple[str, ...] = ()


def opportunities(
    book: Book, found: Figures, settings: Settings, verdicts: Sequence[Verdict]
) -> tuple[Opportunity, ...]:
    """Return the changes that bring most, the largest first."""
    every = [*_from_items(book, found, settings, verdicts), *_from_suppliers(book)]
    some = [one for one in every if one.money > LEAST]
    return tuple(sorted(some, key=lambda one: (-one.money, one.kind, one.subject))[:MOST])


def _from_items(book: Book, found: Figures, settings: Settings, verdicts: Sequence[Verdict]) -> Iterator[Opportunity]:
    if not book.masters.basis:
        return
    at = "" if book.masters.basis == "cost" else " (at sales price)"
    if book.stock is not None:
        yield from _dead(book, found, at)
        yield from _overstock(book, found, settings, at)
    elif book.demand is not None:
        yield from _lots(book, found, settings, verdicts, at)
    if book.demand is not None:
        yield from _minimums(book, found, settings)


def _top(values: NDArray[np.float64]) -> list[int]:
    import numpy as np

    return [int(at) for at in np.argsort(-np.nan_to_num(values), kind="stable")[:MOST]]


def _dead(book: Book, found: Figures, at: str) -> Iterator[Opportunity]:
    import numpy as np

    for place in _top(np.where(found.dead, found.stock_value, 0.0)):
        idle = found.idle_days[place]
        since = "without any issue in the file" if np.isnan(idle) else f"without an issue for {idle:.0f} days"
        sentence = f"{found.on_hand[place]:,.0f} pieces{at} lie {since}."
        yield _one("dead", book, place, float(found.stock_value[place]) if found.dead[place] else 0.0, sentence)


def _overstock(book: Book, found: Figures, settings: Settings, at: str) -> Iterator[Opportunity]:
    import numpy as np

    for place in _top(np.where(found.dead, 0.0, found.excess_value)):
        sentence = (
            f"{found.on_hand[place]:,.0f} pieces last {found.cover_days[place]:,.0f} days; {found.target[place]:,.0f} "
            f"are needed (reorder point {found.reorder[place]:,.0f} and one order), so {found.excess[place]:,.0f}{at} "
            "are too many."
        )
        money = 0.0 if found.dead[place] else float(np.nan_to_num(found.excess_value[place]))
        assumed = ["service_level", "review_days", "order_cost", "carrying_rate"]
        if found.leads.source[place] == "assumed":
            assumed.append("lead_time_days")
        yield _one("overstock", book, place, money, sentence, tuple(assumed))


def _lots(
    book: Book, found: Figures, settings: Settings, verdicts: Sequence[Verdict], at: str
) -> Iterator[Opportunity]:
    """Without stock: what weekly deliveries would set free against the usual order, for items that can take them."""
    import numpy as np

    able = np.array([verdict.code in ("jit", "kanban", "ddmrp", "hybrid") for verdict in verdicts])
    less = found.mean_day * max(0.0, settings.usual_order_days - WEEK) / 2
    for place in _top(np.where(able, less * book.masters.value, 0.0)):
        sentence = (
            f"Verdict {verdicts[place].code}. Deliveries each week instead of orders for "
            f"{settings.usual_order_days:.0f} days (assumed) lower the average stock by {less[place]:,.0f} pieces{at}."
        )
        money = float(np.nan_to_num(less[place] * book.masters.value[place])) if able[place] else 0.0
        yield _one("lots", book, place, money, sentence, ("usual_order_days",))


def _minimums(book: Book, found: Figures, settings: Settings) -> Iterator[Opportunity]:
    """What a minimum order costs a year beyond the best order quantity."""
    import numpy as np

    least, worth = book.masters.numbers["min_order"], book.masters.value
    for place in np.flatnonzero(~np.isnan(least) & (found.mean_day > 0) & (worth > 0)):
        yearly, holding = float(found.mean_day[place] * YEAR), float(worth[place] * settings.carrying_rate)
        costs = LotCosts(yearly, settings.order_cost, holding)
        best, quantity = economic_lot(costs), float(least[place])
        if quantity > best:
            dearer = best_lot(costs, least=quantity).cost - costs.a_year(best)
            sentence = f"The minimum of {quantity:,.0f} pieces is more than the best order of {best:,.0f}."
            yield _one("minimum", book, int(place), dearer, sentence, ("order_cost", "carrying_rate"), True)


def _one(
    kind: str, book: Book, place: int, money: float, sentence: str, assumed: tuple[str, ...] = (), a_year: bool = False
) -> Opportunity:
    return Opportunity(
        kind, book.items[place], book.masters.texts["description"][place], money, a_year, sentence, assumed
    )


def _from_suppliers(book: Book) -> Iterator[Opportunity]:
    lots = book.receipts
    if lots is None or "supplier" not in lots.columns:
        return
    for one in buying.by(lots, "supplier"):
        if one.reject_rate and one.lost:
            sentence = (
                f"{one.rejected:,.0f} of {one.received:,.0f} pieces looked at were rejected ({one.reject_rate:.1%})."
            )
            yield Opportunity("quality", one.name, "", one.lost, False, f"{sentence} At the price of each order.")
