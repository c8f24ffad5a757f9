"""How the demand of many items goes, at once: what `engine.classes.pattern` says of one, for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from milkrun.engine.classes import ADI_FROM, CV2_FROM, X_MOST, Y_MOST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Fewer sales say nothing about packs.
PACK_FROM_SALES = 8


@dataclass(frozen=True, slots=True)
class Patterns:
    """One entry for each item; NaN where nothing can be said.

    Args:
        history: periods that count.
        nonzero: periods with demand.
        total: demand in all of them.
        interval: ADI.
        size_variation: CV2, by the population's variance.
        mean: mean a period.
        deviation: sample deviation a period.
        variation: coefficient of variation.
        kind: smooth, erratic, intermittent, lumpy or none.
        xyz: X, Y, Z or empty.
    """

    history: NDArray[np.int64]
    nonzero: NDArray[np.int64]
    total: Floats
    interval: Floats
    size_variation: Floats
    mean: Floats
    deviation: Floats
    variation: Floats
    kind: tuple[str, ...]
    xyz: tuple[str, ...]


def patterns(demand: Floats, counts: NDArray[np.bool_]) -> Patterns:
    """Describe the demand of each item over the periods that count for it.

    Args:
        demand: items x periods.
        counts: whether a period counts for an item.

    Source: Syntetos, Boylan, Croston, Journal of the Operational Research Society 56 (2005).

    Example:
        >>> import numpy as np
        >>> row = np.array([[0, 0, 5, 0, 0, 3, 0, 0, 0, 8, 0, 4.0]])
        >>> seen = patterns(row, np.ones(row.shape, dtype=bool))
        >>> float(seen.interval[0]), round(float(seen.size_variation[0]), 2), seen.kind, seen.xyz
        (3.0, 0.14, ('intermittent',), ('Z',))
    """
    import numpy as np

    counted = np.where(counts, demand, 0.0)
    some = counted > 0
    history, nonzero, total = counts.sum(axis=1), some.sum(axis=1), counted.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        interval = np.where(nonzero > 0, history / nonzero, np.nan)
        mean = np.where(history > 0, total / history, np.nan)
        deviation = np.sqrt(_squares(demand, counts, mean) / np.where(history > 1, history - 1, np.nan))
        size = np.where(nonzero > 0, total / nonzero, np.nan)
        spread = _squares(demand, some, size) / nonzero / size**2
        variation = np.where(mean > 0, deviation / mean, np.nan)
    # What is not a number compares as false, so items without demand fall out of every class.
    rare, uneven = interval >= ADI_FROM, spread >= CV2_FROM
    kind = np.select(
        [nonzero == 0, rare & uneven, rare, uneven], ["none", "lumpy", "intermittent", "erratic"], "smooth"
    )
    xyz = np.select([np.isnan(variation), variation <= X_MOST, variation <= Y_MOST], ["", "X", "Y"], "Z")
    return Patterns(
        history, nonzero, total, interval, spread, mean, deviation, variation,
        tuple(str(each) for each in kind), tuple(str(each) for each in xyz),
    )  # fmt: skip


def _squares(demand: Floats, counts: NDArray[np.bool_], around: Floats) -> Floats:
    import numpy as np

    return np.asarray((np.where(counts, demand - around[:, None], 0.0) ** 2).sum(axis=1), dtype=np.float64)


def packs(codes: NDArray[Any], quantities: Floats, items: int) -> NDArray[np.int64]:
    """Return the largest pack of which every sale of an item is a multiple; 1 where there is none or little evidence.

    Example:
        >>> import numpy as np
        >>> packs(np.zeros(9, dtype=int), np.array([12, 24, 12, 36, 12, 48, 12, 24, 60.0]), 1)
        array([12])
    """
    import numpy as np

    sold = quantities > 0
    codes, quantities = codes[sold], quantities[sold]
    whole = np.ones(items, dtype=bool)
    np.logical_and.at(whole, codes, (quantities % 1 == 0) & (quantities < 2**53))
    common = np.zeros(items, dtype=np.int64)
    fit = whole[codes]
    np.gcd.at(common, codes[fit], quantities[fit].astype(np.int64))
    enough = np.bincount(codes, minlength=items) >= PACK_FROM_SALES
    return np.where(whole & enough & (common > 1), common, 1)


def abc_classes(values: Floats, a_share: float, b_share: float) -> tuple[tuple[str, ...], Floats]:
    """Return the ABC class of each item and the cumulated share up to and with it, as `engine.classes.abc` does.

    Args:
        values: worth of each item, in the order of their numbers.
        a_share: share of value before an item up to which it is an A.
        b_share: the same for B.

    Example:
        >>> import numpy as np
        >>> found, upto = abc_classes(np.array([4200, 2600, 900, 700, 500, 400, 300, 200, 120, 80.0]), 0.8, 0.95)
        >>> "".join(found), round(float(upto[3]), 2)
        ('AAAABBBCCC', 0.84)
    """
    import numpy as np

    worth = np.maximum(values, 0.0)
    order = np.argsort(-worth, kind="stable")
    whole = worth.sum()
    upto = np.cumsum(worth[order]) / whole if whole > 0 else np.ones(len(worth))
    before = np.concatenate([[0.0], upto[:-1]]) if len(worth) else upto
    # A sum of shares that should be 0.8 may come out a hair below it.
    found = np.select([worth[order] <= 0, before < a_share - 1e-12, before < b_share - 1e-12], ["C", "A", "B"], "C")
    classes, cumulated = np.empty(len(worth), dtype="<U1"), np.empty(len(worth))
    classes[order], cumulated[order] = found, upto
    return tuple(str(each) for each in classes), cumulated
