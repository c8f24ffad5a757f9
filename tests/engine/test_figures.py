"""Figures where files are uneven: items that end, stock counted now and then, costs and suppliers that some lack."""

from datetime import date, timedelta
from typing import Any

import pytest

from milkrun.engine.analyse import Analysis, analyse
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.tables import Source

FIRST = date(2024, 1, 1)
DAYS = 364
LAST = FIRST + timedelta(days=DAYS - 1)


def on(place: int) -> str:
    return (FIRST + timedelta(days=place)).isoformat()


def told(as_of: date | None = LAST, **files: list[str]) -> Analysis:
    """Analyse files given as lines."""
    sources = [Source(f"{name}.csv", ("\n".join(lines) + "\n").encode()) for name, lines in files.items()]
    return analyse(sources, Settings(as_of=as_of), {})


def by_item(analysis: Analysis) -> dict[str, dict[str, Any]]:
    return {row["item"]: row for row in analysis.items}


def measure(analysis: Analysis, key: str) -> dict[str, Any]:
    return next(one for one in analysis.report["metrics"] if one["key"] == key)


def inputs(analysis: Analysis, key: str) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in measure(analysis, key)["inputs"]}


ITEMS = ["item,unit cost", "STEADY,5", "END,5", "NEW,5"]
SALES = ["item,date,quantity"] + [
    f"{name},{on(place)},10"
    for place in range(DAYS)
    for name in ("STEADY", *(("END",) if place < 63 else ()), *(("NEW",) if place >= 301 else ()))
]


def test_days_at_zero_before_an_item_begins_and_after_its_end_leave_its_mean_alone() -> None:
    stock = ["item,date,on hand"] + [
        f"{name},{on(place)},{there}"
        for place in range(DAYS)
        for name, there in (("END", 100 if place < 63 else 0), ("NEW", 100 if place >= 301 else 0))
    ]

    bare, seen = by_item(told(sales=SALES, items=ITEMS)), by_item(told(sales=SALES, stock=stock, items=ITEMS))

    assert [seen[name]["mean_day"] for name in ("END", "NEW")] == pytest.approx([10, 10])
    assert [seen[name]["reorder_point"] for name in seen] == [bare[name]["reorder_point"] for name in seen]


def test_the_use_of_an_ended_item_is_not_stretched_to_a_year_and_that_of_a_new_one_is() -> None:
    seen = by_item(told(sales=SALES, items=ITEMS))

    assert seen["END"]["state"] == "ended"
    assert seen["END"]["use_value"] == pytest.approx(63 * 10 * 5)
    assert seen["STEADY"]["use_value"] == pytest.approx(365 * 10 * 5)
    assert seen["NEW"]["use_value"] == pytest.approx(365 * 10 * 5)


def test_months_stand_for_all_of_their_days() -> None:
    starts = ["item,date,quantity", *(f"A1,2024-{month:02}-01,30" for month in range(1, 13))]
    ends = ["item,date,quantity", *(f"A1,{date(2024, month, 1) + timedelta(days=-1)},30" for month in range(2, 13))]

    monthly = by_item(told(None, sales=starts, items=["item,unit cost", "A1,5"]))["A1"]
    closing = by_item(told(None, sales=ends, items=["item,unit cost", "A1,5"]))["A1"]

    assert monthly["use_value"] == pytest.approx(12 * 30 * 5)
    assert closing["use_value"] == pytest.approx(11 * 30 * 5 * 365 / 335)


def test_stock_counted_each_week_gives_no_frequency_of_stockouts_and_takes_no_days_from_the_window() -> None:
    sales = ["item,date,quantity", *(f"A1,{on(place)},10" for place in range(0, DAYS, 2))]
    weekly = ["item,date,on hand", *(f"A1,{on(place)},0" for place in range(1, DAYS, 14))]
    weekly += [f"A1,{on(place)},50" for place in range(8, DAYS, 14)]

    seen = told(sales=sales, stock=weekly)

    assert measure(seen, "stockouts")["value"] is None
    assert measure(seen, "stockouts")["needs"].startswith("needs the stock of each day")
    assert by_item(seen)["A1"]["mean_day"] == pytest.approx(5, rel=0.01)


def test_only_items_with_a_stock_of_each_day_count_for_stockouts() -> None:
    sales = ["item,date,quantity", *(f"{name},{on(place)},10" for place in range(DAYS) for name in ("A1", "B2"))]
    stock = ["item,date,on hand", *(f"A1,{on(place)},{0 if place == 9 else 50}" for place in range(DAYS))]
    stock += [f"B2,{on(place)},0" for place in range(0, DAYS, 7)]

    seen = told(sales=sales, stock=stock)

    assert inputs(seen, "stockouts") == {"stockouts with demand due": 1, "item days with a known stock": DAYS}
    assert "1 item is left out: its stock is not known for each day." in measure(seen, "stockouts")["note"]


