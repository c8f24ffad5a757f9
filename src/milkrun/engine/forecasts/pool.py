"""Forecasts for many items: all models at every origin, chosen by group first, with the spread that was seen.

One model is chosen for a group of items of a kind. An item gets a model of its own only where that one was better by
more than luck explains, over at least six origins; a group too small to choose for gets the mean of its best five.
The best of many models for one item is mostly luck: on 2,509 car parts it does worse than the group's model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

import numpy as np

from milkrun.engine.forecasts.kernel import (
    ABSOLUTE,
    AT_DAMPED,
    AT_NAIVE,
    AT_ZERO,
    COUNT,
    ERROR,
    MODELS,
    PAIRED,
    PAIRED_SQUARE,
    SHARED,
    SHARES,
    SQUARE,
    judge,
)
from milkrun.engine.forecasts.models import NAMES

Array = Any

# Periods before the first origin, at most half the history: a slow model needs them to forget where it began.
LEARN, LEAST_LEARN = 18, 4
LEAST_ORIGINS = 6
# From so many items on the order of the models of a group is no accident.
LEAST_ITEMS = 10
TOP = 5
# In so many standard errors the best of many models leads by luck alone; one error would let two items of three change
# to a model of their own, and be worse for it.
LEAD = sqrt(2 * log(MODELS))
MEAN_OF_TOP = -1
# MAPE above this in every third of the origins: the forecast is persistently wrong.
WRONG_FROM, PARTS = 0.40, 3


@dataclass(frozen=True, slots=True)
class Series:
    """Demand to forecast.

    Args:
        demand: [item, period], base units; returns and corrections taken out, so not below 0.
        begin, end: [item], first period of the item's history and the one after the last.
        reach: [item], periods of lead time and review that are forecast together, at least 1.
        group: [item], numbers of groups of a kind, such as smooth and bucketed by week.
        season: periods of a season, 0 for none.
    """

    demand: Array
    begin: Array
    end: Array
    reach: Array
    group: Array
    season: int = 0


@dataclass(frozen=True, slots=True)
class Forecasts:
    """What is expected, by which model, and how far off it was.

    Args:
        models: names; `chosen` points into them.
        chosen: [item], a model, or MEAN_OF_TOP.
        reason: [item], group, own, or top five.
        mean: [item], forecast a period over the item's interval.
        reach: [item], periods of that interval.
        origins: [item], how many forecasts could be compared.
        rmse, bias: [item], of the mean a period, base units; NaN without an origin.
        wape: [item], over the interval, a share; NaN where nothing was asked for.
        mape: [item], over intervals with demand; NaN where there was none.
        persistently_wrong: [item], MAPE above 40 % in each third of the origins.
        sums: [item, sum, model], what `accuracy` is made of.
        scaled: [place], all items' errors over their own rmse, ascending, by group: what quantiles are made of.
    """

    models: tuple[str, ...]
    chosen: Array
    reason: tuple[str, ...]
    mean: Array
    reach: Array
    origins: Array
    rmse: Array
    bias: Array
    wape: Array
    mape: Array
    persistently_wrong: Array
    sums: Array
    group: Array
    scaled: dict[int, Array]

    @property
    def total(self) -> Array:
        """[item]: demand expected over the interval."""
        return self.mean * self.reach

    def quantile(self, share: float) -> Array:
        """[item]: demand over the interval that is not exceeded in this share of cases; not below 0.

        Forecast plus the item's own error times the quantile of all its group's errors, each over its item's own:
        the shape of the errors is that of the group, not the normal curve's, the size is the item's.
        """
        shapes = {number: float(np.quantile(seen, share)) if len(seen) else 0.0 for number, seen in self.scaled.items()}
        factor = np.array([shapes[int(number)] for number in self.group])
        own = np.nan_to_num(self.rmse) * self.reach
        wanted: Array = np.maximum(self.total + factor * own, 0.0)
        return wanted

    def accuracy(self) -> dict[str, Array]:
        """[item, model] of rmse and bias a period, WAPE and MAPE over the interval; NaN where nothing can be said."""
        count, asked = self.sums[:, COUNT], self.sums[:, ABSOLUTE, AT_ZERO][:, None]
        return {
            "rmse": np.sqrt(_over(self.sums[:, SQUARE], count)),
            "bias": _over(self.sums[:, ERROR], count),
            "wape": _over(self.sums[:, ABSOLUTE], asked),
            "mape": _over(self.sums[:, SHARES], self.sums[:, SHARED]),
        }


def forecast(series: Series, learn: int = LEARN) -> Forecasts:
    """Forecast every item over its own interval.

    Args:
        series: demand by item and period.
        learn: periods before the first origin that counts, at most half the longest history, at least a season.

    Example:
        >>> import numpy as np
        >>> even = Series(np.full((1, 40), 6.0), np.array([0]), np.array([40]), np.array([2]), np.array([0]))
        >>> seen = forecast(even)
        >>> seen.total.tolist(), seen.rmse.tolist(), int(seen.origins[0]), seen.reason
        ([12.0], [0.0], 21, ('top five',))
    """
    items = len(series.demand)
    longest = int(np.max(series.end - series.begin, initial=0))
    first = max(min(learn, longest // 2), LEAST_LEARN, series.season)
    sums, last, _, _ = _judged(series, first, np.full(items, -1))
    chosen, best, top = np.full(items, MEAN_OF_TOP), np.zeros(items, np.int64), {}
    spread = _spread(series)
    for number in np.unique(series.group):
        rows = np.flatnonzero(series.group == number)
        order, judged = _ranked(sums[rows], spread[rows], series.season)
        top[int(number)] = order[:TOP]
        best[rows] = order[0]
        if judged >= LEAST_ITEMS:
            chosen[rows] = order[0]
    paired, _, _, _ = _judged(series, first, best)
    own = _own(paired, series)
    chosen = np.where(own >= 0, own, chosen)
    reason = tuple(
        "own" if mine >= 0 else "top five" if one == MEAN_OF_TOP else "group"
        for mine, one in zip(own, chosen, strict=True)
    )
    mean, told, came = _chosen(series, first, chosen, top, last)
    return _finished(series, sums, chosen, reason, mean, told, came)


def _judged(series: Series, learn: int, against: Array) -> tuple[Array, Array, Array, Array]:
    whole = (np.ascontiguousarray(part, np.int64) for part in (series.begin, series.end, np.maximum(series.reach, 1)))
    begin, end, reach = whole
    demand = np.ascontiguousarray(series.demand, np.float64)
    return judge(demand, begin, end, reach, learn, series.season, np.ascontiguousarray(against, np.int64))


def _spread(series: Series) -> Array:
    """[item]: variance of demand over the item's history, the scale of its squared errors."""
    place = np.arange(series.demand.shape[1])[None, :]
    own = (place >= series.begin[:, None]) & (place < series.end[:, None])
    mean = _mean(np.where(own, series.demand, np.nan))
    return np.nan_to_num(_mean(np.where(own, (series.demand - mean[:, None]) ** 2, np.nan)))


