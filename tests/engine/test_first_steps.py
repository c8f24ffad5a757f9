"""The steps of an analysis: what is proven is what is cut, with the lead times that were known then."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from milkrun.engine.analyse import analyse
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.tables import Source

FIRST, WEEKS, ITEMS = date(2023, 1, 2), 160, 6
# Three quarters of the weeks decide.
CUT = FIRST + timedelta(weeks=120)


def sales() -> str:
    chance = np.random.default_rng(5)
    rows = [
        f"A{item},{FIRST + timedelta(weeks=week)},{int(chance.normal(200, 30))},2"
        for week in range(WEEKS)
        for item in range(ITEMS)
    ]
    return "item,date,quantity,unit cost\n" + "\n".join(rows) + "\n"


def receipts(leads: tuple[int, ...], since: date = FIRST, until: date = CUT) -> list[str]:
    """An order of each item every three weeks, all received within a stretch of time."""
    rows, place = [], 0
    while (came := since + timedelta(weeks=3 * place, days=leads[place % len(leads)])) < until:
        ordered = since + timedelta(weeks=3 * place)
        rows += [f"P{ordered}{item},A{item},Bolt,{ordered},{came},500" for item in range(ITEMS)]
        place += 1
    return rows


def found(orders: list[str], items: str = "") -> dict[str, Any]:
    head = "po,item,supplier,order date,received date,quantity ordered"
    sources = [Source("sales.csv", sales().encode())]
    sources += [Source("orders.csv", "\n".join([head, *orders, ""]).encode())] if orders else []
    sources += [Source("items.csv", items.encode())] if items else []
    report = analyse(sources, Settings(as_of=FIRST + timedelta(weeks=WEEKS, days=-1)), {}).report
    steps: dict[str, Any] = report["steps"]
    return steps


def test_what_the_steps_free_is_what_the_replay_took_from_the_stock() -> None:
    steps = found(receipts((14, 21, 35)))

    listed = steps["suggested"]
    assert len(listed) == steps["proven"] > 0
    whole = sum(one["frees"] / one["step"] * steps["step"] for one in listed)
    assert whole == pytest.approx(steps["judged"]["stock"] - steps["judged"]["stock_after"], rel=1e-6)


def test_the_replayed_safety_stock_holds_what_the_spread_of_lead_times_calls_for() -> None:
    spread = found(receipts((14, 21, 35)))

    assert spread["judged"]["fill"] > 0.97
    assert spread["proven"] > 0


def test_lead_times_of_the_part_kept_out_are_not_known_to_the_replay() -> None:
    before = receipts((14, 21, 28))
    slow = receipts((120,), since=CUT, until=FIRST + timedelta(weeks=WEEKS, days=-1))

    assert len(slow) > ITEMS
    assert found(before + slow)["judged"] == found(before)["judged"]


def test_a_lead_time_told_for_the_item_goes_before_those_of_its_supplier() -> None:
    told = "item,supplier,lead time days\n" + "".join(f"A{item},Bolt,7\n" for item in range(ITEMS))

    near, far = found(receipts((35,)), told), found(receipts((35,)))

    assert near["judged"]["stock"] < 0.8 * far["judged"]["stock"]
