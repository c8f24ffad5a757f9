"""The days over which the measures look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from milkrun.engine.analysis.demand import EPOCH
from milkrun.engine.metrics.money import YEAR

if TYPE_CHECKING:
    from milkrun.engine.analysis.demand import DemandBook


@dataclass(frozen=True, slots=True)
class Window:
    """The last 365 days, or all there are."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Days in it."""
        return (self.last - self.first).days + 1

    @property
    def ends(self) -> tuple[str, str]:
        """First and last day as texts."""
        return self.first.isoformat(), self.last.isoformat()


def window_of(demand: DemandBook | None, as_of: date) -> Window:
    """Return the days over which the measures look."""
    first = as_of - timedelta(days=YEAR - 1)
    if demand is not None and demand.frame.height:
        first = max(first, EPOCH + timedelta(days=int(demand.frame["day"].min())))  # type: ignore[arg-type]
    return Window(first, as_of)
