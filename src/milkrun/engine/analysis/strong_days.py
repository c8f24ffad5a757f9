"""How much is asked for on a strong day: one of twenty is stronger. It sizes the stock that a call-off needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from milkrun.engine.analysis.demand import DemandBook

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STRONGER = 0.05


def has_days(demand: DemandBook) -> bool:
    """Whether the file tells days, and not only weeks or months by one date each."""
    import numpy as np

    weekdays = np.unique(demand.frame["day"].unique().to_numpy() % 7)
    return demand.periods.bucket != "month" and len(weekdays) > 2


def strong_days(demand: DemandBook) -> Floats:
    """[item]: demand that 95 % of its days stay within, of its periods over their days where the file has no days.

    Days without a sale count, in the periods that count for the item.
    """
    if not has_days(demand):
        import numpy as np

        code, period = demand.counts.nonzero()
        largest = _largest(code, demand.demand[code, period], demand.counts.sum(axis=1))
        return np.asarray(largest / demand.periods.mean_days)
    return _largest(*_by_day(demand), demand.observed_days)


def _by_day(demand: DemandBook) -> tuple[NDArray[np.int64], Floats]:
    """Sum what was asked for on each day that counts: its item and its quantity."""
    import numpy as np

    code, day, quantity = (demand.frame[name].to_numpy() for name in ("code", "day", "quantity"))
    period = demand.periods.of(day)
    inside = (period >= 0) & (period < demand.periods.count)
    inside[inside] = demand.counts[code[inside], period[inside]]
    first = int(day.min())
    length = int(day.max()) - first + 1
    place, back = np.unique(code[inside] * length + (day[inside] - first), return_inverse=True)
    return place // length, np.bincount(back, weights=quantity[inside], minlength=len(place)).astype(np.float64)


def _largest(code: NDArray[np.int64], quantity: Floats, counted: NDArray[Any]) -> Floats:
    """[item]: its quantity below which all but one of twenty of its days lie; days that are not listed are at zero."""
    import numpy as np

    order = np.lexsort((-quantity, code))
    code, quantity = code[order], quantity[order]
    listed = np.bincount(code, minlength=len(counted))
    first = np.cumsum(listed) - listed
    above = np.floor(STRONGER * counted + 1e-9).astype(np.int64)
    found = np.zeros(len(counted))
    some = above < listed
    found[some] = quantity[(first + above)[some]]
    return found
