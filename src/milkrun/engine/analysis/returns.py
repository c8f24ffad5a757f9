"""Returns: what a customer sent back within 30 days was no demand, on the day it was sold."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from milkrun.engine.tables.raw import LINE

if TYPE_CHECKING:
    import polars as pl

WITHIN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Netted:
    """Sales after returns.

    Args:
        frame: all rows; what was sent back is taken off the sale it belongs to.
        lonely: lines of returns for which there is no sale.
        taken_back: returns that found a sale.
        quantity: pieces that were taken off.
    """

    frame: pl.DataFrame
    lonely: list[int]
    taken_back: int
    quantity: float


def net_returns(frame: pl.DataFrame) -> Netted:
    """Take returns off the latest sales of the same item to the same customer within 30 days before."""
    import polars as pl

    returns = frame.filter(pl.col("quantity") < 0)
    if "customer" not in frame.columns:
        return Netted(frame, returns[LINE].to_list(), 0, 0.0)
    known = returns.filter(pl.col("customer").is_not_null())
    sales = frame.filter(pl.col("quantity") > 0).join(
        known.select("customer", "item").unique(), on=["customer", "item"], how="semi"
    )
    book = _by_customer_and_item(sales)
    lonely = returns.filter(pl.col("customer").is_null())[LINE].to_list()
    off: dict[int, float] = {}
    taken = 0
    for customer, item, day, quantity, line in _in_order(known):
        found = _take_back(book.get((customer, item)), day, -quantity, off)
        taken += found
        if not found:
            lonely.append(line)
    return Netted(_taken_off(frame, off), sorted(lonely), taken, sum(off.values()))


# Days in order, and for each sale its line and what is left of it.
Sales = tuple[list[int], list[list[float]]]


def _in_order(frame: pl.DataFrame) -> list[tuple[str, str, int, float, int]]:
    import polars as pl

    wanted = frame.select("customer", "item", pl.col("date").to_physical(), "quantity", LINE)
    return wanted.sort("date", LINE).rows()


def _by_customer_and_item(sales: pl.DataFrame) -> dict[tuple[str, str], Sales]:
    book: dict[tuple[str, str], Sales] = {}
    for customer, item, day, quantity, line in _in_order(sales):
        days, rest = book.setdefault((customer, item), ([], []))
        days.append(day)
        rest.append([line, quantity])
    return book


def _take_back(sales: Sales | None, day: int, quantity: float, off: dict[int, float]) -> bool:
    """Take a quantity off sales up to a day, the latest first; say whether there was any."""
    if sales is None:
        return False
    days, rest = sales
    found = False
    for place in range(bisect_right(days, day) - 1, -1, -1):
        if quantity <= 0 or days[place] < day - WITHIN_DAYS:
            break
        line, left = rest[place]
        if left > 0:
            part = min(left, quantity)
            rest[place][1] -= part
            quantity -= part
            off[int(line)] = off.get(int(line), 0.0) + part
            found = True
    return found


def _taken_off(frame: pl.DataFrame, off: dict[int, float]) -> pl.DataFrame:
    import polars as pl

    if not off:
        return frame
    less = pl.DataFrame({LINE: list(off), "off": list(off.values())}, schema={LINE: pl.Int64, "off": pl.Float64})
    joined = frame.join(less, on=LINE, how="left", maintain_order="left")
    return joined.with_columns(pl.col("quantity") - pl.col("off").fill_null(0)).drop("off")
