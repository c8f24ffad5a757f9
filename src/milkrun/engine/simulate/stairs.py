"""The staircase: step after step while service holds, one step back at the first breach and no further step."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from milkrun.engine.simulate.proof import Terms
from milkrun.engine.simulate.sizing import Model, levels, protected, protection
from milkrun.engine.simulate.twin import Candidates, History, run

Array = Any

# A step is judged over at least four weeks, and over a whole protection interval.
LEAST_DAYS = 28


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the staircase, of all items together.

    Args:
        begin, end: its periods, the end not included.
        stepped: items below their whole safety stock.
        stopped: items that stepped back and stay.
        share: mean share of the safety stock that is kept, of the items that take part.
        fill: fill rate of all items.
        stock: mean stock, weighted.
        stock_uncut: the same without any step.
    """

    begin: int
    end: int
    stepped: int
    stopped: int
    share: float
    fill: float
    stock: float
    stock_uncut: float


def walk_down(
    history: History, taking_part: Array, terms: Terms, model: Model, start: int, *, lowest: float = 0.4,
    weights: Array | None = None, most_at_risk: float | None = None,
) -> tuple[Stage, ...]:  # fmt: skip
    """Replay a staircase from `start` on: what would have happened had it been walked then.

    After each stage an item that took part goes one step down if it kept the target, and one step up, for good, if it
    did not. A stage is as long as the longest protection interval, and at least four weeks.

    Args:
        history: demand and supply.
        taking_part: [item], those for which a step is proven.
        terms: step, target and the rest.
        model: how levels are forecast.
        start: the first period of the staircase.
        lowest: share of the safety stock below which nobody goes.
        weights: [item], value of a base unit; 1 where none is given.
        most_at_risk: the most value of safety stock that may be taken away in all; None for no such limit. Items are
            stepped by the value it frees, the largest first, until the limit is reached.
    """
    periods = history.demand.shape[1]
    price = np.ones(len(taking_part)) if weights is None else weights
    reach = protection(history, terms.review)
    interval = reach.interval
    mean, spread = levels(history.demand, history.begin, interval, model)
    spread = protected(mean, spread, reach.deviation)
    length = max(int(interval[taking_part].max(initial=1)), ceil(LEAST_DAYS / terms.period_days))
    begins = list(range(start, periods - length + 1, length))
    if not begins:
        return ()
    ends = [*begins[1:], periods]
    window = np.full(periods, -1)
    for number, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        window[begin:end] = number
    cover = np.repeat(reach.cover[:, None], 2, axis=1)
    # The second candidate is the same policy without any step.
    plans = Candidates(cover, np.full_like(cover, terms.z), cover * 0, np.full_like(cover, terms.review))
    whole = Candidates(plans.cover[:, :1], plans.factor[:, :1], plans.gap[:, :1], plans.cycle[:, :1])
    first = np.minimum(history.begin + model.learning, periods)
    uncut = run(history, mean, spread, whole, window, start=first, seed=terms.seed)
    share, stopped = np.ones(len(interval)), ~taking_part
    path = np.ones(history.demand.shape)
    stages = []
    for number, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        down = ~stopped & (share - terms.step >= lowest - 1e-9)
        down &= _affordable(terms.z * spread[:, begin] * price, share, down, terms.step, most_at_risk)
        share = np.where(down, share - terms.step, share)
        path[:, begin:] = share[:, None]
        seen = run(history, mean, spread * path, whole, window, start=first, seed=terms.seed)
        fill = seen.fill[:, number, 0]
        asked, served = seen.figures[:, number, :2, 0].sum(axis=0)
        breached = (fill < terms.target) & (share < 1) & ~stopped
        stages.append(
            Stage(
                begin, end, int((share < 1).sum()), int((stopped & taking_part).sum()),
                float(share[taking_part].mean()) if taking_part.any() else 1.0,
                float(served / asked) if asked > 0 else 1.0, float((seen.stock[:, number, 0] * price).sum()),
                float((uncut.stock[:, number, 0] * price).sum()),
            )
        )  # fmt: skip
        share = np.where(breached, np.minimum(share + terms.step, 1.0), share)
        stopped = stopped | breached
    return tuple(stages)


def _affordable(value: Array, share: Array, down: Array, step: float, most: float | None) -> Array:
    """[item]: whether its step still fits under the limit of value at risk, the largest steps first."""
    if most is None:
        return np.ones(len(down), np.bool_)
    left = most - float((value * (1 - share)).sum())
    order = np.argsort(-np.where(down, value * step, 0), kind="stable")
    fits = np.zeros(len(down), np.bool_)
    fits[order] = np.cumsum(np.where(down, value * step, 0)[order]) <= left
    return fits
