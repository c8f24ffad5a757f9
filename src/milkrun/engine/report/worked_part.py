"""Items worked out on the page, term by term, and why the stock turns as it does."""

from collections.abc import Mapping, Sequence
from typing import Any

from milkrun.engine.report import charts
from milkrun.engine.report.figure_words import number, share, text
from milkrun.engine.report.parts import VERDICTS
from milkrun.engine.report.rows_of import table

FACTS = {
    "error": "forecast error", "on_time_proven": "proven on-time share", "lead_time": "lead time in days",
    "lead_time_variation": "variation of the lead time", "least": "minimum order",
}  # fmt: skip
SHARES = ("error", "on_time_proven")


def worked(report: Mapping[str, Any]) -> str:
    """Return the items of most use, each opened by a press."""
    if not report["worked"]:
        return ""
    note = "<p class='soft small'>The items of most use, with every term of their arithmetic. Open one.</p>"
    return note + "".join(_item(one, report) for one in report["worked"])


def _item(one: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    title = f"<strong>{text(one['item'])}</strong> {text(one['description'])}: {VERDICTS.get(one['verdict'], '')}, score {one['score']:.0f}"
    inner = f"<div class='two'><div>{_verdict(one)}</div><div>{_terms(one['terms'])}</div>"
    if report["value_basis"]:
        inner += f"<div>{_service(one)}</div><div>{_lots(one['lots'])}</div>"
    return f"<details><summary>{title}</summary>{inner}</div></details>"


def _verdict(one: Mapping[str, Any]) -> str:
    factors = [
        {**each, "name": each["name"].replace("_", " "), "weight": each["weight"] * 100, "points": each["value"] * each["weight"] * 100,
         "said": "assumed: nothing is known" if each["assumed"] else ""}
        for each in one["factors"]
    ]  # fmt: skip
    columns = [
        ("name", "Factor", ""),
        ("raw", "Value", "n"),
        ("points", "Points", "n"),
        ("weight", "of", "n"),
        ("said", "", ""),
    ]
    changes = "".join(f"<li>{_change(change)}</li>" for change in one["changes"])
    return (
        f"<p>Rule {one['rule']}: {text(one['why'])}. Confidence {text(one['confidence'])}.</p>{table(columns, factors, 'Score')}"
        + (f"<p class='small'>What would change it:</p><ul class='small'>{changes}</ul>" if changes else "")
    )


def _change(change: Mapping[str, Any]) -> str:
    now, needed = (
        share(change[key]) if change["fact"] in SHARES else number(change[key], 2) for key in ("now", "needed")
    )
    freed = f", sets free {number(change['releases'])}" if (change["releases"] or 0) > 0 else ""
    return (
        f"{FACTS[change['fact']]} from {now} to {needed}: {VERDICTS.get(change['verdict'], change['verdict'])}{freed}"
    )


def _terms(terms: Mapping[str, Any]) -> str:
    cards = (
        f"<p class='formula'>kanban cards = ceil(D x L x 1.15 / container) = {terms['cards']}</p>"
        if terms["cards"]
        else ""
    )
    said = number
    return (
        "<h3>Safety stock and reorder point</h3>"
        "<p class='formula'>sigma = sqrt((L + R) x s&sup2; + m&sup2; x sL&sup2;) = "
        f"sqrt(({said(terms['lead_time'], 2)} + {said(terms['review'], 2)}) x {said(terms['deviation_day'], 2)}&sup2; + "
        f"{said(terms['mean_day'], 2)}&sup2; x {said(terms['lead_time_deviation'], 2)}&sup2;) = {said(terms['sigma'], 2)}</p>"
        f"<p class='formula'>safety stock = z({share(terms['service_level'])}) x sigma = {terms['z']:.4f} x {said(terms['sigma'], 2)} = "
        f"<strong>{said(terms['safety_stock'], 1)}</strong></p>"
        f"<p class='formula'>reorder point = m x (L + R) + safety stock = <strong>{said(terms['reorder_point'], 1)}</strong></p>{cards}"
        f"<p class='small soft'>m, s: demand a day and its deviation; L, sL: lead time ({text(terms['lead_time_from'])}) and its "
        "deviation; R: review, in days. Other service: --assume service_level=0.98.</p>"
    )


def _service(one: Mapping[str, Any]) -> str:
    rows = one["service_curve"]
    mark = next(place for place, row in enumerate(rows) if row["chosen"])
    drawn = charts.curves(
        "Carrying cost against expected shortage by service level", [f"{row['level'] * 100:g}%" for row in rows],
        [("carrying cost", [row["carrying"] for row in rows]), ("expected shortage", [row["shortage"] for row in rows])], mark,
    )  # fmt: skip
    columns = [("level", "Service", "share"), ("safety_stock", "Safety stock", "n"), ("carrying", "Carrying", "n"),
               ("short", "Short a year", "n"), ("shortage", "worth", "n")]  # fmt: skip
    return f"<h3>What service costs a year</h3>{drawn}{table(columns, rows)}"


def _lots(lots: Mapping[str, Any] | None) -> str:
    if not lots:
        return ""
    columns = [("deliveries", "Deliveries a year", "n"), ("lot", "Quantity", "n"), ("ordering", "Ordering", "n"), ("holding", "Holding", "n"),
               ("cost", "Cost a year", "n"), ("best_at_order_cost", "best if an order costs", "n")]  # fmt: skip
    names = ("cost", "holding", "ordering")
    nearest = min(range(len(lots["rows"])), key=lambda at: lots["rows"][at]["cost"])
    drawn = charts.curves(
        "Cost a year by deliveries a year", [f"{row['deliveries']}" for row in lots["rows"]],
        [(name, [row[name] for row in lots["rows"]]) for name in names], nearest,
    )  # fmt: skip
    return (
        "<h3>How much at once</h3><p class='formula'>EOQ = sqrt(2 D K / h) = "
        f"<strong>{number(lots['best'], 1)}</strong>, {number(lots['best_deliveries'], 1)} deliveries a year, cost {number(lots['best_cost'], 2)}</p>"
        f"{drawn}{table(columns, lots['rows'])}<p>With minimum and pack: <strong>{number(lots['allowed'], 0)}</strong></p><p class='small soft'>Small lots are best once an order costs no more than the last column. "
        "Another order cost: --assume order_cost=5.</p>"
    )


def causes(report: Mapping[str, Any]) -> str:
    """Return how turns changed, how far few items cause it, and the likely cause of each."""
    found = report["causes"]
    if not found:
        return ""
    rows: Sequence[Mapping[str, Any]] = found["items"]
    said = f"<p>Turns a year before {found['split_at']}: <strong>{number(found['turns_before'], 2)}</strong>, after: <strong>{number(found['turns_after'], 2)}</strong>."
    if rows:
        said += f" Stock beyond what demand explains: {number(found['beyond'])}; the ten worst items hold {share(found['top_share'])} of it."
    columns = [("item", "Item", ""), ("description", "", ""), ("grown", "Stock beyond demand", "n"), ("demand_fell", "Demand fell by", "share"),
               ("orders_grew", "Orders grew by", "share"), ("minimum_above_best", "Minimum above best order by", "share"),
               ("likely", "Likely cause", "")]  # fmt: skip
    return f"{said}</p>{table(columns, rows) if rows else ''}"
