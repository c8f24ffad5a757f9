"""The figures of a plant of which everything is known, beside plain loops that compute them again."""

import csv
import io
import json
from collections import defaultdict
from datetime import date, datetime, timedelta
from importlib.resources import files
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milkrun.engine.analyse import Analysis, analyse
from milkrun.engine.analysis.exclusion import Account, only_demand
from milkrun.engine.analysis.patterns import abc_classes, patterns
from milkrun.engine.analysis.settings import NotASetting, Settings
from milkrun.engine.analysis.verdicts import facts as facts_of
from milkrun.engine.analysis.verdicts import sizing
from milkrun.engine.classes import abc, pattern
from milkrun.engine.metrics.supply import lower_bound
from milkrun.engine.readiness import needed_stock, rulebook, what_would_change
from milkrun.engine.report import items_csv, page, summary
from milkrun.engine.tables import Answers, Source, take_in
from milkrun.engine.tables.assignment import best_assignment
from tests.engine.plant import DAYS, FIRST, Plant, plant

LAST = FIRST + timedelta(days=DAYS - 1)
YEAR_AGO = LAST - timedelta(days=364)


@pytest.fixture(scope="module")
def made() -> Plant:
    return plant()


@pytest.fixture(scope="module")
def analysis(made: Plant) -> Analysis:
    sources = [Source(name, text.encode()) for name, text in made.files().items()]
    return analyse(sources, Settings(as_of=LAST), {})


def measure(analysis: Analysis, key: str) -> dict[str, Any]:
    return next(one for one in analysis.report["metrics"] if one["key"] == key)


