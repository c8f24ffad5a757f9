"""Service against stock: what each safety stock and review cycle would have given, by item, segment and portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from milkrun.engine.executors import Executor, Here
from milkrun.engine.simulate.kernel import DEMAND, FIGURES, PERIODS, SERVED, SHORT
from milkrun.engine.simulate.sizing import Model, levels, protected
from milkrun.engine.simulate.twin import Candidates, History, Outcome, run

Array = Any

# Items of a block of work: about a second of replaying.
BLOCK = 500
SHARES = tuple(round(step / 10, 1) for step in range(16))


@dataclass(frozen=True, slots=True)
class Point:
    """One policy for a group of items.

    Args:
        share: of the present safety stock.
        cycle: periods between reviews.
        fill: share of demand served at once, of all items together, weighted as the stock.
        periods_served: share of item-periods in which all demand was served.
        stock: mean stock, weighted (value where the weights are unit costs).
        orders: orders a period.
        bullwhip: variance of orders over variance of demand, the mean of the items; None where demand never varies.
    """

    share: float
    cycle: int
    fill: float
    periods_served: float
    stock: float
    orders: float
    bullwhip: float | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """All candidates of all items, and what they were."""

    outcome: Outcome
    shares: tuple[float, ...]
    cycles: tuple[int, ...]
    variance: Array

    def curve(self, rows: Array, weights: Array) -> tuple[Point, ...]:
        """Return the points of a group of items, by cycle and share.

        Args:
            rows: which items, as numbers or as a mask.
            weights: [item], value of a base unit.
        """
        figures = self.outcome.figures[rows, 0]
        price = weights[rows][:, None]
        stock = (self.outcome.stock[rows, 0] * price).sum(axis=0)
        orders = self.outcome.orders[rows, 0].sum(axis=0)
        asked, served = ((figures[:, one] * price).sum(axis=0) for one in (DEMAND, SERVED))
        short, counted = (figures[:, one].sum(axis=0) for one in (SHORT, PERIODS))
        varied = self.variance[rows]
        some = varied > 0
        whip = self.outcome.order_variance[rows, 0][some] / varied[some][:, None]
        return tuple(
            Point(
                share, cycle, _share(served[lane], asked[lane]), 1 - float(short[lane] / max(counted[lane], 1)),
                float(stock[lane]), float(orders[lane]), float(whip[:, lane].mean()) if some.any() else None,
            )
            for lane, (cycle, share) in enumerate((cycle, share) for cycle in self.cycles for share in self.shares)
        )  # fmt: skip


def replay_shares(
    history: History, lead: Array, model: Model, z: float, *, cycles: Sequence[int] = (1,),
    shares: Sequence[float] = SHARES, lost: bool = False, seed: int = 0, executor: Executor | None = None,
) -> Replayed:  # fmt: skip
    """Replay shares of the safety stock by review cycles, levels sized anew in every period.

    Args:
        history: demand and supply.
        lead: [item], mean lead time in periods.
        model: how levels are forecast.
        z: safety factor of the whole safety stock.
        cycles: periods between reviews.
        shares: of the safety stock.
        lost: unmet demand is lost, else it waits.
        seed: of the lead times.
        executor: where the blocks are replayed; here where none is given.
    """
    terms = _Shares(model, z, tuple(cycles), tuple(shares), lost, seed)
    place, periods = executor or Here(), history.demand.shape[1]
    reach = np.maximum(np.rint(lead).astype(np.int64), 0) + min(cycles)
    start = np.minimum(history.begin + model.learning, periods)
    # The first protection interval still shows the opening stock, and is not counted.
    quiet = min(int((start + reach).max(initial=0)), periods // 2)
    window = np.where(np.arange(periods) >= quiet, 0, -1)
    rows = [np.arange(at, min(at + BLOCK, len(lead))) for at in range(0, len(lead), BLOCK)]
    tasks = [(history.part(block), lead[block], window) for block in rows]
    figures = place.gather(place.map_blocks(shares_of, place.put(terms), tasks))
    lanes = len(cycles) * len(shares)
    whole = np.concatenate(figures) if figures else np.zeros((0, 1, FIGURES, lanes))
    return Replayed(Outcome(whole), tuple(shares), tuple(cycles), history.demand[:, window == 0].var(axis=1))


@dataclass(frozen=True, slots=True)
class _Shares:
    """What all blocks share."""

    model: Model
    z: float
    cycles: tuple[int, ...]
    shares: tuple[float, ...]
    lost: bool
    seed: int


def shares_of(terms: _Shares, block: tuple[History, Array, Array]) -> Array:
    """Replay a block of items: [item, window, figure, candidate]."""
    history, lead, window = block
    cycles, model = terms.cycles, terms.model
    interval = np.maximum(np.rint(lead).astype(np.int64), 0) + min(cycles)
    mean, spread = levels(history.demand, history.begin, interval, model)
    deviation = np.array([float(np.std(seen, ddof=1)) if len(seen) > 1 else 0.0 for seen in history.lead_times])
    spread = protected(mean, spread, deviation)
    pairs = [(cycle, share) for cycle in cycles for share in terms.shares]
    cover = lead[:, None] + np.array([float(cycle) for cycle, _ in pairs])
    # The spread is that of the shortest cycle; over a longer one it grows with the root of the time.
    longer = np.sqrt(cover / np.maximum(lead[:, None] + min(cycles), 1e-9))
    factor = terms.z * np.array([share for _, share in pairs]) * longer
    cycle = np.tile(np.array([float(cycle) for cycle, _ in pairs]), (len(interval), 1))
    start = np.minimum(history.begin + model.learning, history.demand.shape[1])
    plans = Candidates(cover, factor, np.zeros_like(cover), cycle)
    told = run(history, mean, spread, plans, window, start=start, lost=terms.lost, seed=terms.seed)
    return told.figures


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else 1.0
