"""What is known of each item beside its movements: from whichever file tells it, the most specific first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TEXTS = ("description", "category", "supplier", "critical")
NUMBERS = ("unit_cost", "price", "min_order", "multiple", "lead_time_days", "container", "tolerated_wait_days")


@dataclass(slots=True)
class Masters:
    """Texts and numbers of each item; an empty text and NaN where nothing is known.

    Args:
        texts: name to one text for each item.
        numbers: name to one number for each item.
        value: what one piece is worth: its cost, or else its price.
        value_is_price: items whose worth is a sales price for want of a cost.
        basis: cost, price, or empty where nothing has a worth.
    """

    texts: dict[str, list[str]]
    numbers: dict[str, Floats]
    value: Floats
    value_is_price: NDArray[np.bool_]
    basis: str


def masters(frames: Sequence[tuple[str, pl.DataFrame]], items: tuple[str, ...]) -> Masters:
    """Gather what the files say of each item.

    Args:
        frames: kind and rows of every file that names items; of several values for an item the last row counts for
            texts, and the mean by quantity for costs and prices.
        items: all items, ascending.
    """
    import numpy as np
    import polars as pl

    texts = {name: [""] * len(items) for name in TEXTS}
    numbers = {name: np.full(len(items), np.nan) for name in NUMBERS}
    codes = pl.DataFrame({"item": items, "code": range(len(items))}, schema={"item": pl.String, "code": pl.Int64})
    # Of several files the item master counts before stock, receipts and movements.
    rank = {"items": 3, "stock": 2, "receipts": 1, "demand": 0}
    for _, frame in sorted(frames, key=lambda pair: rank[pair[0]]):
        coded = frame.drop("code", strict=False).join(codes, on="item", how="inner", maintain_order="left")
        _take_texts(coded, texts)
        _take_numbers(coded, numbers)
    cost, price = numbers["unit_cost"], numbers["price"]
    value = np.where(np.isnan(cost), price, cost)
    basis = "cost" if not np.isnan(cost).all() else "price" if not np.isnan(price).all() else ""
    return Masters(texts, numbers, value, np.isnan(cost) & ~np.isnan(price), basis)


def _take_texts(frame: pl.DataFrame, texts: dict[str, list[str]]) -> None:
    for name in [name for name in TEXTS if name in frame.columns]:
        # The text that stands there most often; of equals the first by letters, so that runs agree.
        counted = frame.drop_nulls(name).group_by("code", name).len()
        counted = counted.sort("code", "len", name, descending=[False, True, False])
        for code, text in counted.unique("code", keep="first", maintain_order=True).select("code", name).rows():
            texts[name][code] = text


def _take_numbers(frame: pl.DataFrame, numbers: dict[str, Any]) -> None:
    import numpy as np
    import polars as pl

    quantity = next((name for name in ("quantity", "ordered_quantity", "on_hand") if name in frame.columns), None)
    for name in [name for name in NUMBERS if name in frame.columns]:
        money = name in ("unit_cost", "price")
        # A price of zero is a gift or a correction, not what the item is worth.
        usable = frame.filter(pl.col(name) > 0) if money else frame.drop_nulls(name)
        codes, values = usable["code"].to_numpy(), usable[name].to_numpy()
        weights = np.ones(len(values))
        if money and quantity:
            weights = np.maximum(usable[quantity].cast(pl.Float64).fill_null(0).to_numpy(), 1e-9)
        items = len(numbers[name])
        whole = np.bincount(codes, weights=weights, minlength=items)
        means = np.bincount(codes, weights=values * weights, minlength=items) / np.where(whole > 0, whole, np.nan)
        numbers[name] = np.where(np.isnan(means), numbers[name], means)
