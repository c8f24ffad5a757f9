"""Every figure by category, supplier and month: the parts add up to the whole, and shares are made of the parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from milkrun.engine.analysis import receipts as buying
from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.eight import average_at_cost, cost_of_goods
from milkrun.engine.analysis.figures import Figures
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.analysis.stockouts import StockoutFigures
from milkrun.engine.analysis.window import Window
from milkrun.engine.metrics.money import turnover

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NOT_NAMED = "(not named)"
SEASONS = {12: "winter", 1: "winter", 2: "winter", 3: "spring", 4: "spring", 5: "spring",
           6: "summer", 7: "summer", 8: "summer", 9: "autumn", 10: "autumn", 11: "autumn"}  # fmt: skip


def splits(
    book: Book, found: Figures, settings: Settings, out: StockoutFigures | None, window: Window
) -> dict[str, list[dict[str, Any]]]:
    """Return the figures by category, supplier, month and season; a name that no file has is left out."""
    result: dict[str, list[dict[str, Any]]] = {}
    for name in ("category", "supplier"):
        labels = book.masters.texts[name]
        if any(labels):
            result[name] = _by_label(book, found, settings, out, window, [text or NOT_NAMED for text in labels], name)
        elif book.receipts is not None and name in book.receipts.columns:
            result[name] = [_deliveries(one) for one in buying.by(book.receipts, name)]
    months = _by_month(book)
    if months:
        result["month"] = months
        result["season"] = _by_season(months)
    return result


def _by_label(
    book: Book, found: Figures, settings: Settings, out: StockoutFigures | None, window: Window,
    labels: Sequence[str], name: str,
) -> list[dict[str, Any]]:  # fmt: skip
    import numpy as np

    names, place = np.unique(np.array(labels, dtype=object).astype(str), return_inverse=True)
    goods = cost_of_goods(book, window)

    def summed(values: Floats | None) -> Floats | None:
        if values is None:
            return None
        return np.bincount(place, weights=np.nan_to_num(values), minlength=len(names)).astype(np.float64)

    parts: dict[str, Any] = {
        "items": np.bincount(place, minlength=len(names)),
        "demand": summed(found.pattern.total if book.demand else None),
        "use_value": summed(found.use_value if book.masters.basis and book.demand else None),
        "cost_of_goods": summed(goods),
        "stock_value": summed(found.stock_value if book.stock else None),
        "average_value": summed(average_at_cost(book, found) if book.stock else None),
        "held": summed(found.average_value if book.stock else None),
        "stockouts": summed(out.events.astype(float) if out else None),
        "absolute_error": summed(found.foreseen.absolute if found.foreseen else None),
        "foreseen_demand": summed(found.foreseen.asked if found.foreseen else None),
    }  # fmt: skip
    lots = book.receipts is not None and name in book.receipts.columns
    bought = {one.name: one for one in buying.by(book.receipts, name)} if lots and book.receipts is not None else {}
    rows = []
    for at, label in enumerate(names):
        row = {key: (None if values is None else float(values[at])) for key, values in parts.items()}
        rows.append({"name": str(label), **_shares(row, settings, window), **_bought(bought.get(str(label)))})
    # Who delivered but is no item's usual one has no items, and yet deliveries: or the parts would not add up.
    nothing = {key: None if values is None else 0.0 for key, values in parts.items()}
    rows += [
        {"name": label, **_shares(dict(nothing), settings, window), **_bought(bought[label])}
        for label in bought.keys() - set(names.tolist())
    ]
    return sorted(rows, key=lambda row: str(row["name"]))


def _shares(row: dict[str, float | None], settings: Settings, window: Window) -> dict[str, Any]:
    """Add to the parts what is made of them."""
    goods, average = row["cost_of_goods"], row["average_value"]
    seen = turnover(goods, average, window.days) if goods and average else None
    missed, whole, held = row.pop("absolute_error"), row.pop("foreseen_demand"), row.pop("held")
    return {
        **row, "items": int(row["items"] or 0),
        "turns": seen.turns if seen else None, "days_of_inventory": seen.days if seen else None,
        "carrying_cost": None if held is None else held * settings.carrying_rate,
        "wape": missed / whole if missed is not None and whole else None,
    }  # fmt: skip


def _bought(found: buying.Delivered | None) -> dict[str, Any]:
    if found is None:
        return {}
    seen = _deliveries(found)
    return {key: value for key, value in seen.items() if key not in ("name",)}


def _deliveries(found: buying.Delivered) -> dict[str, Any]:
    return {
        "name": found.name, "order_lines": found.orders, "spend": found.spend,
        "deliveries_due": found.on_time.due if found.on_time else None,
        "deliveries_on_time": found.on_time.on_time if found.on_time else None,
        "on_time": found.on_time.rate if found.on_time else None,
        "receipts": found.lead.count if found.lead else None,
        "lead_time_mean": found.lead.mean if found.lead else None,
        "lead_time_deviation": found.lead.deviation if found.lead else None,
        "received": found.received or None, "rejected": found.rejected, "reject_rate": found.reject_rate,
    }  # fmt: skip


def _by_month(book: Book) -> list[dict[str, Any]]:
    import polars as pl

    rows: dict[str, dict[str, Any]] = {}
    if book.demand is not None:
        for month, values in _demand_by_month(book).items():
            rows.setdefault(month, {"name": month}).update(values)
    lots = book.receipts
    day = next((name for name in ("ordered_at", "received_at") if lots is not None and name in lots.columns), None)
    if lots is not None and day:
        dated = lots.with_columns(pl.col(day).dt.strftime("%Y-%m").alias("month"))
        for one in buying.by(dated, "month"):
            rows.setdefault(one.name, {"name": one.name}).update(
                {key: value for key, value in _deliveries(one).items() if key != "name"}
            )
    return [rows[month] for month in sorted(rows)]


def _demand_by_month(book: Book) -> dict[str, dict[str, Any]]:
    """Sum demand, its cost and its revenue by month, in the order of the rows so that sums agree."""
    import numpy as np

    assert book.demand is not None  # noqa: S101
    frame = book.demand.frame
    first = int(frame["day"].min())  # type: ignore[arg-type]
    span = int(frame["day"].max()) - first + 1  # type: ignore[arg-type]
    names = [(date(1970, 1, 1) + timedelta(days=first + place)).isoformat()[:7] for place in range(span)]
    months = sorted(set(names))
    of_day = np.searchsorted(np.array(months), np.array(names))
    place, quantity = of_day[frame["day"].to_numpy() - first], frame["quantity"].to_numpy()
    demand = np.bincount(place, weights=quantity, minlength=len(months))
    rows = {month: {"demand": float(demand[at])} for at, month in enumerate(months)}
    if "price" in frame.columns:
        price = np.maximum(frame["price"].fill_null(0.0).to_numpy(), 0.0)
        revenue = np.bincount(place, weights=quantity * price, minlength=len(months))
        for at, month in enumerate(months):
            rows[month]["revenue"] = float(revenue[at])
    if book.masters.basis == "cost":
        cost = np.nan_to_num(book.masters.numbers["unit_cost"])[frame["code"].to_numpy()]
        goods = np.bincount(place, weights=quantity * cost, minlength=len(months))
        for at, month in enumerate(months):
            rows[month]["cost_of_goods"] = float(goods[at])
    return rows


def _by_season(months: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sums: dict[str, dict[str, Any]] = {}
    for row in months:
        season = sums.setdefault(SEASONS[int(row["name"][5:7])], {"months": 0})
        season["months"] += 1
        for key in ("demand", "revenue", "cost_of_goods", "order_lines", "spend"):
            if row.get(key) is not None:
                season[key] = season.get(key, 0.0) + row[key]
    return [{"name": name, **sums[name]} for name in ("winter", "spring", "summer", "autumn") if name in sums]
