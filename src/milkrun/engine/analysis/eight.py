"""The eight measures of an inventory, each with its formula, its inputs and its period, or with what is missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from milkrun.engine.analysis import receipts as buying
from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.figures import Figures
from milkrun.engine.analysis.measures import GREEN, NONE, Input, Measure, light
from milkrun.engine.analysis.orders import NEEDED, fulfilled
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.analysis.stockouts import StockoutFigures
from milkrun.engine.analysis.window import Window
from milkrun.engine.metrics.money import YEAR, carrying_cost, turnover

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOW_STOCKOUTS, HIGH_STOCKOUTS = 0.5, 2.0


def cost_of_goods(book: Book, window: Window) -> NDArray[np.float64] | None:
    """Return the cost of what each item used or sold in the window; None where no cost or no demand is known."""
    import numpy as np

    if book.demand is None or book.masters.basis != "cost":
        return None
    rows = book.demand.frame
    inside = rows["day"].to_numpy() >= (window.first - date(1970, 1, 1)).days
    used = np.bincount(
        rows["code"].to_numpy()[inside], weights=rows["quantity"].to_numpy()[inside], minlength=len(book.items)
    )
    return np.nan_to_num(used * book.masters.numbers["unit_cost"])


def average_at_cost(book: Book, found: Figures) -> NDArray[np.float64]:
    """Return the worth of each item's average stock, at cost where the cost of any item is known; NaN without one."""
    return found.average * book.masters.numbers["unit_cost"] if book.masters.basis == "cost" else found.average_value


def eight(book: Book, found: Figures, settings: Settings, out: StockoutFigures | None) -> tuple[Measure, ...]:
    """Work out the eight measures."""
    window = book.window
    return (
        *_turns_and_days(book, found, settings, window),
        _fulfilment(book, settings, window),
        _on_time(book, settings),
        _stockouts(book, out),
        _carrying(book, found, settings),
        _lead_times(book),
        _accuracy(book, found),
    )


def _turns_and_days(book: Book, found: Figures, settings: Settings, window: Window) -> tuple[Measure, Measure]:
    import numpy as np

    cost = cost_of_goods(book, window)
    average = float(np.nansum(average_at_cost(book, found))) if book.stock else None
    needs = _first_missing(
        (book.demand is None, "sales or usage (date, item, quantity)"), (book.stock is None, "stock (on hand)"),
        (book.masters.basis != "cost", "unit cost"),
    )  # fmt: skip
    goods = None if cost is None else float(cost.sum())
    seen = turnover(goods, average, window.days) if not needs and goods and average else None
    turns, days = (seen.turns, seen.days) if seen else (None, None)
    if not needs and turns is None:
        needs = "no movement: the cost of goods or the value of the stock is zero"
    inputs = (
        Input("cost of goods in the period", goods, "money"), Input("days of the period", float(window.days), "days"),
        Input("average inventory value", average, "money"),
    )  # fmt: skip
    note = (_averaged(book, window) + ("" if needs else _without_cost(book, found))).strip()
    target = settings.turns_target
    common = {"inputs": inputs, "period": window.ends, "needs": needs, "note": note, "playbook": "turnover"}
    return (
        Measure("turnover", "Inventory turnover", turns, "turns",
                "cost of goods x 365 / days / average inventory value",
                light=light(turns, target, target / 2), target=f"at least {target:g} a year", assumed=("turns_target",),
                **common),  # type: ignore[arg-type]
        Measure("days_of_inventory", "Days of inventory", days, "days",
                "average inventory value / cost of goods x days",
                light=light(days, YEAR / target, 2 * YEAR / target, more_is_better=False),
                target=f"at most {YEAR / target:.0f} days", assumed=("turns_target",), **common),  # type: ignore[arg-type]
    )  # fmt: skip


def _averaged(book: Book, window: Window) -> str:
    """Say where the average stands on one day only, or on one before the period."""
    if book.stock is None:
        return ""
    if book.stock.to_day < window.first:
        return f"No stock is known in the period: that of {book.stock.to_day.isoformat()} stands for it."
    if book.stock.days_known == 1:
        return "The stock of one day is taken as the average (assumed): more days would give a mean over time."
    return ""


def _without_cost(book: Book, found: Figures) -> str:
    """Say how many items with stock or demand turnover does not hold, on neither side."""
    import numpy as np

    there = (np.nan_to_num(found.average) > 0) | (found.pattern.total > 0)
    count = int((np.isnan(book.masters.numbers["unit_cost"]) & there).sum())
    return _left_out(count, "it has no cost", "they have no cost")


def _first_missing(*needs: tuple[bool, str]) -> str:
    missing = [name for absent, name in needs if absent]
    return "needs " + ", ".join(missing) if missing else ""