def _ranked(sums: Array, spread: Array, season: int) -> tuple[Array, int]:
    """Order a group's models by the mean of each item's squared error over its own variance, and count its items."""
    squares = _over(sums[:, SQUARE], sums[:, COUNT])
    if not season:
        squares[:, AT_NAIVE:AT_DAMPED] = np.inf
    usable = (spread > 0) & (sums[:, COUNT, 0] >= LEAST_ORIGINS)
    if not usable.any():
        return np.arange(len(NAMES)), 0
    scores = (squares[usable] / spread[usable, None]).mean(axis=0)
    return np.argsort(scores, kind="stable"), int(usable.sum())


def _own(sums: Array, series: Series) -> Array:
    """[item]: the model that beat the group's by more standard errors than luck explains; -1 for none.

    Forecasts of intervals that overlap are no independent trials, and intervals without demand, where the lowest
    forecast always wins, are none at all: the error counts as many with demand as do not overlap.
    """
    count = sums[:, COUNT]
    gain = _over(sums[:, PAIRED], count)
    variance = np.maximum(_over(sums[:, PAIRED_SQUARE], count) - gain**2, 0.0)
    apart = np.maximum(sums[:, SHARED] / np.maximum(series.reach, 1)[:, None], 1.0)
    lead = np.where((gain > LEAD * np.sqrt(variance / apart)) & (apart >= LEAST_ORIGINS), gain, 0.0)
    if not series.season:
        lead[:, AT_NAIVE:AT_DAMPED] = 0.0
    lead[:, AT_ZERO] = 0.0
    found: Array = np.where(lead.max(axis=1) > 0, lead.argmax(axis=1), -1)
    return found


