"""How old stock is: what lies there came with the latest receipts, so the oldest goods left first (FIFO)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from milkrun.engine.analysis.stock import AGES, age_bucket

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NAMES = tuple(name for _, _, name in AGES)


@dataclass(frozen=True, slots=True)
class Layers:
    """Pieces of each item by ageing bucket, and those of which nobody knows when they came.

    Args:
        pieces: items x buckets, in the order of NAMES.
        unknown: pieces older than the files tell, whose age is not sure to be over 90 days.
        by: receipts, last receipt, or last issue: what the age goes by.
    """

    pieces: Floats
    unknown: Floats
    by: str


def by_receipts(lots: pl.DataFrame, items: tuple[str, ...], on_hand: Floats, as_of: date, known_days: float) -> Layers:
    """Take stock as what the latest receipts brought.

    Args:
        lots: item, received_at and received or ordered quantity.
        items: all items, ascending.
        on_hand: stock of each item.
        as_of: the day from which ages are counted.
        known_days: how far back receipts go; what is older came before.

    Example:
        >>> import polars as pl, numpy as np
        >>> lots = pl.DataFrame({"item": ["a", "a"], "received_at": [date(2024, 6, 1), date(2024, 3, 1)],
        ...     "received_quantity": [10.0, 10.0]})
        >>> found = by_receipts(lots, ("a",), np.array([25.0]), date(2024, 6, 20), 120)
        >>> found.pieces.tolist(), found.unknown.tolist()
        ([[10.0, 0.0, 0.0, 15.0]], [0.0])
    """
    import numpy as np
    import polars as pl

    quantity = "received_quantity" if "received_quantity" in lots.columns else "ordered_quantity"
    codes = pl.DataFrame({"item": items, "code": range(len(items))}, schema={"item": pl.String, "code": pl.Int64})
    came = lots.drop_nulls(["item", "received_at", quantity]).join(codes, on="item", how="inner")
    came = came.filter((pl.col(quantity) > 0) & (pl.col("received_at") <= as_of))
    came = came.sort("code", "received_at", descending=[False, True], maintain_order=True)
    before = came.select((pl.col(quantity).cum_sum().over("code") - pl.col(quantity)).alias("b"))["b"].to_numpy()
    code, brought = came["code"].to_numpy(), came[quantity].to_numpy()
    there = np.nan_to_num(on_hand).clip(0)
    left = np.clip(there[code] - before, 0.0, brought)
    days = came.select((pl.lit(as_of) - pl.col("received_at")).dt.total_days())["literal"].to_numpy()
    bucket = np.array([NAMES.index(age_bucket(float(day))) for day in days], dtype=np.int64)
    summed = np.bincount(code * len(NAMES) + bucket, weights=left, minlength=len(items) * len(NAMES))
    pieces: Floats = summed.astype(np.float64).reshape(len(items), len(NAMES))
    rest = there - pieces.sum(axis=1)
    if known_days > AGES[-1][0]:
        pieces[:, -1] += rest
        rest = np.zeros(len(items))
    return Layers(pieces, rest, "receipts (first in, first out)")


def by_age(on_hand: Floats, age_days: Floats, by: str) -> Layers:
    """Take all stock of an item as of one age."""
    import numpy as np

    there = np.nan_to_num(on_hand).clip(0)
    names = [age_bucket(float(day)) for day in age_days]
    pieces = np.array(
        [[stock if name == one else 0.0 for one in NAMES] for name, stock in zip(names, there, strict=True)]
    )
    unknown = np.array([0.0 if name else stock for name, stock in zip(names, there, strict=True)])
    return Layers(pieces.reshape(len(there), len(NAMES)), unknown, by)