def day(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").date()  # noqa: DTZ007


def told(text: str, *, name: str = "file.csv", **more: Any) -> Analysis:
    """Analyse one file given as text."""
    return analyse([Source(name, text.encode())], Settings(), {"": Answers(**more)})


def test_turnover_and_days_are_what_a_plain_loop_says_and_multiply_to_a_year(made: Plant, analysis: Analysis) -> None:
    cost = {item.name: round(item.cost, 2) for item in made.items}
    goods = sum(row[3] * cost[row[2]] for row in made.sales if YEAR_AGO <= day(row[1]) <= LAST)
    average = sum(on_hand * cost[name] for name, when, on_hand in made.stock if day(when) >= YEAR_AGO) / 365

    turns, days = measure(analysis, "turnover"), measure(analysis, "days_of_inventory")

    assert turns["value"] == pytest.approx(goods / average, rel=1e-9)
    assert turns["value"] * days["value"] == pytest.approx(365, rel=1e-9)
    assert [one["value"] for one in turns["inputs"]] == pytest.approx([goods, 365, average], rel=1e-9)


def test_order_fulfilment_counts_orders_complete_and_on_time(made: Plant, analysis: Analysis) -> None:
    due = [row for row in made.sales if YEAR_AGO <= day(row[5]) <= LAST]
    kept = [row for row in due if row[4] >= row[3] and day(row[6]) <= day(row[5])]
    pieces = sum(row[4] for row in due) / sum(row[3] for row in due)

    seen = measure(analysis, "order_fulfilment")

    assert seen["value"] == pytest.approx(len(kept) / len(due), rel=1e-9)
    assert next(one["value"] for one in seen["beside"] if "pieces" in one["name"]) == pytest.approx(pieces, rel=1e-9)
    assert seen["detail"][0]["order"] in {row[0] for row in due} - {row[0] for row in kept}


def test_open_orders_past_their_promise_count_as_late(made: Plant, analysis: Analysis) -> None:
    due = [row for row in made.orders if YEAR_AGO <= day(row[4]) <= LAST]
    on_time = [row for row in due if row[5] and day(row[5]) <= day(row[4])]

    seen = measure(analysis, "supplier_on_time")

    assert any(not row[5] for row in due)
    assert seen["value"] == pytest.approx(len(on_time) / len(due), rel=1e-9)
    assert seen["beside"][0]["value"] == pytest.approx(lower_bound(len(on_time), len(due)), rel=1e-9)


def test_stockouts_need_demand_and_days_at_zero_stand_apart(made: Plant, analysis: Analysis) -> None:
    asked = {(row[2], row[1]) for row in made.sales}
    by_item: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for name, when, on_hand in made.stock:
        by_item[name].append((when, on_hand))
    events = zero = 0
    for name, days in by_item.items():
        run: list[str] = []
        for when, on_hand in [*sorted(days, key=lambda pair: day(pair[0])), ("end", 1)]:
            if on_hand <= 0:
                run.append(when)
                zero += 1
                continue
            events += any((name, one) in asked for one in run)
            run = []

    seen = measure(analysis, "stockouts")

    assert seen["inputs"][0]["value"] == events > 0
    assert seen["value"] == pytest.approx(events * 30 / len(made.stock), rel=1e-9)
    assert seen["beside"][1]["value"] == pytest.approx(zero / len(made.stock), rel=1e-9)


def test_suppliers_have_lead_times_rejects_and_a_standing(made: Plant, analysis: Analysis) -> None:
    rows = {row["name"]: row for row in analysis.report["suppliers"]}
    for name in ("Bolt Ltd", "Chip AG", "Drive SA"):
        mine = [row for row in made.orders if row[2] == name]
        days = [(day(row[5]) - day(row[3])).days for row in mine if row[5]]

        assert rows[name]["lead_time_mean"] == pytest.approx(float(np.mean(days)), rel=1e-9)
        assert rows[name]["lead_time_deviation"] == pytest.approx(float(np.std(days, ddof=1)), rel=1e-9)
        assert rows[name]["reject_rate"] == pytest.approx(sum(r[8] for r in mine) / sum(r[7] for r in mine), rel=1e-9)
        assert sum(count for _, _, count in rows[name]["lead_time_histogram"]) == len(days)
    assert rows["Bolt Ltd"]["on_time_proven"] >= 0.95
    assert [rows[name]["standing"] for name in ("Bolt Ltd", "Drive SA")] == ["just-in-time ready", "below target"]


def test_few_deliveries_on_time_prove_nothing_and_a_falling_share_is_worth_a_talk() -> None:
    header = "PO;Supplier;Order Date;Promised Date;Received Date;Qty Ordered"
    few = [f"P{place};Few Ltd;2024-01-{place:02};2024-01-28;2024-01-20;5" for place in range(1, 20)]
    falling = [
        f"Q{place};Fall Ltd;2024-01-01;2024-02-{1 + place % 28:02};2024-{'02-01' if place < 14 else '03-30'};5"
        for place in range(1, 28)
    ]

    rows = {row["name"]: row for row in told("\n".join([header, *few, *falling]) + "\n").report["suppliers"]}

    assert (rows["Few Ltd"]["on_time"], rows["Few Ltd"]["standing"]) == (1.0, "at target, not proven, n=19")
    assert rows["Fall Ltd"]["talk"]
    assert not rows["Few Ltd"]["talk"]


def test_stock_is_aged_by_what_the_latest_receipts_brought(made: Plant, analysis: Analysis) -> None:
    now = {name: on_hand for name, when, on_hand in made.stock if day(when) == LAST}
    cost = {item.name: round(item.cost, 2) for item in made.items}
    value = dict.fromkeys(("0-30", "31-60", "61-90", "over 90"), 0.0)
    for name, left in now.items():
        for row in sorted(
            (row for row in made.orders if row[1] == name and row[5]), key=lambda r: -day(r[5]).toordinal()
        ):
            part = min(left, row[7])
            age = (LAST - day(row[5])).days
            value["0-30" if age <= 30 else "31-60" if age <= 60 else "61-90" if age <= 90 else "over 90"] += (
                part * cost[name]
            )
            left -= part
        value["over 90"] += left * cost[name]

    seen = {row["days"]: row["value"] for row in analysis.report["classes"]["ageing"]["rows"]}

    assert seen == pytest.approx(value, rel=1e-9)


def test_carrying_cost_is_shown_as_amount_and_share_with_its_fixed_part(analysis: Analysis) -> None:
    seen = measure(analysis, "carrying_cost")
    beside = {one["name"]: one["value"] for one in seen["beside"]}
    inputs = {one["name"]: one["value"] for one in seen["inputs"]}

    assert seen["value"] == pytest.approx(inputs["average inventory value"] * 0.25, rel=1e-9)
    parts = [inputs[name] for name in ("capital", "storage", "insurance", "obsolescence")]
    assert sum(parts) == pytest.approx(seen["value"], rel=1e-9)
    assert beside["variable part"] + beside["fixed part (building, people, systems)"] == pytest.approx(seen["value"])
    assert seen["light"] == "none"
    assert "assumed" in seen["note"]


@pytest.mark.parametrize("name", ["category", "supplier"])
def test_the_parts_of_a_split_add_up_to_the_whole(analysis: Analysis, name: str) -> None:
    rows, turns = analysis.report["splits"][name], measure(analysis, "turnover")

    assert sum(row["cost_of_goods"] for row in rows) == pytest.approx(turns["inputs"][0]["value"], rel=1e-9)
    assert sum(row["average_value"] for row in rows) == pytest.approx(turns["inputs"][2]["value"], rel=1e-9)
    assert sum(row["items"] for row in rows) == analysis.report["items"]


def test_the_months_add_up_to_all_demand_and_the_seasons_to_the_months(made: Plant, analysis: Analysis) -> None:
    months, seasons = analysis.report["splits"]["month"], analysis.report["splits"]["season"]

    assert sum(row["demand"] for row in months) == sum(row[3] for row in made.sales)
    assert sum(row["demand"] for row in seasons) == pytest.approx(sum(row["demand"] for row in months))
    assert sum(row["months"] for row in seasons) == len(months) == 14


def test_what_nobody_asks_for_is_dead_and_stands_among_the_opportunities(made: Plant, analysis: Analysis) -> None:
    rows = {row["item"]: row for row in analysis.items}
    dead = {item.name for item in made.items if item.dead}

    assert {name for name, row in rows.items() if row["state"] == "dead"} == dead
    assert all(rows[name]["verdict"] == "run_down" for name in dead)
    money = [one["money"] for one in analysis.report["opportunities"]]
    assert money == sorted(money, reverse=True)
    best = next(one for one in analysis.report["opportunities"] if one["kind"] == "dead")
    assert best["money"] == pytest.approx(max(rows[name]["stock_value"] for name in dead))
    assert analysis.report["playbooks"][best["kind"]]["steps"]


def test_rejects_are_worth_what_their_orders_paid(made: Plant, analysis: Analysis) -> None:
    cost = {item.name: round(item.cost, 2) for item in made.items}
    lost: dict[str, float] = defaultdict(float)
    for row in made.orders:
        lost[row[2]] += row[8] * cost[row[1]]

    found = {one["subject"]: one["money"] for one in analysis.report["opportunities"] if one["kind"] == "quality"}

    assert found
    assert found == pytest.approx({name: lost[name] for name in found}, rel=1e-9)


def test_a_safety_stock_is_that_of_the_policy_with_the_same_terms(analysis: Analysis) -> None:
    rows = {row["item"]: row for row in analysis.items}

    for one in analysis.report["worked"]:
        assert rows[one["item"]]["safety_stock"] == pytest.approx(one["terms"]["safety_stock"], rel=1e-6)
        assert rows[one["item"]]["reorder_point"] == pytest.approx(one["terms"]["reorder_point"], rel=1e-6)
        assert sum(row["chosen"] for row in one["service_curve"]) == 1
        costs = [row["cost"] for row in one["lots"]["rows"]]
        assert min(costs) >= one["lots"]["best_cost"] - 1e-6


def test_days_at_zero_without_a_sale_do_not_make_demand_look_smaller() -> None:
    lines = ["Item;Date;On Hand;Quantity"]
    for place in range(200):
        there = place % 2 == 0
        when = (date(2024, 1, 1) + timedelta(days=place)).isoformat()
        lines.append(f"A1;{when};{5 if there else 0};{4 if there else 0}")

    seen = told("\n".join(lines) + "\n")

    assert seen.items[0]["mean_day"] == pytest.approx(4.0, rel=0.03)


DEMAND = "invoice,item,date,quantity,price,customer,description\n"


def demand_of(*rows: str) -> tuple[Account, list[tuple[Any, ...]]]:
    table = take_in(Source("x.csv", (DEMAND + "\n".join(rows) + "\n").encode()))
    account = Account(table.read, 0)
    kept = only_demand(table.frame, account, None)
    return account, kept.select("item", "quantity").rows()


def test_a_return_is_taken_off_the_latest_sales_of_that_customer_within_thirty_days() -> None:
    account, rows = demand_of(
        "1,A1,2024-01-02,10,2,C1,Bolt", "2,A1,2024-01-20,5,2,C1,Bolt", "3,A1,2024-01-21,9,2,C2,Bolt",
        "C4,A1,2024-01-25,-7,2,C1,Bolt", "C5,A1,2024-06-01,-3,2,C1,Bolt", "C6,A1,2024-01-25,-1,2,C9,Bolt",
    )  # fmt: skip

    assert rows == [("A1", 8.0), ("A1", 0.0), ("A1", 9.0)]
    assert account.excluded == {"return_without_sale": 2}
    assert account.used == 4


def test_postage_corrections_and_free_goods_are_told_apart() -> None:
    account, rows = demand_of(
        "1,POST,2024-01-02,1,18,C1,POSTAGE", "1,A1,2024-01-02,-9,0,,damaged", "1,A2,2024-01-02,3,0,C1,Gift",
        "1,C2,2024-01-02,1,50,C1,CARRIAGE", "1,84,2024-01-02,1,1,C1,Nut",
    )  # fmt: skip

    assert rows == [("A2", 3.0), ("84", 1.0)]
    assert account.excluded == {"not_a_product": 2, "stock_adjustment": 1}


ROW = st.tuples(
    st.sampled_from(["A", "B", "POST"]), st.integers(0, 60), st.integers(-5, 9), st.sampled_from(["", "C1", "C2"]),
    st.sampled_from([0, 2]),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(ROW, min_size=1, max_size=20))
def test_no_row_is_lost_and_demand_is_never_below_zero(rows: list[tuple[str, int, int, str, int]]) -> None:
    text = [
        f"1,{item},{date(2024, 1, 1) + timedelta(days=when)},{quantity},{price},{customer},x"
        for item, when, quantity, customer, price in rows
    ]
    account, kept = demand_of("0,A,2024-01-01,1,1,C9,x", *text)

    assert account.read == len(rows) + 1 == account.used + sum(account.excluded.values())
    assert all(quantity >= 0 for _, quantity in kept)
    netted = sum(max(0, quantity) for item, _, quantity, _, _ in rows if item != "POST") + 1
    assert sum(quantity for _, quantity in kept) <= netted


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), min_size=8, max_size=8), min_size=1, max_size=6))
def test_patterns_of_many_are_those_of_one_by_one(rows: list[list[int]]) -> None:
    demand = np.array(rows, dtype=float)

    many = patterns(demand, np.ones(demand.shape, dtype=bool))

    for place, row in enumerate(rows):
        one = pattern(row)
        assert (many.kind[place], many.xyz[place]) == (one.kind, one.xyz)
        if one.interval is not None and one.variation is not None and one.size_variation is not None:
            seen = [many.interval[place], many.size_variation[place], many.variation[place]]
            assert seen == pytest.approx([one.interval, one.size_variation, one.variation], abs=1e-9)