def _chosen(
    series: Series, learn: int, chosen: Array, top: dict[int, Array], last: Array
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Return the chosen forecast of each item, and by origin what it said and what came."""
    rows = np.arange(len(chosen))
    mean = last[rows, np.maximum(chosen, 0)]
    _, _, told, came = _judged(series, learn, np.maximum(chosen, 0))
    mixed = chosen == MEAN_OF_TOP
    if mixed.any():
        told[mixed], mean[mixed] = 0.0, 0.0
        for place in range(TOP):
            model = np.array([top[int(number)][place] for number in series.group])
            _, _, one, came_too = _judged(series, learn, model)
            told[mixed] += one[mixed] / TOP
            came[mixed] = came_too[mixed]
            mean[mixed] += last[rows, model][mixed] / TOP
    return mean, told, came


def _finished(
    series: Series, sums: Array, chosen: Array, reason: Sequence[str], mean: Array, told: Array, came: Array
) -> Forecasts:  # fmt: skip
    error = told - came
    known = ~np.isnan(error)
    count = known.sum(axis=1)
    error0, came0 = np.where(known, error, 0.0), np.where(known, came, 0.0)
    rmse = np.sqrt(_over((error0**2).sum(axis=1), count))
    scaled = {}
    for number in np.unique(series.group):
        rows = (series.group == number) & (np.nan_to_num(rmse) > 0)
        relative = (-error[rows] / rmse[rows, None])[known[rows]]
        scaled[int(number)] = np.sort(relative)
    share = np.where(known & (came0 > 0), np.abs(error0) / np.where(came0 > 0, came0, 1.0), np.nan)
    return Forecasts(
        NAMES, chosen, tuple(reason), mean, np.maximum(series.reach, 1), count, rmse,
        _over(error0.sum(axis=1), count), _over(np.abs(error0).sum(axis=1), came0.sum(axis=1)),
        _mean(share), _persistently_wrong(share, known), sums, series.group, scaled,
    )  # fmt: skip


def _persistently_wrong(share: Array, known: Array) -> Array:
    """[item]: MAPE above the limit in each part of the origins, in time's order."""
    origins = np.cumsum(known, axis=1)
    whole = known.sum(axis=1)[:, None]
    wrong = np.ones(len(share), np.bool_)
    for part in range(PARTS):
        inside = known & (origins > part * whole / PARTS) & (origins <= (part + 1) * whole / PARTS)
        wrong &= np.nan_to_num(_mean(np.where(inside, share, np.nan))) > WRONG_FROM
    return wrong


def _mean(values: Array) -> Array:
    there = ~np.isnan(values)
    return _over(np.where(there, values, 0.0).sum(axis=1), there.sum(axis=1))


def _over(part: Array, whole: Array) -> Array:
    """Divide; NaN where there is nothing to divide by."""
    whole = np.broadcast_to(np.asarray(whole, float), np.shape(part))
    return np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0)
