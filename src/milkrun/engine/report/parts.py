"""The parts of the page, each from its part of the report; a part without anything to say is empty."""

from collections.abc import Mapping, Sequence
from typing import Any

from milkrun.engine.report import charts
from milkrun.engine.report.figure_words import UNKNOWN, number, plural, share, text
from milkrun.engine.report.rows_of import table

MOST_ITEMS = 200
VERDICTS = {
    "mto": "make or buy to order", "jit": "just-in-time", "kanban": "kanban", "ddmrp": "buffer (DDMRP)",
    "hybrid": "hybrid: reorder point with step-down", "jic": "just-in-case", "run_down": "run down",
    "insufficient": "too little history",
}  # fmt: skip


def opportunities(report: Mapping[str, Any]) -> str:
    """Return the ten biggest opportunities, each with its playbook."""
    found = report["opportunities"]
    if not found:
        return "<p>Nothing can be put in money yet: a cost or a price, and the stock, would tell.</p>"
    rows = "".join(f"<li>{_opportunity(one, report['playbooks'])}</li>" for one in found)
    return f"<ol class='best'>{rows}</ol>"


def _opportunity(one: Mapping[str, Any], playbooks: Mapping[str, Any]) -> str:
    book = playbooks[one["kind"]]
    steps = "".join(f"<li>{text(step)}</li>" for step in book["steps"])
    often = " a year" if one["a_year"] else ""
    assumed = "".join(f" <span class='tag assumed'>assumed: {text(name)}</span>" for name in one["assumed"])
    return (
        f"<span class='money'>{number(one['money'])}{often}</span> <strong>{text(one['subject'])}</strong> "
        f"{text(one['description'])}<br>{text(one['sentence'])}{assumed}"
        f"<details><summary>What to do: {text(book['title'])}</summary><ol class='small'>{steps}</ol></details>"
    )


def readiness(report: Mapping[str, Any]) -> str:
    """Return how many items each way of supply fits, and the verdict on each category."""
    found = report["readiness"]
    if not found:
        return ""
    counts = [(VERDICTS.get(code, code), float(count), f"{count:,}") for code, count in found["counts"].items()]
    shown = charts.lying("Items by the way of supply that fits", sorted(counts, key=lambda row: -row[1]))
    note = (
        "<p class='soft small'>Rules and weights are data and unproven for your company: compare them with a simulation. "
        "A fact that no file tells counts as the middle of what is possible.</p>"
    )
    rows = [
        {
            **group, "verdict": VERDICTS.get(group["code"], group["code"]), "holds": group["shares"][0][1],
            "because": ", ".join(f"{name.replace('_', ' ')} ({count})" for name, count in group["binding"]),
        }
        for group in found["categories"]
    ]  # fmt: skip
    columns = [("name", "Category", ""), ("verdict", "Verdict", ""), ("because", "Held back most by", ""), ("holds", "Share of its value", "share"),
               ("items", "Items", "n"), ("score", "Score", "n")]  # fmt: skip
    return shown + note + _start(found["start"]) + (table(columns, rows, "Categories") if rows else "")


def _start(found: Mapping[str, Any] | None) -> str:
    """Say where to begin: some say with the popular items, others with the rare ones; the figures decide."""
    if not found or not found["pilots"]:
        return ""
    sums = f"{number(found['popular_worth'])} for popular items, {number(found['rare_worth'])} for the others"
    because = {
        "popular": "begin with popular items", "rare": "begin with the less popular ones",
    }.get(found["better"], "both bring the same")  # fmt: skip
    names = ", ".join(text(pilot["item"]) for pilot in found["pilots"][:5])
    return (
        f"<p>Where to begin? Some say with the items asked for most, others with the rare ones. Here money set free times "
        f"readiness comes to {sums}: {because}. First of all: {names}.</p>"
    )


def classes(report: Mapping[str, Any]) -> str:
    """Return ABC on each basis, where they disagree, and how demand comes."""
    found = report["classes"]
    if not found or not (found["abc"] or found["kinds"]):
        return ""
    shown = [_abc(one) for one in found["abc"]]
    if found["abc"]:
        shown.insert(0, charts.pareto("Cumulated share of value by share of items", [
            (one["title"], one["curve"]) for one in found["abc"]
        ]))  # fmt: skip
    if found["matrix"]:
        shown.append(
            charts.heat("Items by value of use (rows) and variation of demand (columns)", "ABC", "XYZ", found["matrix"])
        )
    if found["kinds"]:
        rows = [(kind, float(count), f"{count:,}") for kind, count in found["kinds"].items()]
        shown.append(charts.lying(f"How demand comes, counted by {found['bucket']}", rows))
    shown.append(_mismatch(found["mismatch"]))
    return f"<div class='two'>{''.join(f'<div>{part}</div>' for part in shown if part)}</div>"


