"""The factors of the score: each between 0 and 1, linear between two thresholds, with its weight.

A factor whose facts are missing counts as the middle of what is possible and is marked assumed. All numbers are data:
a company may change them in one table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from milkrun.engine.readiness.facts import ItemFacts

ENOUGH_RECEIPTS = 20
UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a raw value counts fully and where not at all, linear between."""

    full: float
    none: float

    def of(self, value: float) -> float:
        """Place a value on the scale.

        Example:
            >>> Scale(0.20, 0.60).of(0.40)
            0.5
        """
        share = (value - self.none) / (self.full - self.none)
        return round(min(1.0, max(0.0, share)), 12)


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of an item: its share of the score, the raw value, and whether it had to be assumed."""

    name: str
    value: float
    weight: float
    raw: float | None
    assumed: bool


WEIGHTS: Mapping[str, float] = {
    "demand": 0.25, "supplier": 0.25, "lead_time": 0.20, "order": 0.10, "consequence": 0.10, "value": 0.10,
}  # fmt: skip
SCALES: Mapping[str, Scale] = {
    "demand": Scale(0.20, 0.60),
    "supplier": Scale(0.95, 0.80),
    "lead_time": Scale(5, 45),
    "lead_time_variation": Scale(0.15, 0.60),
    "order": Scale(1, 8),
    "value": Scale(3, 0.5),
}
CONSEQUENCE: Mapping[str, float] = {"none": 1.0, "medium": 0.5, "critical": 0.0}
SINGLE_SOURCE_COSTS = 0.3
CAPS: Mapping[str, float] = {"intermittent": 0.5, "lumpy": 0.2}
WEEK = 7


def factors(item: ItemFacts) -> tuple[Factor, ...]:
    """Judge each factor of an item."""
    return tuple(
        Factor(name, UNKNOWN if value is None else value, WEIGHTS[name], raw, value is None)
        for name, value, raw in (
            ("demand", _demand(item), item.error),
            ("supplier", _supplier(item), item.on_time_proven if item.on_time_proven is not None else item.on_time),
            ("lead_time", _lead_time(item), item.lead_time),
            ("order", *_order(item)),
            ("consequence", _consequence(item), None),
            ("value", *_value(item)),
        )
    )


def score(found: tuple[Factor, ...]) -> float:
    """Add the factors up: 100 x sum of weight x factor."""
    return round(100 * sum(factor.weight * factor.value for factor in found), 9)


def _demand(item: ItemFacts) -> float | None:
    if item.error is None:
        return None
    return min(SCALES["demand"].of(item.error), CAPS.get(item.kind, 1.0))


def _supplier(item: ItemFacts) -> float | None:
    """Take the proven share; with few receipts the point value counts in proportion to them."""
    if item.receipts >= ENOUGH_RECEIPTS and item.on_time_proven is not None:
        return SCALES["supplier"].of(item.on_time_proven)
    if item.on_time is None:
        return None
    return SCALES["supplier"].of(item.on_time) * item.receipts / ENOUGH_RECEIPTS


def _lead_time(item: ItemFacts) -> float | None:
    if item.lead_time is None:
        return None
    length = SCALES["lead_time"].of(item.lead_time)
    spread = item.lead_time_variation
    return (length + (UNKNOWN if spread is None else SCALES["lead_time_variation"].of(spread))) / 2


def _order(item: ItemFacts) -> tuple[float | None, float | None]:
    if item.least is None or not item.mean_demand:
        return None, None
    weeks = item.least / (item.mean_demand * WEEK)
    return SCALES["order"].of(weeks), weeks


def _consequence(item: ItemFacts) -> float:
    return max(0.0, CONSEQUENCE[item.critical] - (SINGLE_SOURCE_COSTS if item.single_source else 0.0))


def _value(item: ItemFacts) -> tuple[float | None, float | None]:
    if item.holding_saved is None or not item.ordering_added:
        return None, None
    ratio = item.holding_saved / item.ordering_added
    return SCALES["value"].of(ratio), ratio
