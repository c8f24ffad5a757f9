"""What customers got: order fulfilment and fill rates, never mixed.

Order fulfilment counts orders that left complete and on time. Unit and line fill count what left at once, late or not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of an order: ordered, brought by the first delivery, and how many days after the promise."""

    order: str
    ordered: float
    shipped: float
    days_late: float = 0.0


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """Orders complete and on time over all orders, and beside it what other definitions give."""

    orders: int
    fulfilled: int
    complete: int
    lines: int
    lines_filled: int
    ordered: float
    shipped: float

    @property
    def rate(self) -> float | None:
        """Order fulfilment rate: complete and on time."""
        return self.fulfilled / self.orders if self.orders else None

    @property
    def unit_fill(self) -> float | None:
        """Pieces delivered at once over pieces ordered (fill rate, beta)."""
        return self.shipped / self.ordered if self.ordered else None

    @property
    def line_fill(self) -> float | None:
        """Lines delivered complete at once over lines."""
        return self.lines_filled / self.lines if self.lines else None


def fulfilment(lines: Iterable[OrderLine]) -> Fulfilment:
    """Count orders by whether every line came complete and on time; more than ordered counts as ordered.

    Example:
        >>> seen = fulfilment([
        ...     OrderLine("O1", 10, 10), OrderLine("O1", 5, 5), OrderLine("O2", 8, 6), OrderLine("O2", 4, 4),
        ...     OrderLine("O3", 20, 20, 2), OrderLine("O4", 3, 3), OrderLine("O4", 7, 7), OrderLine("O4", 2, 0),
        ...     OrderLine("O5", 6, 6, -1),
        ... ])
        >>> seen.rate, round(seen.unit_fill, 5), (seen.lines_filled, seen.lines), (seen.complete, seen.orders)
        (0.4, 0.93846, (7, 9), (3, 5))
    """
    orders: dict[str, tuple[bool, bool]] = {}
    count = filled = 0
    ordered = shipped = 0.0
    for line in lines:
        whole, in_time = line.shipped >= line.ordered, line.days_late <= 0
        before = orders.get(line.order, (True, True))
        orders[line.order] = (before[0] and whole, before[1] and in_time)
        count, filled = count + 1, filled + whole
        ordered, shipped = ordered + line.ordered, shipped + min(line.shipped, line.ordered)
    return Fulfilment(
        len(orders), sum(whole and timely for whole, timely in orders.values()), sum(w for w, _ in orders.values()),
        count, filled, ordered, shipped,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stockouts:
    """Runs of days on which demand was due and nothing was there."""

    days: int
    runs: tuple[int, ...]

    @property
    def per_30_days(self) -> float | None:
        """Events a month of 30 days."""
        return len(self.runs) * 30 / self.days if self.days else None

    @property
    def mean_days(self) -> float | None:
        """Mean length of an event in days."""
        return sum(self.runs) / len(self.runs) if self.runs else None

    @property
    def day_rate(self) -> float | None:
        """Share of days that were out of stock."""
        return sum(self.runs) / self.days if self.days else None


def days_at_zero(on_hand: Sequence[float]) -> Stockouts:
    """Find the runs of days that ended with nothing on hand: days at zero, not yet unmet demand.

    Args:
        on_hand: stock at the end of each day, without gaps.

    Example:
        >>> seen = days_at_zero([12, 5, 0, 0, 0, 9, 7, 2, 0, 15, 11, 6, 1, 0, 0, 8])
        >>> seen.runs, seen.per_30_days, seen.mean_days, seen.day_rate
        ((3, 1, 2), 5.625, 2.0, 0.375)
    """
    runs: list[int] = []
    length = 0
    for left in on_hand:
        if left <= 0:
            length += 1
        elif length:
            runs.append(length)
            length = 0
    return Stockouts(len(on_hand), tuple([*runs, length] if length else runs))
