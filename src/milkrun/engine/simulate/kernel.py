"""The loop of the twin: one item after the other, all its candidate policies side by side.

Candidates are the innermost loop over flat arrays, so that the processor takes several at once and demand is read only
once for all of them. `tests/engine/plain_twin.py` says the same in plain Python; both give the same digits.
"""

from typing import Any

import numpy as np

from milkrun.engine.compiled import compiled

Array = Any

# What is counted, in this order, for each item, window and candidate.
DEMAND, SERVED, SHORT, PERIODS, STOCK, ORDERS, ORDERED, SQUARED = range(8)
FIGURES = 8
# What a float may lie above a whole number of lots and still mean it.
NEARLY = 1e-9


# Lanes that are computed at once; candidates are filled up to a multiple of it. A constant, because the compiler only
# then sees that the rows of the one flat state do not overlap, and takes several lanes with one instruction.
LANES = 16
_NET, _COMING, _DUE, _COVER, _FACTOR, _GAP, _CYCLE, _FIRST = (LANES * row for row in range(8))
_SHORT, _STOCK, _ORDERS, _ORDERED, _SQUARED = (_FIRST + LANES * row for row in range(1, 6))
_MOVED = _FIRST + LANES * 6
_ROWS = LANES * (8 + 7)


@compiled
def replay(
    demand: Array, mean: Array, spread: Array, arrival: Array, is_open: Array, begin: Array, window: Array,
    policy: Array, least: Array, multiple: Array, opening: Array, lost: bool, windows: int, ring: int,
) -> Array:  # fmt: skip
    """Replay every candidate policy of every item, period by period: receive, serve, count, review, order.

    Args:
        demand: [item, period], base units.
        mean: [item, period], forecast a period as known at the end of the period.
        spread: [item, period], deviation of demand over the protection interval, as known then.
        arrival: [item, period], the period at whose start an order placed at this period's end is there.
        is_open: [period], whether is reviewed and ordered.
        begin: [item], the first period that is replayed.
        window: [period], which window it counts for; -1 for none. Periods of a window stand together.
        policy: [item, 4, candidate]: periods of mean demand in the reorder level, spreads in it, order-up-to level
            minus reorder level, periods between reviews. Candidates are a multiple of LANES.
        least: [item], minimum order. multiple: [item], orders are whole multiples; 0 for any.
        opening: [item, candidate], on hand at the start.
        lost: unmet demand is lost, else it waits.
        windows: how many windows. ring: a power of two above the longest way of an order, in periods.

    Returns:
        [item, window, figure, candidate].
    """
    items, periods = demand.shape
    candidates = opening.shape[1]
    out = np.zeros((items, windows, FIGURES, candidates))
    state = np.zeros(_ROWS)
    pipe = np.zeros(ring * LANES)
    lowest = 0.0 if lost else -np.inf
    for item in range(items):
        has_multiple, lots = multiple[item] > 0.0, multiple[item]
        share = 1.0 / lots if has_multiple else 0.0
        fewest = least[item]
        for group in range(0, candidates, LANES):
            state[:] = 0.0
            pipe[:] = 0.0
            for lane in range(LANES):
                state[_NET + lane] = opening[item, group + lane]
                for row in range(4):
                    state[_COVER + row * LANES + lane] = policy[item, row, group + lane]
            counting = -1
            asked_in = 0.0
            counted = 0.0
            for period in range(begin[item], periods):
                if window[period] != counting:
                    if counting >= 0:
                        _keep(out[item, counting], state, group, asked_in, counted)
                    state[_FIRST:_MOVED] = 0.0
                    counting, asked_in, counted = window[period], 0.0, 0.0
                asked = demand[item, period]
                asked_in += asked
                counted += 1.0
                now, later = (period & (ring - 1)) * LANES, (arrival[item, period] & (ring - 1)) * LANES
                # On a closed day nothing is due, however long it has waited.
                latest = 1.0 if is_open[period] else -np.inf
                per_period, deviation = mean[item, period], spread[item, period]
                for lane in range(LANES):
                    state[_MOVED + lane] = pipe[now + lane]
                for lane in range(LANES):
                    pipe[now + lane] = 0.0
                for lane in range(LANES):
                    had = state[_NET + lane] + state[_MOVED + lane]
                    coming = state[_COMING + lane] - state[_MOVED + lane]
                    served = min(max(had, 0.0), asked)
                    left = max(had - asked, lowest)
                    level = per_period * state[_COVER + lane] + deviation * state[_FACTOR + lane]
                    position = left + coming
                    need = level + state[_GAP + lane] - position
                    lot = max(need, fewest)
                    rounded = np.ceil(lot * share - NEARLY) * lots
                    lot = rounded if has_multiple else lot
                    looked = state[_DUE + lane] < latest
                    wanted = looked & (position <= level) & (need > 0.0)
                    ordered = lot if wanted else 0.0
                    state[_DUE + lane] = (state[_CYCLE + lane] if looked else state[_DUE + lane]) - 1.0
                    state[_MOVED + lane] = ordered
                    state[_COMING + lane] = coming + ordered
                    state[_NET + lane] = left
                    state[_FIRST + lane] += served
                    state[_SHORT + lane] += 1.0 if served < asked else 0.0
                    state[_STOCK + lane] += max(left, 0.0)
                    state[_ORDERS + lane] += 1.0 if wanted else 0.0
                    state[_ORDERED + lane] += ordered
                    state[_SQUARED + lane] += ordered * ordered
                for lane in range(LANES):
                    pipe[later + lane] += state[_MOVED + lane]
            if counting >= 0:
                _keep(out[item, counting], state, group, asked_in, counted)
    return out


