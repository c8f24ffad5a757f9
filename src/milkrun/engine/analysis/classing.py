"""The classes as a whole: how much of the items and of the money each holds, and where two bases disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.figures import Figures
from milkrun.engine.analysis.layers import NAMES
from milkrun.engine.analysis.stockouts import StockoutFigures

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

USUAL_A_ITEMS = (0.10, 0.20)
LISTED = 20


def classes(book: Book, found: Figures, out: StockoutFigures | None) -> dict[str, Any]:
    """Sum the classes up."""
    bases = {
        "use": found.use_value if book.masters.basis else found.use,
        "revenue": found.revenue,
        "stock": found.stock_value,
    }
    held = {"use": found.abc_use, "revenue": found.abc_revenue, "stock": found.abc_stock}
    titles = {
        "use": "use a year at cost" if book.masters.basis == "cost" else
               "use a year at sales price" if book.masters.basis else "use a year in pieces",
        "revenue": "revenue a year", "stock": "stock value now",
    }  # fmt: skip
    abc = [_abc(book, found, name, titles[name], bases[name], held[name]) for name in bases if any(held[name])]
    return {
        "abc": abc, "mismatch": _mismatch(book, found), "matrix": _matrix(found),
        "kinds": _counts(found.pattern.kind if book.demand else ()),
        "xyz": _counts(found.pattern.xyz), "bucket": book.demand.periods.bucket if book.demand else None,
        "ageing": _ageing(book, found),
        "running_out": running_out(book, found, out), **_lists(book, found),
    }  # fmt: skip


def _counts(labels: tuple[str, ...]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for label in labels:
        if label:
            counted[label] = counted.get(label, 0) + 1
    return dict(sorted(counted.items()))


def _abc(book: Book, found: Figures, name: str, title: str, values: Floats, held: tuple[str, ...]) -> dict[str, Any]:
    import numpy as np

    worth, classes_ = np.nan_to_num(values).clip(0), np.array(held)
    whole = float(worth.sum())
    moved = np.nan_to_num(found.use)
    rows: list[dict[str, Any]] = []
    for letter in "ABC":
        inside = classes_ == letter
        rows.append({
            "class": letter, "items": int(inside.sum()), "item_share": float(inside.mean()),
            "value": float(worth[inside].sum()), "value_share": float(worth[inside].sum()) / whole,
            "quantity_share": float(moved[inside].sum() / moved.sum()) if moved.sum() else None,
            "revenue_share": _part(found.revenue, inside), "stock_share": _part(found.stock_value, inside),
        })  # fmt: skip
    order = np.argsort(-worth, kind="stable")
    upto = np.cumsum(worth[order]) / whole
    points = np.unique(np.linspace(0, len(worth) - 1, min(len(worth), 101)).astype(int))
    curve = [[float((at + 1) / len(worth)), float(upto[at])] for at in points]
    share = rows[0]["item_share"]
    flag = (
        ""
        if USUAL_A_ITEMS[0] <= share <= USUAL_A_ITEMS[1]
        else f"A holds {share:.0%} of the items; 10 to 20 % is usual."
    )
    # A C item of which much moves: cheap, but not small.
    busy = float(np.quantile(moved[moved > 0], 0.9)) if (moved > 0).any() else 0.0
    many = np.flatnonzero((classes_ == "C") & (moved >= busy) & (moved > 0))
    listed = _worst(book, moved, many)
    return {
        "basis": name, "title": title, "rows": rows, "curve": curve, "flag": flag, "busy_c_items": len(many),
        "busy_c": listed,
    }  # fmt: skip


def _part(values: Floats, inside: NDArray[np.bool_]) -> float | None:
    import numpy as np

    worth = np.nan_to_num(values).clip(0)
    return float(worth[inside].sum() / worth.sum()) if worth.sum() else None


def _mismatch(book: Book, found: Figures) -> dict[str, Any] | None:
    """Items that are A by stock and C by use or revenue, and the other way round: where the money sits wrong."""
    import numpy as np

    basis = found.abc_revenue if any(found.abc_revenue) else found.abc_use
    if not any(basis) or not any(found.abc_stock):
        return None
    by_use, by_stock = np.array(basis), np.array(found.abc_stock)
    table = [[int(((by_use == use) & (by_stock == held)).sum()) for held in "ABC"] for use in "ABC"]
    idle = np.flatnonzero((by_stock == "A") & (by_use == "C"))
    thin = np.flatnonzero((by_use == "A") & (by_stock == "C"))
    a_items = by_use == "A"
    return {
        "basis": "revenue" if any(found.abc_revenue) else "use", "table": table,
        "a_items": int(a_items.sum()), "a_item_share": float(a_items.mean()),
        "a_value_share": _part(found.revenue if any(found.abc_revenue) else found.use_value, a_items),
        "a_stock_share": _part(found.stock_value, a_items),
        "dead_money": _worst(book, found.stock_value, idle),
        "dead_money_value": float(np.nansum(found.stock_value[idle])),
        "thin": _worst(book, found.use_value, thin),
    }  # fmt: skip


def _worst(book: Book, values: Floats, places: NDArray[np.int64]) -> list[dict[str, Any]]:
    import numpy as np

    order = places[np.argsort(-np.nan_to_num(values[places]), kind="stable")][:LISTED]
    texts = book.masters.texts["description"]
    return [{"item": book.items[at], "description": texts[at], "value": float(values[at])} for at in order]


def _matrix(found: Figures) -> list[list[int]] | None:
    """Count items by ABC of use and XYZ."""
    import numpy as np

    if not any(found.abc_use) or not any(found.pattern.xyz):
        return None
    by_value, by_swing = np.array(found.abc_use), np.array(found.pattern.xyz)
    return [[int(((by_value == value) & (by_swing == swing)).sum()) for swing in "XYZ"] for value in "ABC"]


def _ageing(book: Book, found: Figures) -> dict[str, Any] | None:
    import numpy as np

    layers = found.layers
    if layers is None or not (layers.pieces.sum() + layers.unknown.sum()):
        return None
    worth = np.nan_to_num(book.masters.value) if book.masters.basis else np.ones(len(book.items))
    columns = [*zip(NAMES, layers.pieces.T, strict=True), ("not known", layers.unknown)]
    whole = float(((layers.pieces.sum(axis=1) + layers.unknown) * worth).sum())
    rows = [
        {"days": name, "items": int((pieces > 0).sum()), "quantity": float(pieces.sum()),
         "value": float((pieces * worth).sum()), "share": float((pieces * worth).sum()) / whole if whole else None}
        for name, pieces in columns
        if name != "not known" or pieces.any()
    ]  # fmt: skip
    return {"by": layers.by, "rows": rows}


def _lists(book: Book, found: Figures) -> dict[str, Any]:
    import numpy as np

    if book.stock is None:
        return {"dead": None, "slow": None, "overstock": None}
    worth = found.stock_value if book.masters.basis else found.on_hand
    over = found.excess_value if book.masters.basis else found.excess
    excess = np.nan_to_num(over) * ~found.dead
    return {
        "dead": _group(book, worth, found.dead), "slow": _group(book, worth, found.slow),
        "overstock": _group(book, excess, excess > 0),
    }  # fmt: skip


def running_out(book: Book, found: Figures, out: StockoutFigures | None) -> list[dict[str, Any]]:
    """List the fast movers (A items by use) that ran out, the longest first: they stand beside the slow movers."""
    import numpy as np

    if out is None:
        return []
    fast = np.array(found.abc_use) == "A"
    order = np.lexsort((np.arange(len(fast)), -out.events, -out.event_days))
    texts = book.masters.texts["description"]
    return [
        {"item": book.items[at], "description": texts[at], "events": int(out.events[at]),
         "days": int(out.event_days[at]), "zero_days": int(out.zero_days[at])}
        for at in order[:LISTED * 5]
        if fast[at] and out.events[at]
    ][:LISTED]  # fmt: skip


def _group(book: Book, values: Floats, inside: NDArray[np.bool_]) -> dict[str, Any]:
    import numpy as np

    return {
        "items": int(inside.sum()), "value": float(np.nansum(values[inside])),
        "worst": _worst(book, values, np.flatnonzero(inside)),
    }  # fmt: skip
