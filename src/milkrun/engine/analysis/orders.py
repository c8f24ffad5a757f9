"""What customers got: orders complete and on time, from lines with what was promised and what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milkrun.engine.metrics.fulfilment import Fulfilment, OrderLine, fulfilment

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

NEEDED = ("order", "promised_at", "shipped_at")
MISSES = 50


def fulfilled(frame: pl.DataFrame, first: date, as_of: date) -> tuple[Fulfilment, list[dict[str, object]]]:
    """Count orders that were due in a period, and list those that were missed.

    A line is due when its promise has passed within the period; one not sent by then is late. Without a quantity
    sent, a line that was sent counts as complete.

    Args:
        frame: order, quantity, promised_at, shipped_at and, where known, shipped_quantity.
        first: the first day that counts.
        as_of: the last day that counts.
    """
    import polars as pl

    due = frame.filter(
        pl.col("promised_at").is_between(first, as_of) & pl.col("order").is_not_null() & (pl.col("quantity") > 0)
    )
    quantity = pl.col("quantity")
    told = pl.col("shipped_quantity").fill_null(quantity) if "shipped_quantity" in frame.columns else quantity
    sent = pl.when(pl.col("shipped_at").is_null()).then(0.0).otherwise(told)
    late = (pl.col("shipped_at").fill_null(as_of) - pl.col("promised_at")).dt.total_days().cast(pl.Float64)
    lines = due.select("order", pl.col("quantity"), sent.alias("sent"), late.alias("late")).sort("order")
    found = fulfilment(OrderLine(*row) for row in lines.iter_rows())
    missed = lines.filter((pl.col("sent") < pl.col("quantity")) | (pl.col("late") > 0))
    rows = missed.group_by("order").agg(
        pl.col("late").max(),
        (pl.col("quantity") - pl.col("sent")).clip(0).sum().alias("short"),
        pl.len().alias("lines"),
    )
    worst = rows.sort(["short", "late", "order"], descending=[True, True, False]).head(MISSES)
    return found, [
        {"order": order, "days_late": max(0.0, days), "short": short, "lines": count}
        for order, days, short, count in worst.select("order", "late", "short", "lines").iter_rows()
    ]
