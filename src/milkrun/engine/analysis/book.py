"""All files of an analysis as one: items, demand, stock, receipts, and where every row went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from milkrun.engine.analysis import receipts as buying
from milkrun.engine.analysis.demand import DemandBook, demand_book
from milkrun.engine.analysis.exclusion import Account, only_demand
from milkrun.engine.analysis.masters import Masters, masters
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.analysis.stock import StockBook, only_stock, stock_book
from milkrun.engine.analysis.window import Window, window_of
from milkrun.engine.tables.faults import Undecided, Unreadable
from milkrun.engine.tables.intake import Table

if TYPE_CHECKING:
    import polars as pl

DATES = ("date", "snapshot_date", "ordered_at", "received_at", "shipped_at", "stocked_at")


@dataclass(frozen=True, slots=True)
class Book:
    """What the files hold, laid out for the figures.

    Args:
        tables: the files.
        accounts: where the rows of each file went, in the same order.
        as_of: the day from which is looked back.
        items: all items of all files, ascending.
        masters: what is known of each item.
        demand: demand by item and period; None without sales or usage.
        orders: the rows of demand, for what is asked of orders.
        stock: None without stock.
        receipts: judged lines of purchase orders; None without any.
    """

    tables: tuple[Table, ...]
    accounts: tuple[Account, ...]
    as_of: date
    items: tuple[str, ...]
    masters: Masters
    demand: DemandBook | None
    orders: pl.DataFrame | None
    stock: StockBook | None
    receipts: pl.DataFrame | None

    @property
    def fields(self) -> set[str]:
        """Every field that some file has."""
        return {field for table in self.tables for field in table.mapping.columns}

    @property
    def kinds(self) -> set[str]:
        """Every kind of table that is there."""
        return {table.mapping.kind.name for table in self.tables}

    @property
    def window(self) -> Window:
        """The days over which the measures look."""
        return window_of(self.demand, self.as_of)


def lay_out(tables: Sequence[Table], settings: Settings) -> Book:
    """Put the rows of all files into one book.

    Raises:
        Unreadable: no row is left that counts.
    """
    import polars as pl

    accounts = [_account(table) for table in tables]
    frames = [_kept(table, account, settings) for table, account in zip(tables, accounts, strict=True)]
    kinds = [table.mapping.kind.name for table in tables]
    if not any(frame.height for frame in frames):
        raise Unreadable("no_rows", "No row is left that could be used; the reasons stand with the refused rows.")
    as_of = settings.as_of or _last_day(frames)
    named = [(kind, frame) for kind, frame in zip(kinds, frames, strict=True) if "item" in frame.columns]
    items = tuple(pl.concat([frame["item"] for _, frame in named]).drop_nulls().unique().sort()) if named else ()
    sales, lots = _of(kinds, frames, "demand"), _of(kinds, frames, "receipts")
    stock = _of(kinds, frames, "stock")
    if stock is None and sales is not None and "on_hand" in sales.columns:
        stock = sales.drop_nulls("on_hand").rename({"date": "snapshot_date"})
    demand = demand_book(sales, items, as_of) if sales is not None else None
    known = masters(named, items)
    lots = _priced(lots, items, known) if lots is not None else None
    return Book(
        tuple(tables), tuple(accounts), as_of, items, known, demand, sales,
        stock_book(stock, items, window_of(demand, as_of)) if stock is not None and stock.height else None,
        buying.judged(lots, as_of, settings) if lots is not None else None,
    )  # fmt: skip


def _priced(lots: pl.DataFrame, items: tuple[str, ...], known: Masters) -> pl.DataFrame:
    """Value purchase orders without a price at the cost that another file tells of the item."""
    import polars as pl

    if "item" not in lots.columns or known.basis != "cost" or {"unit_cost", "agreed_price"} & set(lots.columns):
        return lots
    costs = pl.DataFrame({"item": items, "unit_cost": known.numbers["unit_cost"]}).with_columns(
        pl.col("unit_cost").fill_nan(None)
    )
    return lots.join(costs, on="item", how="left", maintain_order="left")


def _account(table: Table) -> Account:
    refused = len({row.line for row in table.refused})
    return Account(table.read, refused, {"no_value": table.empty} if table.empty else {})


def _kept(table: Table, account: Account, settings: Settings) -> pl.DataFrame:
    kind = table.mapping.kind.name
    if kind == "demand":
        return only_demand(table.frame, account, settings.as_of)
    if kind == "stock":
        return only_stock(table.frame, account, settings.as_of)
    return buying.only_receipts(table.frame, account, settings.as_of) if kind == "receipts" else table.frame


def _last_day(frames: Sequence[pl.DataFrame]) -> date:
    days = [frame[name].max() for frame in frames for name in DATES if name in frame.columns]
    known = [day for day in days if isinstance(day, date)]
    if not known:
        raise Undecided("which_day", "No file has a date: which day does the stock stand for?", "--as-of YYYY-MM-DD")
    return max(known)


def _of(kinds: Sequence[str], frames: Sequence[pl.DataFrame], wanted: str) -> pl.DataFrame | None:
    """Put all files of one kind below each other."""
    import polars as pl

    found = [frame for kind, frame in zip(kinds, frames, strict=True) if kind == wanted]
    return pl.concat(found, how="diagonal") if found else None
