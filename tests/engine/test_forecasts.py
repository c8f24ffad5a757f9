"""The pool: each model as plain Python has it, the choice by group, and spreads that cover what came."""

import numpy as np
import pytest

from milkrun.engine.analysis.accuracy import foreseen
from milkrun.engine.forecasts import kernel
from milkrun.engine.forecasts.kernel import COUNT, ERROR, SQUARE, judge
from milkrun.engine.forecasts.models import NAMES
from milkrun.engine.forecasts.pool import MEAN_OF_TOP, Series, forecast
from milkrun.engine.forecasts.regression import regress
from tests.engine import plain_pool as plain


def plain_forecast(name: str, seen: list[float], reach: int, season: int) -> float | None:
    family, _, rest = name.rpartition(" ")
    if family in ("SES", "SBA", "TSB"):
        alpha = float(rest)
        return plain.ses(seen, alpha) if family == "SES" else plain.rare(seen, alpha, family)
    if family == "mean of":
        return plain.mean_of(seen, int(rest))
    if family == "season x SES":
        return plain.seasoned(seen, float(rest), reach, season)
    if family == "damped trend":
        alpha, beta = (float(part) for part in rest.split("/"))
        return plain.damped(seen, alpha, beta, reach)
    if name == "none":
        return 0.0
    return plain.last_season(seen, reach, season) if name == "last season" else None


@pytest.mark.parametrize(("reach", "rare"), [(1, 1.0), (3, 0.3), (5, 0.8)])
def test_every_model_forecasts_at_every_origin_what_plain_python_does(reach: int, rare: float) -> None:
    chance = np.random.default_rng(7)
    demand = chance.poisson(6, (3, 40)) * (chance.random((3, 40)) < rare) * 1.0
    begin, end = np.array([0, 4, 0]), np.array([40, 40, 33])

    sums, last, _, _ = judge(demand, begin, end, np.full(3, reach), 12, 4, np.full(3, -1))

    for item in range(3):
        own = demand[item, begin[item] : end[item]].tolist()
        # The place in the season is that of the calendar, not that in the item's history.
        assert begin[item] % 4 == 0
        origins = range(12, len(own) - reach + 1)
        for model, name in enumerate(NAMES):
            told = [plain_forecast(name, own[:origin], reach, 4) for origin in [*origins, len(own)]]
            if told[-1] is None:
                continue
            assert last[item, model] == pytest.approx(told[-1], abs=1e-9), name
            errors = [
                guess - sum(own[origin : origin + reach]) / reach
                for guess, origin in zip(told, origins, strict=False)
                if guess is not None
            ]
            assert sums[item, COUNT, model] == len(errors)
            assert sums[item, ERROR, model] == pytest.approx(sum(errors), abs=1e-7), name
            assert sums[item, SQUARE, model] == pytest.approx(sum(error**2 for error in errors), abs=1e-6), name


def test_the_line_and_theta_follow_a_straight_rise() -> None:
    demand = np.arange(10.0, 50.0)[None, :]

    _, last, _, _ = judge(demand, np.array([0]), np.array([40]), np.array([4]), 12, 0, np.array([-1]))

    assert last[0, kernel.AT_TREND] == pytest.approx(np.mean([50, 51, 52, 53]))
    assert last[0, kernel.AT_TREND] == pytest.approx(plain.line(demand[0].tolist(), 4))
    level = plain.ses([sum(demand[0, :1]), *demand[0, 1:]], 0.2)
    assert last[0, kernel.AT_THETA + 1] == pytest.approx(level + 0.5 * 2.5)


def series(demand: np.ndarray, reach: int = 2, season: int = 0, group: int = 0) -> Series:
    items, periods = demand.shape
    return Series(
        demand, np.zeros(items, int), np.full(items, periods), np.full(items, reach), np.full(items, group), season
    )


def test_one_model_serves_a_group_whose_items_are_alike() -> None:
    demand = np.random.default_rng(3).poisson(8, (60, 60)) * 1.0

    found = forecast(series(demand))

    assert len(set(found.chosen[np.array(found.reason) == "group"])) == 1
    assert found.reason.count("group") >= 54
    assert np.abs(found.mean - 8).max() < 2
    assert np.abs(np.nan_to_num(found.bias)).max() < 1.5


def test_an_item_that_differs_from_its_group_gets_a_model_of_its_own() -> None:
    chance = np.random.default_rng(5)
    demand = chance.poisson(8, (40, 80)) * 1.0
    demand[7] = 5 + 1.5 * np.arange(80)

    found = forecast(series(demand))

    assert found.reason[7] == "own"
    assert found.models[int(found.chosen[7])] in {"line", "mean of 1", "SES 0.9"}
    assert found.total[7] == pytest.approx(2 * (5 + 1.5 * 80.5), rel=0.02)


def test_a_group_too_small_to_choose_for_takes_the_mean_of_five() -> None:
    found = forecast(series(np.random.default_rng(1).poisson(8, (4, 50)) * 1.0))

    assert set(found.chosen) == {MEAN_OF_TOP}
    assert set(found.reason) == {"top five"}


def test_demand_that_follows_the_weekday_is_forecast_by_a_season() -> None:
    chance = np.random.default_rng(2)
    week = np.array([10, 12, 14, 12, 20, 2, 0.0])
    demand = chance.poisson(np.tile(week, 20), (30, 140)) * 1.0

    found = forecast(series(demand, reach=1, season=7))

    assert all("season" in found.models[int(one)] for one in found.chosen)
    assert np.abs(found.mean - 10).max() < 5


def test_quantiles_cover_as_often_as_they_say() -> None:
    chance = np.random.default_rng(9)
    demand = chance.gamma(2.0, 5.0, (400, 62))

    found = forecast(series(demand[:, :60]))
    came = demand[:, 60:].sum(axis=1)

    for share in (0.5, 0.8, 0.95):
        assert float((came <= found.quantile(share)).mean()) == pytest.approx(share, abs=0.05)
    assert (found.quantile(0.95) > found.quantile(0.5)).all()


def test_what_is_always_far_off_is_called_persistently_wrong() -> None:
    chance = np.random.default_rng(11)
    steady = chance.poisson(30, (12, 60)) * 1.0
    wild = chance.choice([1.0, 2.0, 60.0], (12, 60))

    found = forecast(Series(
        np.vstack([steady, wild]), np.zeros(24, int), np.full(24, 60), np.ones(24, int), np.repeat([0, 1], 12)
    ))  # fmt: skip

    assert not found.persistently_wrong[:12].any()
    assert found.persistently_wrong[12:].all()


def test_without_history_nothing_is_claimed() -> None:
    found = forecast(series(np.zeros((2, 5))))

    assert found.origins.tolist() == [0, 0]
    assert np.isnan(found.rmse).all()
    assert np.isnan(found.wape).all()
    assert found.quantile(0.95).tolist() == [0.0, 0.0]


def test_indicators_that_end_too_early_are_refused() -> None:
    with pytest.raises(ValueError, match="needed for 12 periods, there are 11"):
        regress(np.ones((1, 10)), np.zeros((11, 1)), reach=2)


def test_the_bias_of_all_items_is_never_more_than_their_error() -> None:
    rng = np.random.default_rng(5)
    demand = np.concatenate([rng.poisson(8.0, (6, 80)), np.full((2, 80), 5)]).astype(float)
    counts = np.ones(demand.shape, dtype=bool)

    seen = foreseen(demand, counts, np.full(8, 3.0), ("smooth",) * 8, "week")

    assert abs(seen.signed.sum()) <= seen.absolute.sum()
    assert seen.absolute.sum() > 0
