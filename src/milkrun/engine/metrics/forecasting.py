"""How far forecasts were off: several measures side by side, because each hides something.

MAPE leaves out periods without demand and picks the forecast of nothing where demand is intermittent; WAPE and bias
stand beside it, and the scaled errors compare with the naive forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt


@dataclass(frozen=True, slots=True)
class ForecastErrors:
    """The errors of a forecast as shares; None where nothing can be said.

    Args:
        periods: periods compared.
        zeros: periods without demand, which `mape` leaves out.
        mape: mean of |actual - forecast| / actual over periods with demand.
        wape: sum of |actual - forecast| over sum of actual.
        bias: sum of (forecast - actual) over sum of actual; above 0 too much was forecast.
        mase: mean absolute error over that of the last value repeated, in the history.
        rmsse: the same with squares.
    """

    periods: int
    zeros: int
    mape: float | None
    wape: float | None
    bias: float | None
    mase: float | None
    rmsse: float | None


def forecast_errors(
    actual: Sequence[float], forecast: Sequence[float], history: Sequence[float] = ()
) -> ForecastErrors:
    """Compare a forecast with what came.

    Args:
        actual: demand by period.
        forecast: the forecast of the same periods.
        history: demand before them, the scale of the scaled errors.

    Raises:
        ValueError: the two have different lengths.

    Source: Hyndman and Koehler, International Journal of Forecasting 22 (2006).

    Example:
        >>> seen = forecast_errors(
        ...     [100, 0, 80, 120, 0, 90], [90, 10, 100, 110, 5, 95], [95, 0, 110, 85, 0, 100, 0, 105])
        >>> round(seen.mape, 5), round(seen.wape, 5), round(seen.bias, 5), seen.zeros
        (0.12222, 0.15385, 0.05128, 2)
        >>> round(seen.mase, 6), round(seen.rmsse, 6)
        (0.112903, 0.120761)
    """
    pairs = list(zip(actual, forecast, strict=True))
    errors = [guess - seen for seen, guess in pairs]
    whole = sum(actual)
    some = [abs(guess - seen) / seen for seen, guess in pairs if seen > 0]
    steps = [after - before for before, after in pairwise(history)]
    absolute = sum(abs(error) for error in errors)
    by_step = sum(abs(step) for step in steps) / len(steps) if steps else 0
    by_square = sum(step * step for step in steps) / len(steps) if steps else 0
    return ForecastErrors(
        len(pairs),
        sum(seen == 0 for seen in actual),
        sum(some) / len(some) if some else None,
        absolute / whole if whole > 0 else None,
        sum(errors) / whole if whole > 0 else None,
        absolute / len(pairs) / by_step if pairs and by_step else None,
        sqrt(sum(error * error for error in errors) / len(pairs) / by_square) if pairs and by_square else None,
    )
