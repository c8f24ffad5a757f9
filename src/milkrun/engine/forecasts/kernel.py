"""The pool of forecasts in one pass: every model, at every origin, for every item.

All models are carried along together; at each origin their forecast of the mean over the item's own interval is
compared with what came. `tests/engine/plain_pool.py` says each model once more in plain Python.
"""

from typing import Any

import numpy as np

from milkrun.engine.compiled import compiled

Array = Any

# What is added up for each item and model. PAIRED: squared error of the model it is compared with, minus its own.
COUNT, ERROR, ABSOLUTE, SQUARE, PAIRED, PAIRED_SQUARE, SHARES, SHARED = range(8)
SUMS = 8

# The models, family by family; `models.py` names them in the same order.
SES = np.array([0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 0.9])
WINDOWS = np.array([1, 2, 3, 6, 12, 24])
RARE = np.array([0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5])
SEASONED = np.array([0.1, 0.2, 0.3, 0.4])
DAMPED_LEVEL = np.array([0.1, 0.2, 0.3, 0.5])
DAMPED_TREND = np.array([0.02, 0.05, 0.1, 0.1])
THETA = np.array([0.1, 0.2, 0.4])
_N_SES, _N_WINDOWS, _N_RARE, _N_SEASONED = len(SES), len(WINDOWS), len(RARE), len(SEASONED)
_N_DAMPED, _N_THETA = len(DAMPED_LEVEL), len(THETA)
AT_WINDOWS = _N_SES
AT_SBA = AT_WINDOWS + _N_WINDOWS
AT_TSB = AT_SBA + _N_RARE
AT_ZERO = AT_TSB + _N_RARE
AT_NAIVE = AT_ZERO + 1
AT_SEASONED = AT_NAIVE + 1
AT_DAMPED = AT_SEASONED + _N_SEASONED
AT_THETA = AT_DAMPED + _N_DAMPED
AT_TREND = AT_THETA + _N_THETA
MODELS = AT_TREND + 1
_ERROR, _ABSOLUTE, _SQUARE, _PAIRED, _PAIRED_SQUARE, _SHARES, _SHARED = (MODELS * row for row in range(1, 8))
PHI = 0.9
GAMMA = 0.2
# A season's factor below this would blow a level up; such a period says nothing about the level.
LEAST_FACTOR = 0.05


