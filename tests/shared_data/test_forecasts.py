"""Car parts show why the model is chosen for the group: an item's own best of many is mostly luck.

Forecasts of the next month, chosen on 42 months and judged on the next 9, by root mean squared error: earlier
measurements gave 1.076 for the group and 1.095 for each item's own best; the best single model of statsforecast,
known only afterwards, has 1.0706 (IMAPA).
"""

import numpy as np
import polars as pl
import pytest

from milkrun.engine.forecasts.kernel import AT_DAMPED, AT_NAIVE, AT_ZERO, COUNT, ERROR, SQUARE, judge
from milkrun.engine.forecasts.pool import Series, forecast
from tests.conftest import SHARED_DATA

SEEN, MONTHS = 42, 51


def test_on_car_parts_the_groups_model_beats_each_items_own_best() -> None:
    table = pl.read_parquet(SHARED_DATA / "planning" / "carparts_monthly.parquet").sort("sku", "date")
    demand = table["qty"].cast(pl.Float64).to_numpy().reshape(-1, MONTHS)
    demand = np.ascontiguousarray(demand[~np.isnan(demand).any(axis=1)])
    items = len(demand)
    begin, ones = np.zeros(items, int), np.ones(items, int)

    found = forecast(Series(demand[:, :SEEN], begin, ones * SEEN, ones, begin))
    judged, _, _, _ = judge(demand, begin, ones * MONTHS, ones, SEEN, 0, -ones)

    later = np.sqrt(judged[:, SQUARE] / judged[:, COUNT])
    earlier = found.sums[:, SQUARE] / found.sums[:, COUNT]
    earlier[:, AT_NAIVE:AT_DAMPED] = np.inf
    picked = later[np.arange(items), found.chosen]
    luck = later[np.arange(items), earlier.argmin(axis=1)]
    group = np.bincount(found.chosen).argmax()
    assert items == 2509
    assert total(later[:, group]) <= 1.0706
    assert total(luck) == pytest.approx(1.095, abs=0.005)
    assert total(picked) <= 1.0706
    # By absolute errors the forecast of nothing would win, and be off by all of the demand.
    assert total(later[:, AT_ZERO]) > total(picked) * 1.1
    assert abs(judged[:, ERROR, group].mean() / judged[0, COUNT, 0]) < 0.1


def total(errors: np.ndarray) -> float:
    return float(np.sqrt((errors**2).mean()))
