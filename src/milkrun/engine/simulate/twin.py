"""The twin of an inventory: the file's own demand, replayed day by day under policies that were never tried.

Within a period: what was ordered arrives, demand is served, stock is counted, and on a review day is ordered. An order
placed at the end of period t with a lead time of L periods serves demand from period t + 1 + L on, so that a level
covers lead time and review exactly. Forecasts and spreads are those that were known then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from milkrun.engine.simulate.chance import sampled, seeds, uniform
from milkrun.engine.simulate.kernel import (
    DEMAND,
    LANES,
    ORDERED,
    ORDERS,
    PERIODS,
    SERVED,
    SHORT,
    SQUARED,
    STOCK,
    replay,
)

Array = Any

# (r, nQ) orders whole lots once the position is at or below the level: a gap this small beside a lot does that.
SLIVER = 1e-6


@dataclass(frozen=True, slots=True)
class History:
    """What happened, by item and period.

    Args:
        names: the items; chance is drawn by name, so the order of items changes nothing.
        demand: [item, period], base units.
        begin: [item], first period of the item's history.
        lead_times: for each item the lead times seen, in periods; at least one.
        least: [item], minimum order; 0 for none.
        multiple: [item], orders come in whole multiples; 0 for any.
        on_hand: [item], stock at the start of the replay; NaN where it is not known, then the policy's own level.
        is_open: [period], whether is reviewed and received; None for always.
    """

    names: tuple[str, ...]
    demand: Array
    begin: Array
    lead_times: tuple[Sequence[float], ...]
    least: Array
    multiple: Array
    on_hand: Array
    is_open: Array | None = None

    @property
    def open_periods(self) -> Array:
        """[period], open or not."""
        return np.ones(self.demand.shape[1], np.bool_) if self.is_open is None else self.is_open

    def part(self, rows: Array, until: int | None = None) -> "History":
        """Return some of the items, and only the first periods where `until` says how many."""
        return History(
            tuple(self.names[row] for row in rows), self.demand[rows, :until], self.begin[rows],
            tuple(self.lead_times[row] for row in rows), self.least[rows], self.multiple[rows], self.on_hand[rows],
            None if self.is_open is None else self.is_open[:until],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidates:
    """Policies to compare, for each item the same number of them.

    Args:
        cover: [item, candidate], periods of mean demand in the reorder level.
        factor: [item, candidate], spreads in it.
        gap: [item, candidate], order-up-to level minus reorder level; 0 for base stock.
        cycle: [item, candidate], periods between reviews.
    """

    cover: Array
    factor: Array
    gap: Array
    cycle: Array

    @property
    def count(self) -> int:
        """Candidates for each item."""
        return int(self.cover.shape[1])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What each candidate would have done: `figures` is [item, window, figure, candidate], sums over the window."""

    figures: Array

    def total(self, figure: int) -> Array:
        """[item, window, candidate] of one figure."""
        return self.figures[:, :, figure, :]

    @property
    def fill(self) -> Array:
        """Share of demand served from stock at once (beta); 1 where there was no demand."""
        asked = self.total(DEMAND)
        return np.divide(self.total(SERVED), asked, out=np.ones_like(asked), where=asked > 0)

    @property
    def periods_served(self) -> Array:
        """Share of periods in which all demand was served."""
        return 1.0 - self._per_period(SHORT)

    @property
    def stock(self) -> Array:
        """On hand at the end of a period, on average."""
        return self._per_period(STOCK)

    @property
    def orders(self) -> Array:
        """Orders a period."""
        return self._per_period(ORDERS)

    @property
    def order_variance(self) -> Array:
        """Variance of what is ordered a period: over that of demand it is the bullwhip."""
        mean = self._per_period(ORDERED)
        return np.maximum(self._per_period(SQUARED) - mean * mean, 0.0)

    def cost(self, holding: Array, order: Array, short: Array) -> Array:
        """Cost a period: holding x stock + order x orders + short x units not served at once, all by item."""
        missed = self._per_period(DEMAND) - self._per_period(SERVED)
        by_item = [np.asarray(price)[:, None, None] for price in (holding, order, short)]
        return by_item[0] * self.stock + by_item[1] * self.orders + by_item[2] * missed

    def _per_period(self, figure: int) -> Array:
        counted = self.total(PERIODS)
        return np.divide(self.total(figure), counted, out=np.zeros_like(counted), where=counted > 0)