@settings(deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_abc_of_many_is_that_of_one_by_one(values: list[int]) -> None:
    names = [f"{place:03}" for place in range(len(values))]

    found, _ = abc_classes(np.array(values, dtype=float), 0.8, 0.95)

    assert list(found) == list(dict(sorted(abc(dict(zip(names, values, strict=True))).items())).values())


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_the_assignment_is_the_best_of_all(rows: int, columns: int, data: st.DataObject) -> None:
    worth = data.draw(st.lists(st.lists(st.integers(0, 9), min_size=columns, max_size=columns),
                               min_size=rows, max_size=rows))  # fmt: skip

    found = best_assignment(worth)

    short, long = (rows, columns) if rows <= columns else (columns, rows)
    tried = [
        sum(worth[a][b] if rows <= columns else worth[b][a] for a, b in enumerate(order))
        for order in permutations(range(long), short)
    ]
    assert sum(worth[row][column] for row, column in found) == max(tried)
    assert len({row for row, _ in found}) == len({column for _, column in found}) == short


def test_items_that_came_to_their_end_and_new_ones_are_not_mistaken_for_rare_ones() -> None:
    lines = ["item,date,quantity"]
    for place in range(360):
        when = (date(2024, 1, 1) + timedelta(days=place)).isoformat()
        lines += [f"STEADY,{when},5"]
        lines += [f"ENDED,{when},5"] if place < 150 else []
        lines += [f"NEW,{when},5"] if place >= 330 else []

    rows = {row["item"]: row for row in told("\n".join(lines) + "\n").items}

    assert [rows[name]["kind"] for name in ("STEADY", "ENDED", "NEW")] == ["smooth"] * 3
    assert [rows[name]["state"] for name in ("STEADY", "ENDED", "NEW")] == ["", "ended", ""]
    assert [rows[name]["mean_day"] for name in ("STEADY", "ENDED", "NEW")] == pytest.approx([5, 5, 5], rel=0.12)
    assert rows["NEW"]["verdict"] == "insufficient"


def test_a_text_that_would_be_a_formula_is_disarmed_in_the_csv_and_harmless_on_the_page() -> None:
    evil = "=HYPERLINK(1)"
    lines = ["item,date,quantity,description"]
    lines += [f"{evil},2024-01-{place:02},5,<script>alert(1)</script>" for place in range(1, 29)]

    seen = told("\n".join(lines) + "\n", name="<b>.csv")

    rows = list(csv.reader(io.StringIO(items_csv(seen.items))))
    assert rows[1][0] == f"'{evil}"
    assert "<script" not in page(seen.report, seen.items)
    assert "<b>.csv" not in page(seen.report, seen.items)


def test_the_order_of_rows_changes_nothing(made: Plant) -> None:
    name, text = "sales.csv", made.files()["sales.csv"]
    header, *rows = text.splitlines()
    turned = "\r\n".join([header, *reversed(rows)]) + "\r\n"

    one, other = told(text, name=name), told(turned, name=name)

    assert one.items == other.items
    assert json.dumps(one.report["metrics"]) == json.dumps(other.report["metrics"])


def test_the_summary_says_what_is_missing_and_what_is_assumed(made: Plant) -> None:
    said = summary(told(made.files()["sales.csv"], name="sales.csv").report)

    assert "Inventory turnover           needs stock (on hand), unit cost" in said
    assert "are assumed, among them lead_time_days 14, carrying_rate 0.25" in said


@pytest.mark.parametrize(
    ("name", "value"), [("colour", "1"), ("carrying_rate", "lots"), ("carrying_rate", "7"), ("review_days", "nan")]
)
def test_assumptions_that_cannot_be_are_refused(name: str, value: str) -> None:
    with pytest.raises(NotASetting):
        Settings().with_answers({name: value})


def test_a_given_assumption_is_no_longer_marked_as_assumed(made: Plant) -> None:
    given_settings = Settings().with_answers({"lead_time_days": "21"})

    seen = analyse([Source("s.csv", made.files()["sales.csv"].encode())], given_settings, {})

    row = next(row for row in seen.report["assumptions"] if row["name"] == "lead_time_days")
    assert (row["value"], row["assumed"]) == (21, False)
    assert {one["lead_time"] for one in seen.items} == {21.0}


def normal_days(mean: float, deviation: float) -> str:
    """Two years of days of one item."""
    sold = np.random.default_rng(8).normal(mean, deviation, 728).clip(0)
    rows = [f"A1,{FIRST + timedelta(days=place)},{quantity:.2f}" for place, quantity in enumerate(sold)]
    return "\n".join(["item,date,quantity", *rows]) + "\n"


def test_a_call_off_keeps_a_strong_day_and_not_a_mean_one() -> None:
    daily = told(normal_days(100, 60))
    weekly = told("item,date,quantity\n" + "".join(
        f"A1,{FIRST + timedelta(days=7 * place)},{700 if place % 10 else 1400}\n" for place in range(60)
    ))  # fmt: skip

    size = sizing(daily.book, daily.figures, Settings(), 0)

    assert needed_stock("jit", size) == pytest.approx(199, rel=0.05)
    assert sizing(weekly.book, weekly.figures, Settings(), 0).day_p95 == pytest.approx(200)


def test_just_in_case_reckons_with_the_lead_time_that_nine_of_ten_stay_within() -> None:
    days = [4] * 8 + [30, 34]
    orders = "po,item,supplier,order date,received date,quantity ordered\n" + "".join(
        f"P{place},A1,Bolt,{FIRST + timedelta(days=20 * place)},{FIRST + timedelta(days=20 * place + lead)},500\n"
        for place, lead in enumerate(days)
    )  # fmt: skip

    seen = analyse([Source("sales.csv", normal_days(100, 20).encode()), Source("orders.csv", orders.encode())],
                   Settings(), {})  # fmt: skip
    size = sizing(seen.book, seen.figures, Settings(), 0)

    assert size.demand.lead_time == pytest.approx(9.6)
    assert size.lead_time_p90 == pytest.approx(30.4)


def test_what_would_change_a_verdict_follows_the_rules_that_gave_it(made: Plant, analysis: Analysis) -> None:
    text = files("milkrun.engine.readiness").joinpath("rules.toml").read_text("utf-8")
    own = rulebook(text.replace('fact = "score", at_least = 60', 'fact = "score", at_least = 5'))
    sources = [Source(name, content.encode()) for name, content in made.files().items()]

    told_with = analyse(sources, Settings(as_of=LAST), {}, rules=own)

    facts = dict(
        zip(told_with.book.items, facts_of(told_with.book, told_with.figures, Settings(as_of=LAST)), strict=True)
    )
    listed = {
        one["item"]: [(change["fact"], change["verdict"]) for change in one["changes"]]
        for one in told_with.report["worked"]
    }
    assert listed == {
        item: [(one.fact, one.verdict) for one in what_would_change(facts[item], own)[:3]] for item in listed
    }
    assert listed != {one["item"]: [(change["fact"], change["verdict"]) for change in one["changes"]]
                      for one in analysis.report["worked"]}  # fmt: skip
