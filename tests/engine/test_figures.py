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
