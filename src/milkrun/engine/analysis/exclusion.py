"""Rows that are no demand: each left out by a rule that has a name, and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from milkrun.engine.analysis.returns import net_returns
from milkrun.engine.tables.raw import LINE

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

# Codes and words of rows that are money, not goods. A code must be the whole code, a word a whole word.
CODES = (
    "post", "postage", "dot", "m", "manual", "d", "discount", "s", "samples", "b", "c2", "carriage", "bank charges",
    "amazonfee", "cruk", "freight", "shipping", "fee", "fees", "service", "versand", "porto", "rabatt", "fracht",
    "frais", "port", "remise", "envio", "descuento", "trasporto", "sconto", "verzendkosten", "korting",
)  # fmt: skip
WORDS = (
    r"(?i)\b(postage|carriage|bank charges|discount|amazon fee|adjust bad debt|gift voucher|commission|"
    r"versandkosten|gutschein|frais de port|gastos de envío|spese di spedizione)\b"
)
CANCELLED = r"(?i)\b(cancel|storn|annul|void|abgebrochen|geannuleerd|anulow)"
RULES = {
    "no_value": "the number the row is about is empty: nothing was recorded, which is not zero",
    "cancelled": "the status says that it was cancelled",
    "after_as_of": "it lies after the day from which is looked back",
    "not_a_product": "postage, fees, discounts, vouchers: money, not goods",
    "stock_adjustment": "a negative quantity without price and customer: a correction of the stock, not a return",
    "return_without_sale": "a return for which no sale to the same customer within 30 days is in the file",
    "received_before_ordered": "received before it was ordered",
}


@dataclass(slots=True)
class Account:
    """Where the rows of a file went: read = used + excluded + refused, to the row."""

    read: int
    refused: int
    excluded: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def used(self) -> int:
        """Rows that count."""
        return self.read - self.refused - sum(self.excluded.values())

    def leave_out(self, frame: pl.DataFrame, rule: str, where: pl.Expr) -> pl.DataFrame:
        """Leave rows out by a rule and count them."""
        kept = frame.filter(~where.fill_null(False))
        if kept.height < frame.height:
            self.excluded[rule] = self.excluded.get(rule, 0) + frame.height - kept.height
        return kept


def only_demand(frame: pl.DataFrame, account: Account, as_of: date | None) -> pl.DataFrame:
    """Leave out what is no demand, and net returns with the sales they belong to.

    Returns:
        The rows that count, no quantity below zero.
    """
    import polars as pl

    has = frame.columns
    if "status" in has:
        frame = account.leave_out(frame, "cancelled", pl.col("status").str.contains(CANCELLED))
    if as_of:
        frame = account.leave_out(frame, "after_as_of", pl.col("date") > as_of)
    money = pl.col("item").str.strip_chars().str.to_lowercase().is_in(CODES)
    if "description" in has:
        money = money | (pl.col("description").str.contains(WORDS) & ~pl.col("item").str.contains(r"^\d{4,}"))
    else:
        # A single letter may be somebody's part number; without a description only words are sure.
        money = money & (pl.col("item").str.len_chars() > 2)
    frame = account.leave_out(frame, "not_a_product", money)
    if "price" in has and "customer" in has:
        adjusted = (pl.col("quantity") < 0) & (pl.col("price") <= 0) & pl.col("customer").is_null()
        frame = account.leave_out(frame, "stock_adjustment", adjusted)
    return _netted(frame, account)


def _netted(frame: pl.DataFrame, account: Account) -> pl.DataFrame:
    import polars as pl

    if not (frame["quantity"] < 0).any():
        return frame
    netted = net_returns(frame)
    if netted.taken_back:
        account.notes.append(
            f"{netted.taken_back} returns with {netted.quantity:,.0f} pieces were taken off the sales they belong to."
        )
    left = account.leave_out(netted.frame, "return_without_sale", pl.col(LINE).is_in(netted.lonely))
    return left.filter(pl.col("quantity") >= 0)
