"""May the safety stock step down? The proof: replayed, replayed on resampled demand, and judged on what was not seen.

For each item that qualifies the policy is replayed with its levels sized anew in every period, once as it is and once
with the smaller safety stock. A step is proven where the replay keeps the service wanted, and where it does so in nine
of ten histories put together from blocks of the item's own. Items of rare or lumpy demand do not qualify: for them a
replay that went well says nothing about the next year. Proven steps are checked against the part of history that was
kept out of the proof, and that record is part of the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from milkrun.engine.classes import ADI_FROM, Y_MOST
from milkrun.engine.executors import Executor, Here
from milkrun.engine.simulate.chance import seeds, uniform
from milkrun.engine.simulate.sizing import Model, Protection, best_model, levels, protected, protection
from milkrun.engine.simulate.twin import Candidates, History, Outcome, run

Array = Any

LEAST_BUCKETS, LEAST_INTERVALS = 24, 10
# What must be left to replay once levels are learnt.
LEAST_PLAYED, INTERVALS_PLAYED = 12, 3
BLOCK_DAYS = 7
# Items of a block of work: a second or two of scenarios.
BLOCK = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of a step.

    Args:
        step: share of the safety stock that is taken away.
        z: safety factor of the present policy.
        target: fill rate each stepped item must keep.
        confidence: share of the scenarios that must keep it.
        scenarios: how many there are.
        most_lost: fill rate that the stepped items together may lose in the last quarter of what was looked at.
        review: periods between reviews.
        period_days: days of a period.
        seasons: seasons to try, in periods.
        seed: of lead times and scenarios.
    """

    step: float = 0.2
    z: float = 1.645
    target: float = 0.95
    confidence: float = 0.9
    scenarios: int = 200
    most_lost: float = 0.005
    review: int = 1
    period_days: float = 30.4
    seasons: Sequence[int] = (12,)
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of the proven steps in the part of history that was kept out.

    Args:
        stepped: items that were stepped.
        held: those of them that kept the target.
        uncut_held: those of them that would have kept it without the step.
        stock, stock_after: mean stock of all items, without and with the steps, base units (or value by weights).
        fill, fill_after: fill rate of all items together, without and with the steps.
    """

    stepped: int
    held: int
    uncut_held: int
    stock: float
    stock_after: float
    fill: float
    fill_after: float

    @property
    def freed(self) -> float:
        """Share of the stock that the steps set free."""
        return 1 - self.stock_after / self.stock if self.stock > 0 else 0.0

    @property
    def held_share(self) -> float | None:
        """Share of the stepped items that kept the target; None where none was stepped."""
        return self.held / self.stepped if self.stepped else None


@dataclass(frozen=True, slots=True)
class StepProof:
    """The proof by item, and what became of it.

    Args:
        eligible: [item], whether a step may be claimed for it at all.
        proven: [item], whether it is.
        fill, fill_after: [item], fill rate in the replay, as it is and after the step; NaN where nothing was asked.
        probability: [item], share of scenarios in which the target was kept; 0 where none was played.
        freed: [item], mean stock that the step takes away in the last part that was replayed, base units.
        model: how demand was forecast.
        dropped: items proven one by one that were left out, so that all together lose no more than allowed.
        judged: the part kept out; None where nothing was.
    """

    eligible: Array
    proven: Array
    fill: Array
    fill_after: Array
    probability: Array
    freed: Array
    model: Model
    dropped: int
    judged: Judged | None

    @property
    def declined(self) -> float:
        """Share of the items for which no step is claimed."""
        return 1 - float(self.proven.mean()) if len(self.proven) else 1.0


def prove_step(
    history: History, terms: Terms, decide: int, weights: Array | None = None, executor: Executor | None = None
) -> StepProof:  # fmt: skip
    """Decide on steps from the first `decide` periods, and judge them on the rest.

    Args:
        history: demand and supply by period; the policy is base stock, sized anew at every review.
        terms: what is asked of a step.
        decide: periods that may be looked at; the rest judges.
        weights: value of a base unit by item, for the stock of all; 1 each where none is given.
        executor: where the scenarios are played; here where none is given.
    """
    reach = protection(history, terms.review)
    interval = reach.interval
    seen = history.demand[:, :decide]
    eligible = qualified(seen, history.begin, interval)
    chosen = eligible if eligible.any() else np.ones(len(seen), np.bool_)
    model = best_model(seen[chosen], history.begin[chosen], interval[chosen], terms.seasons)
    eligible &= _replayable(history, terms, interval, model, decide)
    last = decide - max(1, decide // 4)
    window = np.zeros(history.demand.shape[1], np.int64)
    window[last:decide], window[decide:] = 1, 2
    start = history.begin + model.learning
    outcome = _played(history, terms, reach, model, window, start)
    fill, after = (_fill(outcome, (0, 1), lane) for lane in (0, 1))
    hopeful = eligible & (after >= terms.target)
    probability = np.zeros(len(seen))
    if hopeful.any():
        place, rows = executor or Here(), np.flatnonzero(hopeful)
        blocks = [rows[at : at + BLOCK] for at in range(0, len(rows), BLOCK)]
        tasks = [(history.part(block, decide), reach.part(block)) for block in blocks]
        probability[rows] = np.concatenate(place.gather(place.map_blocks(kept, place.put((terms, model)), tasks)))
    proven = hopeful & (probability >= terms.confidence)
    alone, proven = proven, _together(outcome, proven, terms.most_lost)
    price = np.ones(len(seen)) if weights is None else weights
    judged = _judge(outcome, proven, terms.target, price) if decide < history.demand.shape[1] else None
    stock = outcome.stock[:, int(window.max()), :]
    freed = stock[:, 0] - stock[:, 1]
    return StepProof(eligible, proven, fill, after, probability, freed, model, int((alone & ~proven).sum()), judged)


def qualified(demand: Array, begin: Array, interval: Array) -> Array:
    """[item]: smooth or erratic (ADI), X or Y (variation), with 24 buckets and 10 protection intervals of history."""
    own = np.arange(demand.shape[1])[None, :] >= begin[:, None]
    count = own.sum(axis=1)
    sold = own & (demand > 0)
    times = np.maximum(sold.sum(axis=1), 1)
    interval_between = count / times
    size = np.where(sold, demand, 0).sum(axis=1) / times
    mean = np.where(own, demand, 0).sum(axis=1) / np.maximum(count, 1)
    deviation = np.sqrt(np.where(own, (demand - mean[:, None]) ** 2, 0).sum(axis=1) / np.maximum(count - 1, 1))
    enough = count >= np.maximum(LEAST_BUCKETS, LEAST_INTERVALS * interval)
    steady = (interval_between < ADI_FROM) & (size > 0)
    even: Array = deviation <= Y_MOST * mean
    return enough & steady & even


def _replayable(history: History, terms: Terms, interval: Array, model: Model, decide: int) -> Array:
    """[item]: enough is left to replay once the levels are learnt, and every block has a place to be drawn from."""
    left = decide - (history.begin + model.learning)
    lowest, highest = _draws(history.begin, decide, _block(terms), model.season)
    found: Array = (left >= np.maximum(LEAST_PLAYED, INTERVALS_PLAYED * interval)) & (highest >= lowest).all(axis=1)
    return found


def _played(
    history: History, terms: Terms, reach: Protection, model: Model, window: Array, start: Array
) -> Outcome:  # fmt: skip
    """Replay the policy as it is and after the step."""
    mean, spread = levels(history.demand, history.begin, reach.interval, model)
    spread = protected(mean, spread, reach.deviation)
    factor = np.tile(terms.z * np.array([1.0, 1.0 - terms.step]), (len(reach.cover), 1))
    cover = np.repeat(reach.cover[:, None], 2, axis=1)
    plans = Candidates(cover, factor, np.zeros_like(cover), np.full_like(cover, terms.review))
    return run(history, mean, spread, plans, window, start=start, seed=terms.seed)


def kept(shared: tuple[Terms, Model], block: tuple[History, Protection]) -> Array:
    """[item]: the share of scenarios in which the stepped policy keeps the target."""
    (terms, model), (known, reach) = shared, block
    history = replace(known, on_hand=np.full(len(known.names), np.nan))
    held = np.zeros(len(history.names))
    window = np.zeros(history.demand.shape[1], np.int64)
    length = _block(terms)
    base = seeds(history.names, terms.seed, "scenarios")
    for number in range(terms.scenarios):
        made = _resampled(history, base, number, length, model.season)
        played = _played(made, terms, reach, model, window, history.begin + model.learning)
        held += _fill(played, (0,), 1) >= terms.target
    return held / terms.scenarios


def _resampled(history: History, base: Array, number: int, block: int, season: int) -> History:
    """Put a history together from blocks of the item's own, each from its own place in the season."""
    items, periods = history.demand.shape
    lowest, highest = _draws(history.begin, periods, block, season)
    with np.errstate(over="ignore"):
        drawn = uniform(base + np.uint64(number) * np.uint64(0xD1342543DE82EF95), lowest.shape[1])
    picked = lowest + np.floor(drawn * (highest - lowest + 1)).astype(np.int64)
    starts = np.maximum(_places(periods, block, season)[None, :] + (season or 1) * picked, 0)
    source = (starts[:, :, None] + np.arange(block)).reshape(items, -1)[:, :periods]
    demand = np.take_along_axis(history.demand, np.minimum(source, periods - 1), axis=1)
    names = tuple(f"{name}/{number}" for name in history.names)
    return History(
        names, demand, history.begin, history.lead_times, history.least, history.multiple, history.on_hand,
        history.is_open,
    )  # fmt: skip


