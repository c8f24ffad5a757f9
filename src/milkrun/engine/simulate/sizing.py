"""Levels that are sized anew in every period, from what was known then: nothing looks ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from milkrun.engine.simulate.kernel import walk
from milkrun.engine.simulate.twin import History, fit

Array = Any

ALPHAS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
GAMMA = 0.2
# Errors of so many periods say how far forecasts are off; of more seasons where there are seasons.
MEMORY, SEASONS_KEPT = 36, 3
# An item whose mean error is so much larger than others' must not decide for all.
_FLOOR = 1e-9


@dataclass(frozen=True, slots=True)
class Model:
    """How levels are forecast.

    Args:
        alpha: smoothing of the level.
        season: periods of a season; 0 for none.
        least_memory: of how many errors the spread is made at least; of three seasons where they are longer.
    """

    alpha: float
    season: int
    least_memory: int = MEMORY

    @property
    def memory(self) -> int:
        """How many errors the spread is made of."""
        return max(self.least_memory, SEASONS_KEPT * self.season)

    @property
    def learning(self) -> int:
        """Periods that pass before its levels are used: a season, or a dozen periods."""
        return max(12, self.season)


@dataclass(frozen=True, slots=True)
class Protection:
    """What a level has to cover, by item, in the whole periods in which the twin lets orders come.

    Args:
        cover: mean lead time and review.
        interval: the same in whole periods: over so many are forecasts judged.
        deviation: of the lead time.
    """

    cover: Array
    interval: Array
    deviation: Array

    def part(self, rows: Array) -> "Protection":
        """Return some of the items."""
        return Protection(self.cover[rows], self.interval[rows], self.deviation[rows])


def protection(history: History, review: int) -> Protection:
    """Say what levels have to cover: an order on the way for part of a period comes with the next one.

    Args:
        history: with the lead times seen, in periods.
        review: periods between reviews.
    """
    whole = [np.maximum(np.ceil(np.asarray(seen, float) - 1e-9), 0.0) for seen in history.lead_times]
    cover = np.array([float(np.mean(seen)) for seen in whole]) + review
    deviation = np.array([float(np.std(seen, ddof=1)) if len(seen) > 1 else 0.0 for seen in whole])
    return Protection(cover, np.maximum(np.rint(cover).astype(np.int64), 1), deviation)


def protected(mean: Array, spread: Array, deviation: Array) -> Array:
    """[item, period]: the spread with that of the lead time: the root of spread^2 + (mean x deviation)^2."""
    both: Array = np.sqrt(spread**2 + (mean * deviation[:, None]) ** 2)
    return both


def levels(demand: Array, begin: Array, interval: Array, model: Model) -> tuple[Array, Array]:
    """Forecast at the end of every period.

    Args:
        demand: [item, period].
        begin: [item], first period of history.
        interval: [item], protection interval, lead time and review, in periods.
        model: how.

    Returns:
        Mean a period and spread over the interval, each [item, period].
    """
    both = walk(
        fit(demand, np.float64), fit(begin, np.int64),
        np.full(len(demand), model.alpha), fit(np.maximum(interval, 1), np.int64), model.season,
        GAMMA, model.memory,
    )  # fmt: skip
    return both[0], both[1]


def best_model(
    demand: Array, begin: Array, interval: Array, seasons: Sequence[int], memory: int = MEMORY
) -> Model:  # fmt: skip
    """Choose one model for a group of items: the least mean of each item's error over its own median error.

    Chosen for the group, not for each item: an item's own best of many models is mostly luck.

    Args:
        demand: [item, period] of the part that may be looked at.
        begin, interval: by item.
        seasons: seasons to try beside none, in periods.
        memory: of how many errors spreads are made at least.
    """
    periods = demand.shape[1]
    models = [
        Model(alpha, season) for season in (0, *(one for one in seasons if 2 * one < periods)) for alpha in ALPHAS
    ]
    learning = max(model.learning for model in models)
    errors = np.array([_error(demand, begin, interval, model, learning) for model in models])
    middle = np.median(errors, axis=0)
    usable = middle > _FLOOR
    if not usable.any():
        return models[ALPHAS.index(0.1)]
    scores = (errors[:, usable] / middle[usable]).mean(axis=1)
    return models[int(np.argmin(scores))]


def _error(demand: Array, begin: Array, interval: Array, model: Model, learning: int) -> Array:
    """[item]: root of the mean squared error over the interval, from forecasts of the same periods for all models."""
    mean, _ = levels(demand, begin, interval, model)
    items, periods = demand.shape
    added = np.concatenate([np.zeros((items, 1)), np.cumsum(demand, axis=1)], axis=1)
    at = np.arange(periods)
    ends = at[None, :] + 1 + interval[:, None]
    known = (ends <= periods) & (at[None, :] >= begin[:, None] + learning)
    came = np.take_along_axis(added, np.minimum(ends, periods), axis=1) - added[:, 1:]
    squares = np.where(known, (came - mean * interval[:, None]) ** 2, 0.0)
    return np.sqrt(squares.sum(axis=1) / np.maximum(known.sum(axis=1), 1))
