"""Purchase orders and receipts: lead times, deliveries on time, quality and spend, by supplier and by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from milkrun.engine.analysis.exclusion import CANCELLED, Account
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.metrics.supply import LeadTimes, OnTime, lead_times

if TYPE_CHECKING:
    import polars as pl

NOT_NAMED = "(not named)"
# On time less often in the last half of the year than before by so much is a trend to talk about.
TREND = 0.05
TREND_FROM = 10
YEAR = 365


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one supplier did, or all of them, or one item, or one month.

    Args:
        name: whom it is about.
        orders: order lines.
        quantity: pieces ordered.
        spend: their value at the price paid; None without a price.
        lead: how lead times spread; None without any.
        days: the lead times themselves.
        on_time: deliveries on time among those due; None without promised dates.
        received: pieces received, where quality was looked at.
        rejected: pieces rejected among them; None without such a column.
        unknown_quality: lines without a number of rejects.
        lost: rejected pieces at the price paid; None without a price or rejects.
        trend: share on time of the later half less that of the earlier; None where there are too few.
    """

    name: str
    orders: int
    quantity: float
    spend: float | None
    lead: LeadTimes | None
    days: tuple[float, ...]
    on_time: OnTime | None
    received: float
    rejected: float | None
    unknown_quality: int
    lost: float | None
    trend: float | None

    @property
    def reject_rate(self) -> float | None:
        """Rejected pieces over received ones."""
        return self.rejected / self.received if self.rejected is not None and self.received > 0 else None


def only_receipts(frame: pl.DataFrame, account: Account, as_of: date | None) -> pl.DataFrame:
    """Leave out cancelled orders, and set aside those that came before they were ordered."""
    import polars as pl

    if "status" in frame.columns:
        frame = account.leave_out(frame, "cancelled", pl.col("status").str.contains(CANCELLED))
    if as_of and "ordered_at" in frame.columns:
        frame = account.leave_out(frame, "after_as_of", pl.col("ordered_at") > as_of)
    if {"ordered_at", "received_at"} <= set(frame.columns):
        frame = account.leave_out(frame, "received_before_ordered", pl.col("received_at") < pl.col("ordered_at"))
    return frame


def judged(frame: pl.DataFrame, as_of: date, settings: Settings) -> pl.DataFrame:
    """Add what every line says: lead time in days, whether it was due and on time, its value.

    A line is due when its promise has passed within the last 365 days; one that is still open then is late, or only the
    survivors would count.
    """
    import polars as pl

    has = set(frame.columns)
    columns = []
    if {"ordered_at", "received_at"} <= has:
        columns.append((pl.col("received_at") - pl.col("ordered_at")).dt.total_days().cast(pl.Float64).alias("lead"))
    if {"promised_at", "received_at"} <= has:
        limit = pl.col("promised_at") + pl.duration(days=int(settings.late_tolerance_days))
        came = (pl.col("received_at") <= limit).fill_null(False)
        if {"ordered_quantity", "received_quantity"} <= has:
            came = came & (pl.col("received_quantity") >= pl.col("ordered_quantity")).fill_null(True)
        recent = pl.col("promised_at") > as_of - timedelta(days=YEAR)
        columns += [((limit <= as_of) & recent).fill_null(False).alias("due"), came.alias("came")]
    price = next((name for name in ("agreed_price", "unit_cost") if name in has), None)
    if price and "ordered_quantity" in has:
        columns.append((pl.col("ordered_quantity") * pl.col(price)).alias("spend"))
    if price and "rejected_quantity" in has:
        columns.append((pl.col("rejected_quantity") * pl.col(price)).alias("lost"))
    return frame.with_columns(columns)


def by(frame: pl.DataFrame, column: str | None) -> tuple[Delivered, ...]:
    """Sum lines up by a column, the names ascending; all of them as one without a column."""
    import polars as pl

    if column is None:
        return (_delivered("all", frame),)
    named = frame.with_columns(pl.col(column).cast(pl.String).fill_null(NOT_NAMED)).sort(column, "line")
    parts: Mapping[tuple[object, ...], pl.DataFrame] = named.partition_by(column, as_dict=True, maintain_order=True)
    return tuple(_delivered(str(key[0]), part) for key, part in parts.items())


def _delivered(name: str, part: pl.DataFrame) -> Delivered:
    days = tuple(_numbers(part, "lead"))
    quantity = _numbers(part, "ordered_quantity") or _numbers(part, "received_quantity")
    received, rejected, unknown = _quality(part)
    return Delivered(
        name, part.height, sum(quantity), sum(_numbers(part, "spend")) if "spend" in part.columns else None,
        lead_times(days), days, _on_time(part), received, rejected, unknown,
        sum(_numbers(part, "lost")) if "lost" in part.columns else None, _trend(part),
    )  # fmt: skip


def _numbers(part: pl.DataFrame, column: str) -> Sequence[float]:
    return part[column].drop_nulls().to_list() if column in part.columns else []


def _quality(part: pl.DataFrame) -> tuple[float, float | None, int]:
    """Count rejects only over lines that tell of them: an empty cell is no perfect delivery."""
    if "rejected_quantity" not in part.columns:
        return 0.0, None, 0
    told = part.filter(part["rejected_quantity"].is_not_null())
    came = _numbers(told, "received_quantity") or _numbers(told, "ordered_quantity")
    return sum(came), sum(_numbers(told, "rejected_quantity")), part.height - told.height


def _on_time(part: pl.DataFrame) -> OnTime | None:
    if "due" not in part.columns:
        return None
    due = part.filter(part["due"])
    return OnTime(int(due["came"].sum()), due.height)


def _trend(part: pl.DataFrame) -> float | None:
    if "due" not in part.columns:
        return None
    due = part.filter(part["due"]).sort("promised_at", "line")
    half = due.height // 2
    if half < TREND_FROM:
        return None
    return float(due["came"][half:].mean() or 0) - float(due["came"][:half].mean() or 0)  # type: ignore[arg-type]


def falls(found: Delivered) -> bool:
    """Whether deliveries on time go down so much that somebody should talk to the supplier."""
    return found.trend is not None and found.trend <= -TREND
