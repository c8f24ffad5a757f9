"""The twin: the same digits as plain Python, the costs of textbooks, and its own accounts."""

from itertools import product

import numpy as np
import pytest

from milkrun.engine.policies.newsvendor import newsvendor
from milkrun.engine.simulate.kernel import DEMAND, ORDERED, ORDERS, PERIODS, SERVED, STOCK
from milkrun.engine.simulate.proof import Terms, kept, prove_step
from milkrun.engine.simulate.sizing import Model, protection
from milkrun.engine.simulate.twin import Candidates, History, fixed_lots, run
from milkrun.engine.simulate.twin import _arrivals as arrivals
from tests.engine.plain_twin import Plain

ITEMS, PERIODS_SEEN = 6, 150


def history(seed: int, *, closed: bool) -> History:
    chance = np.random.default_rng(seed)
    demand = chance.poisson(4, (ITEMS, PERIODS_SEEN)) * (chance.random((ITEMS, PERIODS_SEEN)) < 0.7) * 1.5
    return History(
        tuple(f"item {number}" for number in range(ITEMS)), demand, np.array([0, 0, 3, 10, 0, 40]),
        tuple(chance.integers(0, 9, chance.integers(1, 6)) for _ in range(ITEMS)),
        np.array([0, 0, 12, 5, 0, 30.0]), np.array([0, 4, 0, 5, 0.3, 7.0]),
        np.array([np.nan, 3, 20, np.nan, 0, 9]),
        np.arange(PERIODS_SEEN) % 7 < 5 if closed else None,
    )  # fmt: skip


@pytest.mark.parametrize(("lost", "closed", "seed"), [(lost, closed, 3) for lost, closed in product((0, 1), (0, 1))])
def test_the_compiled_loop_gives_the_digits_of_plain_python(lost: bool, closed: bool, seed: int) -> None:
    seen = history(seed, closed=closed)
    chance = np.random.default_rng(seed + 1)
    mean, spread = chance.gamma(9, 0.4, seen.demand.shape), chance.gamma(5, 1.0, seen.demand.shape)
    window = np.repeat([-1, 0, 1, -1, 2], 30)
    shape = (ITEMS, 19)
    plans = Candidates(
        chance.uniform(0, 12, shape), chance.uniform(-0.5, 2, shape), chance.uniform(0, 20, shape),
        chance.integers(1, 9, shape),
    )  # fmt: skip
    opening = chance.uniform(0, 60, shape)

    found = run(seen, mean, spread, plans, window, lost=lost, seed=5, opening=opening).figures

    arrival, _ = arrivals(seen, 5)
    for item, lane in product(range(ITEMS), range(shape[1])):
        plain = Plain(
            plans.cover[item, lane], plans.factor[item, lane], plans.gap[item, lane], int(plans.cycle[item, lane]),
            seen.least[item], seen.multiple[item], lost,
        )  # fmt: skip
        told = plain.play(
            seen.demand[item], mean[item], spread[item], arrival[item], seen.open_periods, window,
            int(seen.begin[item]), opening[item, lane],
        )  # fmt: skip
        assert found[item, :, :, lane].tolist() == [told[place].values() for place in range(3)]


def one_item(demand: np.ndarray, lead_time: float = 0.0, multiple: float = 0.0) -> History:
    return History(
        ("bolt",), demand[None, :], np.zeros(1, int), ([lead_time],), np.zeros(1), np.full(1, multiple),
        np.full(1, np.nan),
    )  # fmt: skip


def constant(levels: list[float], gaps: list[float], cycle: int = 1) -> Candidates:
    """Levels that do not move: one period of a mean of 1 for each piece."""
    return Candidates(
        np.array([levels], float), np.zeros((1, len(levels))), np.array([gaps], float),
        np.full((1, len(levels)), cycle),
    )  # fmt: skip


def play(demand: np.ndarray, plans: Candidates, **how: float) -> np.ndarray:
    ones = np.ones((1, len(demand)))
    return run(one_item(demand, **how), ones, ones * 0, plans, np.zeros(len(demand), int)).figures[0, 0]


def test_a_base_stock_costs_what_the_newsvendor_says() -> None:
    """Snyder and Shen, 2nd ed., example 4.3: holding 0.18, backorder 0.70, demand N(50, 8)."""
    demand = np.random.default_rng(0).normal(50, 8, 400_000)
    season = newsvendor(50, 8, over=0.18, under=0.70)

    seen = play(demand, constant([season.order - 10, season.order, season.order + 10], [0, 0, 0]))
    late = seen[DEMAND] - seen[SERVED]
    cost = (0.18 * seen[STOCK] + 0.70 * late) / seen[PERIODS]

    assert cost[1] == pytest.approx(season.cost, rel=0.01)
    assert cost[1] == min(cost)