@compiled
def judge(
    demand: Array, begin: Array, end: Array, reach: Array, learn: int, season: int, against: Array
) -> tuple[Array, Array, Array, Array]:  # fmt: skip
    """Let every model forecast every item at every origin.

    Args:
        demand: [item, period], base units, not below 0.
        begin, end: [item], first period of its history, and the one after the last.
        reach: [item], periods of the interval that is forecast, at least 1.
        learn: periods before the first origin that counts.
        season: periods of a season; 0 for none, then its models repeat their plain ones.
        against: [item], the model that all are compared with and whose errors are told; -1 for none.

    Returns:
        Sums [item, sum, model] of the errors of the mean a period; the last forecast [item, model]; and of the model
        compared with, by origin, its forecast and what came [item, period], NaN where no origin was judged.
    """
    items, periods = demand.shape
    sums = np.zeros((items, SUMS, MODELS))
    last = np.zeros((items, MODELS))
    told = np.full((items, periods), np.nan)
    came = np.full((items, periods), np.nan)
    ahead = np.zeros(MODELS)
    for item in range(items):
        first, after, wide = begin[item], end[item], reach[item]
        if after <= first:
            continue
        row = demand[item]
        kept = np.zeros(SUMS * MODELS)
        added = np.zeros(after - first + 1)
        for place in range(after - first):
            added[place + 1] = added[place] + row[first + place]
        smooth = np.full(_N_SES, row[first])
        size, often, chance = np.zeros(_N_RARE), np.zeros(_N_RARE), np.zeros(_N_RARE)
        size_now = np.zeros(_N_RARE)
        begun, waited = False, 0
        cycle = max(season, 1)
        base = added[min(cycle, after - first)] / min(cycle, after - first)
        seasoned, factors = np.full(_N_SEASONED, base), np.ones((_N_SEASONED, cycle))
        level, slope = np.full(_N_DAMPED, row[first]), np.zeros(_N_DAMPED)
        plain, even = np.full(_N_THETA, base), np.ones(cycle)
        even_level = base
        turns, moments = 0.0, 0.0
        run = 0.0
        total = 0.0
        for step in range(1, wide + 1):
            run += PHI**step
            total += run
        damping = total / wide
        for period in range(first, after):
            place = period - first
            value = row[period]
            spot = period % cycle
            for one in range(_N_SES):
                smooth[one] += SES[one] * (value - smooth[one])
                ahead[one] = smooth[one]
            for one in range(_N_WINDOWS):
                width = min(WINDOWS[one], place + 1)
                ahead[AT_WINDOWS + one] = (added[place + 1] - added[place + 1 - width]) / width
            waited += 1
            if value > 0.0 and not begun:
                for one in range(_N_RARE):
                    size[one], often[one] = value, waited
                    size_now[one], chance[one] = value, 1.0 / waited
                begun, waited = True, 0
            elif begun:
                for one in range(_N_RARE):
                    hit = 1.0 if value > 0.0 else 0.0
                    chance[one] += RARE[one] * (hit - chance[one])
                    if value > 0.0:
                        size_now[one] += RARE[one] * (value - size_now[one])
                        size[one] += RARE[one] * (value - size[one])
                        often[one] += RARE[one] * (waited - often[one])
                if value > 0.0:
                    waited = 0
            for one in range(_N_RARE):
                ahead[AT_SBA + one] = (1.0 - RARE[one] / 2.0) * size[one] / often[one] if begun else 0.0
                ahead[AT_TSB + one] = chance[one] * size_now[one]
            ahead[AT_ZERO] = 0.0
            naive = 0.0
            for step in range(1, wide + 1):
                back = place + step - cycle * ((step + cycle - 1) // cycle)
                naive += row[first + back] if season and back >= 0 else value
            ahead[AT_NAIVE] = naive / wide
            for one in range(_N_SEASONED):
                if place:
                    factor = max(factors[one, spot], LEAST_FACTOR)
                    seasoned[one] += SEASONED[one] * (value / factor - seasoned[one])
                ahead[AT_SEASONED + one] = seasoned[one]
                if season:
                    shares = _turn(factors[one], spot, value, seasoned[one], cycle, period, wide)
                    ahead[AT_SEASONED + one] = seasoned[one] * shares
            for one in range(_N_DAMPED):
                if place:
                    before = level[one]
                    expected = before + PHI * slope[one]
                    level[one] = expected + DAMPED_LEVEL[one] * (value - expected)
                    slope[one] = PHI * slope[one] + DAMPED_TREND[one] * (level[one] - before - PHI * slope[one])
                ahead[AT_DAMPED + one] = max(level[one] + damping * slope[one], 0.0)
            factor = max(even[spot], LEAST_FACTOR)
            bare = value / factor if season else value
            if place:
                even_level += GAMMA * (bare - even_level)
            shares = _turn(even, spot, value, even_level, cycle, period, wide) if season else 1.0
            turns += bare
            moments += bare * place
            count = place + 1.0
            centre = (count - 1.0) / 2.0
            spread = count * (count * count - 1.0) / 12.0
            rise = (moments - centre * turns) / spread if spread > 0.0 else 0.0
            for one in range(_N_THETA):
                if place:
                    plain[one] += THETA[one] * (bare - plain[one])
                ahead[AT_THETA + one] = max(plain[one] + 0.5 * rise * (wide + 1.0) / 2.0, 0.0) * shares
            line = turns / count + rise * (place + (wide + 1.0) / 2.0 - centre)
            ahead[AT_TREND] = max(line, 0.0) * shares
            if period == after - 1:
                for one in range(MODELS):
                    last[item, one] = ahead[one]
            if place + 1 < learn or period + wide >= after:
                continue
            actual = (added[place + 1 + wide] - added[place + 1]) / wide
            reference = against[item]
            square = 0.0
            if reference >= 0:
                told[item, period], came[item, period] = ahead[reference], actual
                square = (ahead[reference] - actual) ** 2
            share = 1.0 / actual if actual > 0.0 else 0.0
            counts = 1.0 if actual > 0.0 else 0.0
            for one in range(MODELS):
                error = ahead[one] - actual
                gained = square - error * error
                kept[one] += 1.0
                kept[_ERROR + one] += error
                kept[_ABSOLUTE + one] += abs(error)
                kept[_SQUARE + one] += error * error
                kept[_PAIRED + one] += gained
                kept[_PAIRED_SQUARE + one] += gained * gained
                kept[_SHARES + one] += abs(error) * share
                kept[_SHARED + one] += counts
        for figure in range(SUMS):
            for one in range(MODELS):
                sums[item, figure, one] = kept[figure * MODELS + one]
    return sums, last, told, came


@compiled
def _turn(factors: Array, spot: int, value: float, level: float, cycle: int, period: int, wide: int) -> float:
    """Let a season's factor follow what came, keep their mean at 1, and return their mean over the interval ahead."""
    share = value / level if level > 0.0 else 1.0
    factors[spot] += GAMMA * (share - factors[spot])
    whole = 0.0
    for one in range(cycle):
        whole += factors[one]
    if whole > 0.0:
        for one in range(cycle):
            factors[one] *= cycle / whole
    total = 0.0
    for step in range(1, wide + 1):
        total += factors[(period + step) % cycle]
    return total / wide