def _abc(one: Mapping[str, Any]) -> str:
    columns = [("class", "Class", ""), ("items", "Items", "n"), ("item_share", "of items", "share"), ("value", "Value", "n"),
               ("value_share", "of value", "share"), ("quantity_share", "of quantity", "share"),
               ("stock_share", "of stock value", "share")]  # fmt: skip
    names = ", ".join(text(row["item"]) for row in one["busy_c"])
    said = plural(one["busy_c_items"], "C item moves", "C items move")
    busy = f"<p class='small'>{said} in large quantities: {names}</p>" if names else ""
    return table(columns, one["rows"], f"ABC by {one['title']}") + f"<p class='small'>{text(one['flag'])}</p>{busy}"


def _mismatch(found: Mapping[str, Any] | None) -> str:
    if not found:
        return ""
    said = (
        f"<p>{number(found['a_items'])} items ({share(found['a_item_share'])}) make {share(found['a_value_share'])} of the "
        f"{text(found['basis'])} and hold {share(found['a_stock_share'])} of the stock value. Items that are A by stock and C by "
        f"{text(found['basis'])} hold {number(found['dead_money_value'])}.</p>"
    )
    grid = charts.heat(f"Items by {found['basis']} (rows) and by stock value (columns)", "ABC", "ABC", found["table"])
    columns = [("item", "Item", ""), ("description", "", ""), ("value", "Stock value", "n")]
    return f"<h3>Where the bases disagree</h3>{said}{grid}" + (
        table(columns, found["dead_money"], "A by stock, C by use: money that lies") if found["dead_money"] else ""
    )


def stock(report: Mapping[str, Any]) -> str:
    """Return the ageing, and the lists of dead, slow and overstocked items side by side."""
    found = report["classes"]
    if not found or found["dead"] is None:
        return ""
    shown = ""
    if found["ageing"]:
        rows = [
            (row["days"], row["value"], f"{number(row['value'])} ({share(row['share'])}, {row['items']:,} items)")
            for row in found["ageing"]["rows"]
        ]
        shown = charts.lying("Stock value by age in days", rows)
        shown += f"<p class='small soft'>Age by {text(found['ageing']['by'])}.</p>"
    columns = [("item", "Item", ""), ("description", "", ""), ("value", "Value", "n")]
    lists = "".join(
        f"<div>{table(columns, found[key]['worst'], title)}<p class='small'>{plural(found[key]['items'], 'item', 'items')}, "
        f"{number(found[key]['value'])} in all.</p></div>"
        for key, title in (("slow", "Slow movers"), ("dead", "Dead stock"), ("overstock", "Overstock"))
        if found[key]["items"]
    )
    fast = ""
    if found["running_out"]:
        out = [("item", "Item", ""), ("description", "", ""), ("events", "Stockouts", "n"), ("days", "Days", "n")]
        fast = f"<div>{table(out, found['running_out'], 'Fast movers that ran out')}</div>"
    return shown + f"<div class='two'>{fast}{lists}</div>"


def suppliers(report: Mapping[str, Any]) -> str:
    """Return the suppliers by spend, and the spread of their lead times."""
    rows = report["suppliers"]
    if not rows:
        return ""
    columns = [
        ("name", "Supplier", ""), ("order_lines", "Order lines", "n"), ("spend", "Spend", "n"), ("share_upto", "Cumulated", "share"),
        ("on_time", "On time", "share"), ("on_time_proven", "Proven", "share"), ("standing", "Standing", ""),
        ("lead_time_mean", "Lead time, days", "n"), ("lead_time_deviation", "Deviation", "n"), ("lead_time_p90", "9 of 10 within", "n"),
        ("reject_rate", "Rejects", "share"), ("unknown_quality", "Rejects not told", "n"),
    ]  # fmt: skip
    talk = "".join(
        f"<li>Talk to {text(row['name'])}: on time {share(-(row['trend'] or 0))} less often than before.</li>"
        for row in rows
        if row["talk"]
    )
    drawn = "".join(
        f"<div><h3>{text(row['name'])}: lead times in days</h3>{_histogram(row)}</div>"
        for row in rows[:10]
        if row["lead_time_histogram"]
    )
    return table(columns, rows) + (f"<ul>{talk}</ul>" if talk else "") + f"<div class='two'>{drawn}</div>"