def _block(terms: Terms) -> int:
    """Periods of a block: a week, at least one period."""
    return max(1, round(BLOCK_DAYS / terms.period_days))


def _places(periods: int, block: int, season: int) -> Array:
    """[block]: its place in the season."""
    return (np.arange(-(-periods // block)) * block) % (season or 1)


def _draws(begin: Array, periods: int, block: int, season: int) -> tuple[Array, Array]:
    """[item, block]: the first and the last season that a block may be drawn from; the last is before where none is."""
    cycle, place = season or 1, _places(periods, block, season)[None, :]
    lowest = -(-(begin[:, None] - place) // cycle)
    return lowest, np.broadcast_to((periods - block - place) // cycle, lowest.shape)


def _fill(outcome: Outcome, windows: Sequence[int], lane: int) -> Array:
    """[item]: fill rate over some windows; NaN, which keeps no target, where nothing was asked."""
    asked = outcome.figures[:, list(windows), 0, lane].sum(axis=1)
    served = outcome.figures[:, list(windows), 1, lane].sum(axis=1)
    return np.divide(served, asked, out=np.full_like(asked, np.nan), where=asked > 0)


def _together(outcome: Outcome, proven: Array, most_lost: float) -> Array:
    """[item]: what stays proven once those that lose most are left out, until all together lose no more than allowed.

    The loss is that of the last quarter looked at, in fill rate.
    """
    asked = np.where(proven, outcome.figures[:, 1, 0, 0], 0.0)
    lost = np.where(proven, outcome.figures[:, 1, 1, 0] - outcome.figures[:, 1, 1, 1], 0.0)
    order = np.argsort(-(lost - most_lost * asked), kind="stable")
    # Of the rest from each place on: do they lose too much?
    over = (lost - most_lost * asked)[order][::-1].cumsum()[::-1] > 1e-9 * max(float(asked.sum()), 1.0)
    left = proven.copy()
    left[order[over]] = False
    return left


def _judge(outcome: Outcome, proven: Array, target: float, price: Array) -> Judged:
    fills = [_fill(outcome, (2,), lane) for lane in (0, 1)]
    stock = outcome.stock[:, 2, :] * price[:, None]
    asked = outcome.figures[:, 2, 0, 0].sum()
    served = outcome.figures[:, 2, 1, :]
    mixed = np.where(proven, served[:, 1], served[:, 0]).sum()
    return Judged(
        int(proven.sum()),
        # Where nothing was asked, nothing was missed.
        int((~(fills[1][proven] < target)).sum()),
        int((~(fills[0][proven] < target)).sum()),
        float(stock[:, 0].sum()),
        float(np.where(proven, stock[:, 1], stock[:, 0]).sum()),
        float(served[:, 0].sum() / asked) if asked > 0 else 1.0,
        float(mixed / asked) if asked > 0 else 1.0,
    )
