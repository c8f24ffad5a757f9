"""Levels that are sized anew in every period, from what was known then: nothing looks ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from milkrun.engine.simulate.kernel import walk
from milkrun.engine.simulate.twin import fit

Array = Any

ALPHAS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
GAMMA = 0.2
# Errors of so many periods say how far forecasts are off; of more seasons where there are seasons.
MEMORY, SEASONS_KEPT = 36, 3
MOST_ASKED = 2000
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