def test_stock_counted_after_the_day_looked_back_from_does_not_count() -> None:
    stock = ["item,date,on hand", "A1,2024-06-01,40", "A1,2024-06-20,90", "A1,2024-07-01,700"]
    sales = ["item,date,quantity", *(f"A1,{on(place)},1" for place in range(150))]

    seen = told(date(2024, 6, 30), stock=stock, sales=sales)

    assert by_item(seen)["A1"]["on_hand"] == 90
    rows = next(one["rows"] for one in seen.report["files"] if one["table"] == "stock")
    assert [(one["rule"], one["rows"]) for one in rows["excluded"]] == [("after_as_of", 1)]


def test_locations_counted_on_different_days_are_summed_at_their_last_count() -> None:
    stock = ["item,location,date,on hand", "A1,N,2024-12-27,100", "A1,S,2024-12-29,50", "B2,N,2024-12-27,0.1",
             "B2,S,2024-12-27,0.2", "B2,N,2024-12-28,0", "B2,S,2024-12-29,0", "C3,,2024-12-27,7"]  # fmt: skip

    seen = by_item(told(stock=stock))

    assert [seen[name]["on_hand"] for name in ("A1", "B2", "C3")] == [150, 0, 7]


LONG = ["order,item,date,quantity,promised date,shipped date"]
LONG += [f"O{place},A1,{on(place)},1,{on(place)},{on(place + (1 if place < 100 else 0))}" for place in range(465)]
END = FIRST + timedelta(days=464)


def test_order_fulfilment_counts_the_orders_due_in_the_period_beside_it() -> None:
    seen = told(END, sales=LONG)

    assert measure(seen, "order_fulfilment")["period"] == {"from": on(100), "to": on(464)}
    assert inputs(seen, "order_fulfilment") == {"orders complete and on time": 365, "orders due": 365}


def test_turnover_averages_the_stock_of_its_period_and_says_which_day_stands_where_none_lies_in_it() -> None:
    items = ["item,unit cost", "A1,2"]
    across = ["item,date,on hand", f"A1,{on(0)},9000", f"A1,{on(90)},600", f"A1,{on(110)},100", f"A1,{on(464)},100"]
    before = ["item,date,on hand", f"A1,{on(0)},9000", f"A1,{on(50)},600"]

    inside, outside = told(END, sales=LONG, stock=across, items=items), told(END, sales=LONG, stock=before, items=items)

    assert inputs(inside, "turnover")["average inventory value"] == pytest.approx(2 * (10 * 600 + 355 * 100) / 365)
    assert measure(inside, "turnover")["note"] == ""
    assert inputs(outside, "turnover")["average inventory value"] == pytest.approx(2 * 600)
    assert f"No stock is known in the period: that of {on(50)} stands for it." in measure(outside, "turnover")["note"]


def test_turnover_holds_only_items_with_a_cost_on_both_sides() -> None:
    sales = ["item,date,quantity", *(f"{name},{on(place)},1" for place in range(DAYS) for name in ("A1", "B2"))]
    stock = ["item,date,on hand", *(f"{name},{on(DAYS - 1)},10" for name in ("A1", "B2"))]
    items = ["item,unit cost,price,category", "A1,5,9,Bolts", "B2,,100,Nuts"]

    seen = told(sales=sales, stock=stock, items=items)

    assert measure(seen, "turnover")["value"] == pytest.approx(364 * 5 * 365 / 364 / 50)
    assert "1 item is left out: it has no cost." in measure(seen, "turnover")["note"]
    rows = seen.report["splits"]["category"]
    assert sum(row["average_value"] for row in rows) == pytest.approx(50)
    assert sum(row["carrying_cost"] for row in rows) == pytest.approx(measure(seen, "carrying_cost")["value"])


def test_a_supplier_that_is_no_items_first_one_still_stands_in_the_split() -> None:
    orders = ["po,item,supplier,order date,received date,qty ordered,unit cost"]
    orders += [
        f"P{place},A1,{'Rare' if place == 3 else 'Often'},{on(place)},{on(place + 5)},10,2" for place in range(9)
    ]
    orders += [f"P9,A1,,{on(9)},{on(12)},10,2"]

    seen = told(orders=orders).report["splits"]

    assert [row["name"] for row in seen["supplier"]] == ["(not named)", "Often", "Rare"]
    for figure in ("spend", "order_lines"):
        assert sum(row[figure] for row in seen["supplier"]) == sum(row[figure] for row in seen["month"])
    assert [row["items"] for row in seen["supplier"]] == [0, 1, 0]