def run(
    history: History, mean: Array, spread: Array, candidates: Candidates, window: Array, *, start: Array | None = None,
    lost: bool = False, seed: int = 0, opening: Array | None = None,
) -> Outcome:  # fmt: skip
    """Replay all candidates of all items.

    Args:
        history: demand and supply.
        mean: [item, period], forecast a period, known at its end.
        spread: [item, period], deviation over the protection interval, known then.
        candidates: the policies.
        window: [period], which window a period counts for; -1 for none.
        start: [item], the first period replayed; None for the first of the history.
        lost: unmet demand is lost; else it waits and is served first.
        seed: of the lead times. All candidates of an item see the same ones.
        opening: [item, candidate] on hand at the start; None for the history's, and the level where that is unknown.

    Returns:
        Sums by item, window and candidate.
    """
    begin = fit(history.begin if start is None else start, np.int64)
    arrival, longest = _arrivals(history, seed)
    policy = np.stack([candidates.cover, candidates.factor, candidates.gap, candidates.cycle], axis=1)
    first = _opening(history, mean, spread, candidates, begin) if opening is None else opening
    spare = -candidates.count % LANES
    figures = replay(
        _floats(history.demand), _floats(mean), _floats(spread), arrival, fit(history.open_periods, np.bool_), begin,
        fit(window, np.int64), _floats(np.pad(policy, ((0, 0), (0, 0), (0, spare)), mode="edge")),
        _floats(history.least), _floats(history.multiple), _floats(np.pad(first, ((0, 0), (0, spare)), mode="edge")),
        bool(lost), int(np.max(window, initial=-1)) + 1, 1 << int(longest).bit_length(),
    )  # fmt: skip
    return Outcome(figures[:, :, :, : candidates.count])


def fixed_lots(lot: Array) -> Array:
    """Return the gap of an (r, nQ) policy, whose lots are the history's multiples: at the level one lot is ordered."""
    return SLIVER * np.asarray(lot, float)


def _floats(values: Array) -> Array:
    return fit(values, np.float64)


def fit(values: Array, kind: Any) -> Array:
    """Bring an array to the one form that loops are compiled for: in a row, of one type, and open to writing.

    What came over a network is closed to writing, and would have every loop compiled a second time.
    """
    return np.require(values, kind, ("C", "W"))


def _opening(history: History, mean: Array, spread: Array, candidates: Candidates, begin: Array) -> Array:
    """Begin with what was there, else at the level that was right the period before."""
    rows, before = np.arange(len(begin)), np.clip(begin - 1, 0, history.demand.shape[1] - 1)
    level = mean[rows, before][:, None] * candidates.cover + spread[rows, before][:, None] * candidates.factor
    known = ~np.isnan(history.on_hand)
    return np.where(known[:, None], np.nan_to_num(history.on_hand)[:, None], level + candidates.gap)


def _arrivals(history: History, seed: int) -> tuple[Array, int]:
    """Return when each order would be there, on an open day, and the longest way."""
    periods = history.demand.shape[1]
    if all(len(set(seen)) == 1 for seen in history.lead_times):
        lead = np.repeat(np.array([[seen[0]] for seen in history.lead_times]), periods, axis=1)
    else:
        lead = sampled(history.lead_times, uniform(seeds(history.names, seed, "lead times"), periods))
    way = 1 + np.maximum(np.ceil(lead - 1e-9), 0).astype(np.int64)
    there = np.arange(periods)[None, :] + way
    if history.is_open is not None:
        there = _next_open(history.is_open, int(there.max(initial=0)) + 1)[there]
    return fit(there, np.int64), int((there - np.arange(periods)[None, :]).max(initial=1))


def _next_open(is_open: Array, until: int) -> Array:
    """[period up to until]: the first open period from there on; after the calendar's end every day is open."""
    days = np.concatenate([is_open, np.ones(max(0, until - len(is_open)), np.bool_)])
    following = np.where(days, np.arange(len(days)), len(days))
    found: Array = np.minimum.accumulate(following[::-1])[::-1]
    return found
