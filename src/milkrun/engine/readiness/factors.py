"""The factors of the score: each between 0 and 1, linear between two thresholds, with its weight.

A factor whose facts are missing counts as the middle of what is possible and is marked assumed. All numbers come from
the rulebook.
"""

from dataclasses import dataclass

from milkrun.engine.readiness.book import Rulebook
from milkrun.engine.readiness.facts import ItemFacts

WEEK = 7


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of an item: its share of the score, the raw value, and whether it had to be assumed."""

    name: str
    value: float
    weight: float
    raw: float | None
    assumed: bool

    @property
    def points(self) -> float:
        """What it brings to the score of 100."""
        return 100 * self.weight * self.value

    @property
    def lost(self) -> float:
        """What it takes from the score of 100."""
        return 100 * self.weight * (1 - self.value)


def factors(item: ItemFacts, book: Rulebook) -> tuple[Factor, ...]:
    """Judge each factor of an item."""
    unknown = book.limits["unknown"]
    return tuple(
        Factor(name, unknown if value is None else value, book.weights[name], raw, value is None)
        for name, value, raw in (
            ("demand", _demand(item, book), item.error),
            ("supplier", *_supplier(item, book)),
            ("lead_time", _lead_time(item, book), item.lead_time),
            ("order", *_order(item, book)),
            ("consequence", _consequence(item, book), None),
            ("value", *_value(item, book)),
        )
    )


def score(found: tuple[Factor, ...]) -> float:
    """Add the factors up: 100 x sum of weight x factor."""
    return round(100 * sum(factor.weight * factor.value for factor in found), 9)


def _demand(item: ItemFacts, book: Rulebook) -> float | None:
    if item.error is None:
        return None
    return min(book.scales["demand"].of(item.error), book.caps.get(item.kind, 1.0))


def _supplier(item: ItemFacts, book: Rulebook) -> tuple[float | None, float | None]:
    """Take the proven share; with few receipts the point value counts in proportion to them."""
    enough = book.limits["enough_receipts"]
    if item.receipts >= enough and item.on_time_proven is not None:
        return book.scales["supplier"].of(item.on_time_proven), item.on_time_proven
    if item.on_time is None:
        return None, None
    return book.scales["supplier"].of(item.on_time) * min(1.0, item.receipts / enough), item.on_time


def _lead_time(item: ItemFacts, book: Rulebook) -> float | None:
    if item.lead_time is None:
        return None
    length = book.scales["lead_time"].of(item.lead_time)
    spread = item.lead_time_variation
    even = book.limits["unknown"] if spread is None else book.scales["lead_time_variation"].of(spread)
    return (length + even) / 2


def _order(item: ItemFacts, book: Rulebook) -> tuple[float | None, float | None]:
    if item.least is None or not item.mean_demand:
        return None, None
    weeks = item.least / (item.mean_demand * WEEK)
    return book.scales["order"].of(weeks), weeks


def _consequence(item: ItemFacts, book: Rulebook) -> float:
    costs = book.limits["single_source_costs"] if item.single_source else 0.0
    return max(0.0, book.consequence[item.critical] - costs)


def _value(item: ItemFacts, book: Rulebook) -> tuple[float | None, float | None]:
    if item.holding_saved is None or not item.ordering_added:
        return None, None
    ratio = item.holding_saved / item.ordering_added
    return book.scales["value"].of(ratio), ratio