@pytest.mark.parametrize(
    ("rate", "fixed", "holding", "late", "small", "big", "cost"),
    [(6, 5, 1, 4, 4, 10, 8.034112), (4, 150, 40, 125, 2, 7, 223.574830)],
)
def test_s_s_policies_cost_what_the_textbook_says(
    rate: int, fixed: float, holding: float, late: float, small: int, big: int, cost: float
) -> None:
    """(s, S) of Poisson demand, lead time none: Snyder and Shen, 2nd ed., example 4.7 and problem 4.31."""
    demand = np.random.default_rng(1).poisson(rate, 400_000).astype(float)

    seen = play(demand, constant([small], [big - small]))[:, 0]

    # Orders come before the next period's demand, so the stock after demand carries the cost.
    backlog = _backlog(demand, small, big)
    average = (fixed * seen[ORDERS] + holding * seen[STOCK]) / seen[PERIODS] + late * backlog
    assert average == pytest.approx(cost, rel=0.01)


def _backlog(demand: np.ndarray, small: int, big: int) -> float:
    """Count late pieces a period by walking the inventory position of (s, S) without lead time."""
    position, late = float(big), 0.0
    for asked in demand:
        after = position - asked
        late += max(-after, 0.0)
        position = big if after <= small else after
    return late / len(demand)


def test_fixed_lots_are_ordered_at_the_level_and_only_as_many_as_lift_the_position_above_it() -> None:
    demand = np.zeros(6)
    demand[:3] = [10, 1, 120]

    plans = constant([40.0], [float(fixed_lots(50.0))])
    ones = np.ones((1, 6))
    seen = run(one_item(demand, 1.0, 50.0), ones, ones * 0, plans, np.arange(6), opening=np.array([[50.0]])).figures

    assert seen[0, :, ORDERED, 0].tolist() == [50, 0, 100, 0, 0, 0]


def test_what_was_ordered_was_served_or_lies_there() -> None:
    seen = history(9, closed=False)
    ones = np.ones(seen.demand.shape)
    plans = Candidates(*(np.full((ITEMS, 2), value) for value in (9.0, 1.0, 4.0)), np.full((ITEMS, 2), 3))
    opening = np.full((ITEMS, 2), 15.0)
    quiet = History(seen.names, np.hstack([seen.demand, np.zeros((ITEMS, 60))]), *(
        getattr(seen, name) for name in ("begin", "lead_times", "least", "multiple", "on_hand")
    ))  # fmt: skip
    last = np.concatenate([np.zeros(209, int), [1]])

    told = run(quiet, np.ones(quiet.demand.shape), np.ones(quiet.demand.shape), plans, last, lost=True, opening=opening)

    assert ones.shape[1] == PERIODS_SEEN
    arrived = told.total(ORDERED).sum(axis=1) + 15.0 - told.total(SERVED).sum(axis=1)
    np.testing.assert_allclose(arrived, told.total(STOCK)[:, 1], atol=1e-6)


def test_items_get_the_same_lead_times_in_any_order_and_company() -> None:
    seen = history(4, closed=True)
    turned = History(
        seen.names[::-1], seen.demand[::-1], seen.begin[::-1], seen.lead_times[::-1], seen.least[::-1],
        seen.multiple[::-1], seen.on_hand[::-1], seen.is_open,
    )  # fmt: skip
    ones = np.ones(seen.demand.shape)
    plans = Candidates(*(np.full((ITEMS, 3), value) for value in (9.0, 1.0, 4.0)), np.full((ITEMS, 3), 2))
    window = np.zeros(PERIODS_SEEN, int)

    one = run(seen, ones, ones, plans, window, seed=2).figures
    other = run(turned, ones, ones, plans, window, seed=2).figures

    assert one.tobytes() == np.ascontiguousarray(other[::-1]).tobytes()
    assert one.tobytes() != run(seen, ones, ones, plans, window, seed=3).figures.tobytes()


def seasonal(begins: list[int]) -> History:
    """Three years of weeks with a strong season; before its beginning an item has no demand."""
    week, items = np.arange(160), len(begins)
    chance = np.random.default_rng(3)
    usual = chance.uniform(50, 150, 52)[week % 52]
    demand = chance.normal(usual, 8, (items, 160)) * (week >= np.array(begins)[:, None])
    return History(
        tuple(f"item {number}" for number in range(items)), demand, np.array(begins), ([1.0],) * items,
        np.zeros(items), np.zeros(items), np.full(items, np.nan),
    )  # fmt: skip


def test_no_step_is_proven_for_an_item_of_which_no_period_was_replayed() -> None:
    weekly = Terms(scenarios=5, period_days=7, seasons=(52,))

    found = prove_step(seasonal([0] * 6 + [85, 60]), weekly, decide=120)

    assert found.model.season == 52
    assert found.proven[:6].any()
    assert found.eligible.tolist() == [True] * 6 + [False, False]
    assert not found.proven[6:].any()


def test_a_scenario_in_which_nothing_was_asked_keeps_no_target() -> None:
    quiet = one_item(np.zeros(60), 1.0)

    assert kept((Terms(scenarios=3), Model(0.1, 0)), (quiet, protection(quiet, 1))).tolist() == [0.0]