def _fulfilment(book: Book, settings: Settings, window: Window) -> Measure:
    title, formula = "Order fulfilment", "orders complete and on time / all orders due x 100"
    missing = [name for name in NEEDED if book.orders is None or name not in book.orders.columns]
    words = {"order": "order number", "promised_at": "promised date", "shipped_at": "date sent"}
    if missing or book.orders is None:
        needs = "needs " + ", ".join(words[name] for name in missing)
        return Measure("order_fulfilment", title, None, "share", formula, period=window.ends, needs=needs)
    seen, misses = fulfilled(book.orders, window.first, book.as_of)
    goal = settings.fulfilment_target
    note = "Above 99 % stock may be more than is needed." if (seen.rate or 0) > 0.99 else ""
    partial = (
        "" if "shipped_quantity" in book.orders.columns else "Without a quantity sent, a line sent counts as complete. "
    )
    return Measure(
        "order_fulfilment", title, seen.rate, "share", formula,
        (Input("orders complete and on time", seen.fulfilled, "orders"), Input("orders due", seen.orders, "orders")),
        window.ends, light(seen.rate, goal, goal - 0.05), target=f"{goal:.0%} to 99 %", assumed=("fulfilment_target",),
        needs="" if seen.orders else "no order was due", note=partial + note,
        beside=(
            Input("orders complete, late or not", seen.complete / seen.orders if seen.orders else None, "share"),
            Input("lines filled at once", seen.line_fill, "share"),
            Input("pieces filled at once", seen.unit_fill, "share"),
        ),
        playbook="fulfilment", detail=tuple(misses),
    )  # fmt: skip


def _on_time(book: Book, settings: Settings) -> Measure:
    title, formula = "Supplier on-time delivery", "deliveries complete by the promised date / deliveries due x 100"
    every = buying.by(book.receipts, None)[0] if book.receipts is not None else None
    if every is None or every.on_time is None:
        needs = "needs the promised date of purchase orders" if every else "needs purchase orders (promised, received)"
        return Measure("supplier_on_time", title, None, "share", formula, leading=True, needs=needs)
    seen, goal = every.on_time, settings.on_time_target
    shown = light(seen.rate, goal, goal - 0.10)
    unproven = shown == GREEN and (seen.proven or 0) < goal
    return Measure(
        "supplier_on_time", title, seen.rate, "share", formula,
        (Input("deliveries on time", seen.on_time, "deliveries"), Input("deliveries due", seen.due, "deliveries")),
        _span(book, "promised_at"), "yellow" if unproven else shown, True, f"at least {goal:.0%}", ("on_time_target",),
        "" if seen.due else "no delivery was due",
        "Open orders past their promise count as late." + (" Not proven: too few deliveries." if unproven else ""),
        (Input("proven at 95 % (Wilson's lower bound)", seen.proven, "share"),), "suppliers",
    )  # fmt: skip


def _span(book: Book, column: str) -> tuple[str, str] | None:
    if book.receipts is None or column not in book.receipts.columns:
        return None
    days = book.receipts[column].drop_nulls()
    return (str(days.min()), str(days.max())) if days.len() else None


def _stockouts(book: Book, out: StockoutFigures | None) -> Measure:
    title, formula = "Stockouts", "runs of days at zero with demand due x 30 / days with a known stock"
    if out is None or book.stock is None:
        needs = "needs the stock of each day (on hand with a date)"
        return Measure("stockouts", title, None, "events per item in 30 days", formula, needs=needs, leading=False)
    events, days, zero = int(out.events.sum()), int(out.event_days.sum()), int(out.zero_days.sum())
    rate = events * 30 / out.item_days if out.item_days and book.demand is not None else None
    return Measure(
        "stockouts", title, rate, "events per item in 30 days", formula,
        (Input("stockouts with demand due", events, "events"),
         Input("item days with a known stock", out.item_days, "days")),
        (book.stock.from_day.isoformat(), book.stock.to_day.isoformat()),
        light(rate, LOW_STOCKOUTS, HIGH_STOCKOUTS, more_is_better=False), target=f"at most {LOW_STOCKOUTS:g}",
        needs="" if book.demand is not None else "needs sales or usage to tell a stockout from an empty shelf",
        note="Sales do not show what was asked for in vain: runs at zero without a sale are only suspected."
        + _left_out(out.left_out, "its stock is not known for each day", "their stock is not known for each day"),
        beside=(
            Input("mean length of a stockout", days / events if events else None, "days"),
            Input("days at zero, asked for or not", zero / out.item_days if out.item_days else None, "share"),
            Input("suspected stockouts", int(out.suspected.sum()), "events"),
        ),
        playbook="stockouts",
    )  # fmt: skip


def _left_out(count: int, one: str, many: str) -> str:
    return f" {count} items are left out: {many}." if count > 1 else f" 1 item is left out: {one}." if count else ""


