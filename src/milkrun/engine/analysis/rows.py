"""The items one by one, as rows: for the table of the report, for the JSON and for the CSV."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.figures import Figures
from milkrun.engine.readiness.verdict import Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# column -> what it says, with its unit; the order is the order of the CSV.
COLUMNS = {
    "item": "number of the item",
    "description": "text from the files",
    "category": "text from the files",
    "supplier": "text from the files",
    "verdict": "way of supply that fits: mto, jit, kanban, ddmrp, hybrid, jic, run_down, insufficient",
    "score": "readiness, 0 to 100",
    "binding": "the factor that takes most from the score",
    "confidence": "how far the evidence carries the verdict",
    "abc_use": "class by use a year",
    "abc_revenue": "class by revenue a year",
    "abc_stock": "class by stock value",
    "xyz": "class by variation of demand",
    "kind": "smooth, erratic, intermittent, lumpy or none",
    "interval": "ADI: periods over periods with demand",
    "size_variation": "CV2 of the sizes where there was demand",
    "variation": "coefficient of variation of demand by period",
    "history": "periods that count",
    "demand": "demand in them, base units",
    "mean_day": "mean demand a day, base units",
    "use_value": "use a year, money",
    "revenue": "revenue a year, money",
    "value": "worth of one base unit, money",
    "value_from": "cost or price",
    "pack": "largest pack of which all sales are multiples",
    "forecast_error": "WAPE over lead time and review, share",
    "forecast": "demand expected over the next lead time and review, base units",
    "forecast_strong": "demand that nineteen of twenty such intervals stay within, base units",
    "forecast_by": "the model, and whether it was chosen for the group or for the item",
    "lead_time": "mean lead time, days",
    "lead_time_from": "item, receipts, supplier or assumed",
    "on_hand": "stock now, base units",
    "stock_value": "its worth, money",
    "cover_days": "how long it lasts, days",
    "idle_days": "days since the last issue",
    "age_0_30": "stock that came within 30 days, base units",
    "age_31_60": "31 to 60 days ago",
    "age_61_90": "61 to 90 days ago",
    "age_over_90": "more than 90 days ago",
    "safety_stock": "for the service level of the report, base units",
    "step": "share of the safety stock that a first step down should take",
    "step_care": "conservative where demand swings too much for any step",
    "step_proven": "yes where a step of 20 % held in the replay and in nine of ten scenarios",
    "reorder_point": "demand of lead time and review, and safety stock, base units",
    "order_quantity": "economic order quantity, at least the minimum, base units",
    "excess": "stock above reorder point and one order, base units",
    "excess_value": "its worth, money",
    "state": "dead, slow, overstock, ended or empty",
}


Firsts: TypeAlias = "tuple[NDArray[np.float64], NDArray[np.bool_]]"
"""For each item the share that a first step down should take, and whether a step is proven."""


def item_rows(
    book: Book, found: Figures, verdicts: Sequence[Verdict], firsts: Firsts | None = None
) -> list[dict[str, Any]]:
    """Return one row for each item, in the order of their numbers."""
    texts, pattern, leads = book.masters.texts, found.pattern, found.leads
    seen = found.foreseen.wape if found.foreseen else None
    sources = ["price" if priced else "cost" for priced in book.masters.value_is_price]
    columns: dict[str, Sequence[Any]] = {
        "item": book.items, "description": texts["description"], "category": texts["category"],
        "supplier": texts["supplier"], "verdict": [one.code for one in verdicts],
        "score": [round(one.score, 2) for one in verdicts], "binding": [one.binding for one in verdicts],
        "confidence": [one.confidence for one in verdicts], "abc_use": found.abc_use, "abc_revenue": found.abc_revenue,
        "abc_stock": found.abc_stock, "xyz": pattern.xyz, "kind": pattern.kind, "interval": _numbers(pattern.interval),
        "size_variation": _numbers(pattern.size_variation), "variation": _numbers(pattern.variation),
        "history": pattern.history.tolist(), "demand": _numbers(pattern.total), "mean_day": _numbers(found.mean_day),
        "use_value": _numbers(found.use_value), "revenue": _numbers(found.revenue),
        "value": _numbers(book.masters.value), "value_from": sources, "pack": found.pack.tolist(),
        "forecast_error": _numbers(seen) if seen is not None else [None] * len(book.items),
        **_forecasts(book, found), "lead_time": _numbers(leads.mean), "lead_time_from": leads.source,
        "on_hand": _numbers(found.on_hand),
        "stock_value": _numbers(found.stock_value), "cover_days": _numbers(found.cover_days),
        "idle_days": _numbers(found.idle_days), **_aged(book, found),
        "safety_stock": _numbers(found.safety), **_steps(book, firsts), "reorder_point": _numbers(found.reorder),
        "order_quantity": _numbers(found.lot), "excess": _numbers(found.excess),
        "excess_value": _numbers(found.excess_value), "state": _states(book, found),
    }  # fmt: skip
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*(columns[name] for name in COLUMNS), strict=True)]
    for row in rows:
        if row["value"] is None:
            row["value_from"] = ""
    return rows


def _steps(book: Book, firsts: Firsts | None) -> dict[str, Sequence[Any]]:
    if firsts is None:
        return {"step": [None] * len(book.items), **dict.fromkeys(("step_care", "step_proven"), [""] * len(book.items))}
    suggested, proven = firsts
    return {
        "step": _numbers(suggested), "step_care": ["" if one > 0 else "conservative" for one in suggested],
        "step_proven": ["yes" if one else "no" for one in proven],
    }  # fmt: skip


def _forecasts(book: Book, found: Figures) -> dict[str, Sequence[Any]]:
    seen = found.foreseen
    if seen is None:
        return dict.fromkeys(("forecast", "forecast_strong", "forecast_by"), [None] * len(book.items))
    # Without an origin to compare, a forecast is not shown: nobody could say how far off it is.
    judged = [math.isfinite(error) for error in seen.wape.tolist()]
    columns = {"forecast": _numbers(seen.total), "forecast_strong": _numbers(seen.strong), "forecast_by": seen.method}
    return {
        name: [value if fine else None for value, fine in zip(values, judged, strict=True)]
        for name, values in columns.items()
    }


def _numbers(values: NDArray[np.float64]) -> list[float | None]:
    return [float(f"{value:.10g}") if math.isfinite(value) else None for value in values.tolist()]


def _aged(book: Book, found: Figures) -> dict[str, Sequence[Any]]:
    names = ("age_0_30", "age_31_60", "age_61_90", "age_over_90")
    if found.layers is None:
        return dict.fromkeys(names, [None] * len(book.items))
    return {name: _numbers(pieces) for name, pieces in zip(names, found.layers.pieces.T, strict=True)}


def _states(book: Book, found: Figures) -> list[str]:
    ended = book.demand.ended if book.demand is not None else found.dead
    flags = [("dead", found.dead), ("slow", found.slow), ("overstock", found.excess > 0), ("ended", ended)]
    return [next((name for name, held in flags if held[at]), "") for at in range(len(book.items))]