@compiled
def _keep(into: Array, state: Array, group: int, asked: float, periods: float) -> None:
    """Add what a window counted."""
    for lane in range(LANES):
        into[DEMAND, group + lane] += asked
        into[PERIODS, group + lane] += periods
        into[SERVED, group + lane] += state[_FIRST + lane]
        into[SHORT, group + lane] += state[_SHORT + lane]
        into[STOCK, group + lane] += state[_STOCK + lane]
        into[ORDERS, group + lane] += state[_ORDERS + lane]
        into[ORDERED, group + lane] += state[_ORDERED + lane]
        into[SQUARED, group + lane] += state[_SQUARED + lane]


@compiled
def walk(demand: Array, begin: Array, alpha: Array, interval: Array, season: int, gamma: float, memory: int) -> Array:
    """Forecast each item anew at the end of every period, from nothing but what was seen until then.

    A level smoothed exponentially, times smoothed factors of the season where there is one. The spread is the root of
    the mean squared error of earlier forecasts over the protection interval, of the last `memory` that are known.

    Args:
        demand: [item, period].
        begin: [item], the first period of history.
        alpha: [item], how fast the level follows.
        interval: [item], periods of lead time and review, at least 1.
        season: periods of a season; 0 for none.
        gamma: how fast its factors follow.
        memory: how many errors count; 0 for all.

    Returns:
        [mean a period over the interval, spread over the interval] of [item, period]; the spread is 0 before two
        errors are known.
    """
    items, periods = demand.shape
    out = np.zeros((2, items, periods))
    for item in range(items):
        first, reach = begin[item], interval[item]
        if first >= periods:
            continue
        factors = np.ones(max(season, 1))
        start = min(periods, first + max(season, 1))
        level = demand[item, first:start].mean()
        squares = np.zeros(periods + 1)  # added up to before each period
        for period in range(first, periods):
            place = period % season if season else 0
            if period > first:
                level += alpha[item] * (demand[item, period] / max(factors[place], 0.05) - level)
            if season:
                share = demand[item, period] / level if level > 0.0 else 1.0
                factors[place] += gamma * (share - factors[place])
                whole = 0.0
                for one in range(season):
                    whole += factors[one]
                for one in range(season):
                    factors[one] *= season / whole
            ahead = 0.0
            for step in range(1, reach + 1):
                ahead += factors[(period + step) % season] if season else 1.0
            out[0, item, period] = level * (ahead / reach)
            squares[period + 1] = squares[period]
            if period - reach >= first:
                came = 0.0
                for step in range(reach):
                    came += demand[item, period - step]
                error = came - reach * out[0, item, period - reach]
                squares[period + 1] += error * error
            oldest = max(first + reach, period - memory + 1 if memory else 0)
            if period - oldest >= 1:
                out[1, item, period] = np.sqrt((squares[period + 1] - squares[oldest]) / (period - oldest + 1))
    return out