def _carrying(book: Book, found: Figures, settings: Settings) -> Measure:
    import numpy as np

    title, formula = (
        "Carrying cost",
        "average inventory value x rate a year (capital + storage + insurance + obsolescence)",
    )
    average = float(np.nansum(found.average_value)) if book.stock and book.masters.basis else None
    if average is None:
        needs = _first_missing((book.stock is None, "stock (on hand)"), (not book.masters.basis, "unit cost"))
        return Measure("carrying_cost", title, None, "money a year", formula, needs=needs)
    whole = average * settings.carrying_rate
    fixed = whole * settings.carrying_fixed_share
    cost = carrying_cost(average, whole - fixed, fixed)
    parts = tuple(
        Input(name, whole * getattr(settings, f"carrying_{name}"), "money a year")
        for name in ("capital", "storage", "insurance", "obsolescence")
    )
    pieces = float(np.nansum(np.where(np.isnan(found.average_value), np.nan, found.average)))
    said = "carrying_rate" in settings.said
    return Measure(
        "carrying_cost", title, cost.amount, "money a year", formula,
        (Input("average inventory value", average, "money"), Input("rate", settings.carrying_rate, "share"), *parts),
        None, light(cost.share, 0.25, 0.30, more_is_better=False) if said else NONE, target="20 to 30 % is usual",
        assumed=("carrying_rate", "carrying_fixed_share", "carrying_capital", "carrying_storage", "carrying_insurance",
                 "carrying_obsolescence"),
        note="Fixed cost stays when stock falls, so the amount may fall while the share rises."
        + ("" if said else " The rate is assumed, not taken from your data."),
        beside=(
            Input("share of average inventory value", cost.share, "share"),
            Input("variable part", cost.variable, "money a year"),
            Input("fixed part (building, people, systems)", fixed, "money a year"),
            Input("cost of one unit of stock", cost.amount / pieces if pieces > 0 else None, "money a year"),
        ),
        playbook="carrying",
    )  # fmt: skip


def _lead_times(book: Book) -> Measure:
    title, formula = (
        "Lead-time variance",
        "sample deviation of (received - ordered) over suppliers, weighted by receipts",
    )
    lots = book.receipts
    every = buying.by(lots, None)[0].lead if lots is not None else None
    if lots is None or every is None:
        return Measure("lead_time_variance", title, None, "days", formula, leading=True,
                       needs="needs the dates ordered and received of purchase orders")  # fmt: skip
    spread = every.variation
    by_supplier = buying.by(lots, "supplier") if "supplier" in lots.columns else ()
    worst = max(by_supplier, key=lambda one: (one.lead.variation or 0) if one.lead else 0, default=None)
    return Measure(
        "lead_time_variance", title, every.deviation, "days", formula,
        (Input("receipts", every.count, "receipts"), Input("mean lead time", every.mean, "days")),
        _span(book, "received_at"), light(spread, 0.25, 0.5, more_is_better=False), True,
        "variation at most 0.25 (just-in-time)",
        note=f"{worst.name} varies most." if worst and worst.lead else "",
        beside=(
            Input("coefficient of variation", spread, "ratio"), Input("median", every.p50, "days"),
            Input("nine of ten came within", every.p90, "days"),
            Input("robust deviation (1.4826 MAD)", every.robust, "days"),
        ),
        playbook="suppliers",
    )  # fmt: skip


def _accuracy(book: Book, found: Figures) -> Measure:
    title, formula = "Forecast accuracy (MAPE)", "mean of |actual - forecast| / actual x 100 over intervals with demand"
    seen = found.foreseen
    if book.demand is None or seen is None or not seen.shares_of.sum():
        return Measure("forecast_accuracy", title, None, "share", formula, leading=True,
                       needs="needs sales or usage of more than a dozen periods")  # fmt: skip
    mape = float(seen.shares.sum() / seen.shares_of.sum())
    asked, missed, signed = float(seen.asked.sum()), float(seen.absolute.sum()), float(seen.signed.sum())
    return Measure(
        "forecast_accuracy", title, mape, "share", formula,
        (Input("intervals with demand", float(seen.shares_of.sum()), "intervals"),
         Input("intervals without demand, left out", float(seen.zeros.sum()), "intervals")),
        (book.demand.periods.starts[0].isoformat(), book.demand.periods.starts[-1].isoformat()),
        light(mape, 0.20, 0.40, more_is_better=False), True, "below 20 %; above 40 % keep stock",
        note="Demand of lead time and review, forecast at every origin by a pool of models chosen by kind of demand. "
        "MAPE leaves out intervals without demand and misleads where demand is intermittent: look at WAPE there.",
        beside=(
            Input("WAPE", missed / asked if asked else None, "share"),
            Input("bias (above 0: too much was forecast)", signed / asked if asked else None, "share"),
        ),
        playbook="forecast",
    )  # fmt: skip
