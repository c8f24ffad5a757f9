"""What an analysis has to be told or assumes: every number that is not in the files, with the reason for its value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date


class NotASetting(ValueError):
    """An assumption was named that does not exist, or its value cannot be."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number that the files do not say: its name, value and unit, why it is so, and whether a person gave it."""

    name: str
    value: float
    unit: str
    why: str
    assumed: bool


# name -> unit, why, least, most
MEANING: Mapping[str, tuple[str, str, float, float]] = {
    "lead_time_days": ("days", "no lead time is known for an item", 0.5, 720),
    "lead_time_variation": ("share of the lead time", "no receipts show how lead times spread", 0, 3),
    "review_days": ("days", "how often somebody looks at the stock", 0, 365),
    "service_level": ("share of cycles", "the usual target for stocked items", 0.5, 0.9999),
    "carrying_rate": ("share of stock value a year", "20 to 30 % is usual; yours is not in the files", 0, 1),
    "carrying_fixed_share": (
        "share of the carrying cost", "building, people and systems do not shrink with the stock", 0, 1),
    "carrying_capital": ("share of the carrying cost", "capital; the rest is storage, insurance, obsolescence", 0, 1),
    "carrying_storage": ("share of the carrying cost", "storage: space, people, systems", 0, 1),
    "carrying_insurance": ("share of the carrying cost", "insurance and tax", 0, 1),
    "carrying_obsolescence": ("share of the carrying cost", "what goes stale, breaks or is lost", 0, 1),
    "order_cost": ("money an order", "what an order costs beside the goods is in no file", 0, 1e6),
    "usual_order_days": ("days of demand an order", "how much is ordered at once is in no file", 1, 365),
    "late_tolerance_days": ("days", "a delivery is late from the first day on", 0, 60),
    "turns_target": ("turns a year", "12 to 24 is the band of manufacturing", 0.1, 1000),
    "fulfilment_target": ("share of orders", "95 to 99 % is the usual band", 0.5, 1),
    "on_time_target": ("share of deliveries", "just-in-time needs 95 %", 0.5, 1),
    "abc_a": ("share of value", "A items are the first 80 % of the value", 0.1, 0.99),
    "abc_b": ("share of value", "B items are the next, up to 95 %", 0.2, 0.999),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """The assumptions, and the day from which is looked back.

    Args:
        as_of: the day; None for the last day in the files.
        said: names of the numbers that a person gave.
    """

    as_of: date | None = None
    lead_time_days: float = 14.0
    lead_time_variation: float = 0.3
    review_days: float = 7.0
    service_level: float = 0.95
    carrying_rate: float = 0.25
    carrying_fixed_share: float = 0.24
    carrying_capital: float = 0.40
    carrying_storage: float = 0.24
    carrying_insurance: float = 0.08
    carrying_obsolescence: float = 0.28
    order_cost: float = 50.0
    usual_order_days: float = 30.0
    late_tolerance_days: float = 0.0
    turns_target: float = 12.0
    fulfilment_target: float = 0.95
    on_time_target: float = 0.95
    abc_a: float = 0.80
    abc_b: float = 0.95
    said: frozenset[str] = field(default_factory=frozenset)

    def with_answers(self, answers: Mapping[str, str]) -> Settings:
        """Return the settings with numbers that a person gave.

        Raises:
            NotASetting: there is no such number, or it is out of its range.

        Example:
            >>> Settings().with_answers({"carrying_rate": "0.28"}).carrying_rate
            0.28
        """
        given = {name: _number(name, text) for name, text in answers.items()}
        return replace(self, **given, said=self.said | set(given))  # type: ignore[arg-type]

    def listed(self) -> tuple[Assumption, ...]:
        """Return every number with its meaning."""
        return tuple(
            Assumption(each.name, getattr(self, each.name), unit, why, each.name not in self.said)
            for each in fields(self)
            if each.name in MEANING
            for unit, why, _, _ in [MEANING[each.name]]
        )


def _number(name: str, text: str) -> float:
    if name not in MEANING:
        raise NotASetting(f"There is no assumption {name!r}; there are {', '.join(MEANING)}.")
    _, _, least, most = MEANING[name]
    try:
        value = float(text)
    except ValueError:
        raise NotASetting(f"{name} is a number, not {text!r}.") from None
    if not least <= value <= most:
        raise NotASetting(f"{name} lies between {least:g} and {most:g}, not at {text}.")
    return value