def _histogram(row: Mapping[str, Any]) -> str:
    steps = row["lead_time_histogram"]
    labels = [f"{first:.0f}" if first == last else f"{first:.0f}-{last:.0f}" for first, last, _ in steps]
    return charts.bars(f"Lead times of {row['name']}", labels, [count for _, _, count in steps], "receipts")


SPLIT = [
    ("name", "", ""), ("items", "Items", "n"), ("demand", "Demand", "n"), ("revenue", "Revenue", "n"), ("use_value", "Use a year", "n"),
    ("cost_of_goods", "Cost of goods", "n"), ("stock_value", "Stock value", "n"), ("turns", "Turns", "n"),
    ("days_of_inventory", "Days of inventory", "n"), ("carrying_cost", "Carrying cost a year", "n"), ("stockouts", "Stockouts", "n"),
    ("wape", "WAPE", "share"), ("months", "Months", "n"), ("order_lines", "Order lines", "n"), ("spend", "Spend", "n"),
    ("deliveries_due", "Due", "n"), ("on_time", "On time", "share"), ("lead_time_mean", "Lead time, days", "n"),
    ("lead_time_deviation", "Deviation", "n"), ("reject_rate", "Rejects", "share"),
]  # fmt: skip
ADD_UP = ("items", "demand", "revenue", "use_value", "cost_of_goods", "stock_value", "carrying_cost", "stockouts", "months",
          "order_lines", "spend", "deliveries_due")  # fmt: skip


def splits(report: Mapping[str, Any]) -> str:
    """Return the figures by each name, with the sum of what adds up."""
    shown = ""
    for name, rows in report["splits"].items():
        total = {"name": "in all", **{key: _sum(rows, key) for key in ADD_UP}}
        chart = ""
        if name == "month":
            key = next(
                (key for key in ("revenue", "demand", "spend", "order_lines") if any(row.get(key) for row in rows)), ""
            )
            if key:
                chart = charts.bars(
                    f"{key.replace('_', ' ')} by month",
                    [row["name"] for row in rows],
                    [row.get(key) or 0.0 for row in rows],
                    key.replace("_", " "),
                )
        shown += f"<h3>By {name}</h3>{chart}<details{' open' if len(rows) <= 12 else ''}><summary>{plural(len(rows), 'row', 'rows')}</summary>{table(SPLIT, [*rows, total])}</details>"
    return shown


def _sum(rows: Sequence[Mapping[str, Any]], key: str) -> float | None:
    values = [row[key] for row in rows if row.get(key) is not None]
    return sum(values) if values else None


ITEM = [
    ("item", "Item", ""), ("description", "", ""), ("verdict", "Verdict", ""), ("score", "Score", "n"), ("abc_use", "ABC", ""),
    ("xyz", "XYZ", ""), ("kind", "Demand", ""), ("mean_day", "A day", "n"), ("use_value", "Use a year", "n"),
    ("forecast_error", "Error (WAPE)", "share"), ("lead_time", "Lead time", "n"), ("lead_time_from", "from", ""),
    ("on_hand", "On hand", "n"), ("cover_days", "Lasts, days", "n"), ("safety_stock", "Safety stock", "n"),
    ("reorder_point", "Reorder point", "n"), ("order_quantity", "Order quantity", "n"), ("excess_value", "Excess value", "n"),
    ("state", "State", ""),
]  # fmt: skip


def items(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the items with the largest value of use, or demand where nothing has a worth."""
    if not rows:
        return ""
    top = sorted(
        rows, key=lambda row: (-(row["use_value"] or 0), -(row["stock_value"] or 0), -(row["demand"] or 0), row["item"])
    )
    note = (
        f"The {MOST_ITEMS} items of most use of {len(rows):,}; items.csv has all, with every figure."
        if len(rows) > MOST_ITEMS
        else "All items; items.csv has every figure."
    )
    return f"<p class='soft small'>{note}</p>" + table(ITEM, top[:MOST_ITEMS])


def assumed(report: Mapping[str, Any]) -> str:
    """Return every assumption and every column that would unlock more."""
    rows = [
        {**row, "said": "assumed" if row["assumed"] else "given", "number": f"{row['value']:g}"}
        for row in report["assumptions"]
    ]
    numbers = [
        ("name", "Number", ""),
        ("number", "Value", ""),
        ("unit", "Unit", ""),
        ("said", "", ""),
        ("why", "Because", ""),
        ("used_for", "Used for", ""),
    ]
    lacking = [("field", "Column", ""), ("table", "in a file of", ""), ("unlocks", "would give", "")]
    return table(numbers, rows, "Assumptions") + (
        table(lacking, report["missing"], "Columns that no file has") if report["missing"] else UNKNOWN
    )
