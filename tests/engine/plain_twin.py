"""The twin once more, for one item and one policy, in plain Python: slow, and easy to check by reading."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil


@dataclass
class Counted:
    """Sums of one window."""

    demand: float = 0.0
    served: float = 0.0
    short: float = 0.0
    periods: float = 0.0
    stock: float = 0.0
    orders: float = 0.0
    ordered: float = 0.0
    squared: float = 0.0

    def values(self) -> list[float]:
        return [self.demand, self.served, self.short, self.periods, self.stock, self.orders, self.ordered, self.squared]


@dataclass
class Plain:
    """One item under one policy."""

    cover: float
    factor: float
    gap: float
    cycle: int
    least: float = 0.0
    multiple: float = 0.0
    lost: bool = False
    arrivals: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    windows: dict[int, Counted] = field(default_factory=lambda: defaultdict(Counted))

    def play(
        self, demand: Sequence[float], mean: Sequence[float], spread: Sequence[float], arrival: Sequence[int],
        is_open: Sequence[bool], window: Sequence[int], begin: int, opening: float,
    ) -> dict[int, Counted]:  # fmt: skip
        net, outstanding, wait = opening, 0.0, 0
        for period in range(begin, len(demand)):
            came = self.arrivals.pop(period, 0.0)
            outstanding -= came
            before = net + came
            served = min(max(before, 0.0), demand[period])
            net = before - demand[period]
            if self.lost and net < 0:
                net = 0.0
            ordered = 0.0
            if is_open[period] and wait <= 0:
                ordered = self.order(mean[period], spread[period], net + outstanding)
                wait = self.cycle
            wait -= 1
            if ordered:
                self.arrivals[arrival[period]] += ordered
                outstanding += ordered
            if window[period] >= 0:
                seen = self.windows[window[period]]
                seen.demand += demand[period]
                seen.served += served
                seen.short += served < demand[period]
                seen.periods += 1
                seen.stock += max(net, 0.0)
                seen.orders += ordered > 0
                seen.ordered += ordered
                seen.squared += ordered * ordered
        return self.windows

    def order(self, mean: float, spread: float, position: float) -> float:
        level = mean * self.cover + spread * self.factor
        need = level + self.gap - position
        if position > level or need <= 0:
            return 0.0
        lot = max(need, self.least)
        return ceil(lot * (1.0 / self.multiple) - 1e-9) * self.multiple if self.multiple else lot
