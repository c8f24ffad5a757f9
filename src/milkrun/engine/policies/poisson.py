"""Demand of single pieces that come by chance: its probabilities, and what a stock costs against it."""

from dataclasses import dataclass, field
from math import exp, lgamma, log


@dataclass
class Poisson:
    """Demand over a time, Poisson with a mean; probabilities are kept once worked out.

    Args:
        mean: expected demand, above 0.
        holding: cost of a piece left over.
        late: cost of a piece short.
    """

    mean: float
    holding: float
    late: float
    _below: list[float] = field(default_factory=list)
    _costs: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if min(self.mean, self.holding, self.late) <= 0:
            raise ValueError("Mean demand and both costs are above 0.")

    def chance(self, count: int) -> float:
        """Return the probability of exactly this demand."""
        return exp(count * log(self.mean) - self.mean - lgamma(count + 1)) if count >= 0 else 0.0

    def at_most(self, count: int) -> float:
        """Return the probability of at most this demand."""
        while len(self._below) <= count:
            before = self._below[-1] if self._below else 0.0
            self._below.append(before + self.chance(len(self._below)))
        return self._below[count] if count >= 0 else 0.0

    def cost(self, stock: int) -> float:
        """Return the expected cost of what is left over and short: h E[(y - D)+] + p E[(D - y)+].

        Example:
            >>> round(Poisson(18, 200, 270).cost(19), 5)
            786.08844
        """
        if stock not in self._costs:
            left = sum(self.at_most(count) for count in range(max(stock, 0)))
            self._costs[stock] = (self.holding + self.late) * left + self.late * (self.mean - stock)
        return self._costs[stock]

    @property
    def best(self) -> int:
        """The stock with the least cost: the smallest with P(D <= y) at least p / (p + h).

        Source: Snyder and Shen, 2nd ed., 4.3.2.

        Example:
            >>> Poisson(18, 200, 270).best
            19
        """
        stock, wanted = 0, self.late / (self.late + self.holding)
        while self.at_most(stock) < wanted:
            stock += 1
        return stock
