"""What somebody with files and no account sees: acts through the command line and reads the page it writes."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from milkrun.cli.main import main
from tests.engine.plant import plant

Report = tuple[str, dict[str, Any], list[dict[str, str]]]


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Report]:
    """Analyse the plant's files with flags; the page, the JSON and the rows of the items come back."""
    folder = tmp_path_factory.mktemp("plant")
    for name, text in plant().files().items():
        (folder / name).write_bytes(text.encode())
    known: dict[tuple[str, ...], Report] = {}

    def analyse(*flags: str) -> Report:
        if flags not in known:
            out = tmp_path_factory.mktemp("report")
            assert main(["analyze", *map(str, sorted(folder.glob("*.csv"))), *flags, "--out", str(out)]) == 0
            known[flags] = read(out)
        return known[flags]

    return analyse


def read(out: Path) -> Report:
    with (out / "items.csv").open(encoding="utf-8", newline="") as rows:
        items = list(csv.DictReader(rows))
    return (out / "report.html").read_text("utf-8"), json.loads((out / "report.json").read_text("utf-8")), items


def card(page: str, key: str) -> str:
    """Return one measure as the page shows it."""
    return re.search(rf"<article class='card [^']*' id='m-{key}'>.*?</article>", page, re.DOTALL)[0]  # type: ignore[index]


def measure(report: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in report["metrics"] if one["key"] == key)


def part(page: str, name: str) -> str:
    return re.search(rf'<section id="{name}">.*?</section>', page, re.DOTALL)[0]  # type: ignore[index]


@pytest.mark.requirement("GDE-015")
def test_the_baseline_shows_four_numbers_with_formula_and_inputs(analysed: Callable[..., Report]) -> None:
    page, _, _ = analysed()

    for key in ("turnover", "days_of_inventory", "carrying_cost", "stockouts"):
        shown = card(page, key)
        assert "not computed" not in shown
        assert re.search(r"<summary>Formula and inputs</summary><p class='formula'>[^<]+</p><dl><div><dt>", shown)


@pytest.mark.requirement("GDE-018")
def test_abc_cuts_where_it_is_told_and_flags_an_unusual_share(analysed: Callable[..., Report]) -> None:
    page, usual, _ = analysed()
    _, tighter, _ = analysed("--assume", "abc_a=0.5")

    def shares(report: dict[str, Any]) -> dict[str, Any]:
        return next(one for one in report["classes"]["abc"] if one["basis"] == "use")

    assert shares(usual)["rows"][0]["value_share"] >= 0.8 > shares(tighter)["rows"][0]["value_share"] >= 0.5
    assert "of the items; 10 to 20 % is usual." in page
    assert shares(tighter)["flag"] == ""


@pytest.mark.requirement("GDE-019")
def test_b_and_c_have_shares_and_busy_c_items_are_named(tmp_path: Path) -> None:
    lines = ["item,date,quantity,unit cost"]
    for day in range(1, 29):
        lines += [f"DEAR{number},2024-01-{day:02},1,900" for number in range(3)]
        lines += [f"MIDDLE{number},2024-01-{day:02},2,60" for number in range(3)]
        lines += [f"CHEAP{number},2024-01-{day:02},1,2" for number in range(8)]
        lines += [f"WASHER,2024-01-{day:02},900,0.01"]
    (tmp_path / "sales.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    main(["analyze", str(tmp_path / "sales.csv"), "--out", str(tmp_path / "out")])

    page, report, items = read(tmp_path / "out")
    rows = {row["class"]: row for row in report["classes"]["abc"][0]["rows"]}
    assert all(rows[letter]["value_share"] > 0 and rows[letter]["quantity_share"] > 0 for letter in "BC")
    assert next(item["abc_use"] for item in items if item["item"] == "WASHER") == "C"
    assert re.search(r"C items? moves? in large quantities: WASHER", part(page, "classes"))


@pytest.mark.requirement("GDE-021")
def test_a_supplier_has_on_time_rejects_and_a_histogram(analysed: Callable[..., Report]) -> None:
    page, report, _ = analysed()

    shown = part(page, "suppliers")

    for row in report["suppliers"]:
        assert f"{row['on_time'] * 100:.1f} %" in shown
        assert f"{row['reject_rate'] * 100:.1f} %" in shown
        assert f'aria-label="Lead times of {row["name"]}"' in shown


@pytest.mark.requirement("GDE-050")
@pytest.mark.requirement("GDE-051")
def test_steps_follow_three_figures_and_swinging_items_are_treated_conservatively(
    analysed: Callable[..., Report],
) -> None:
    page, report, items = analysed()

    for one in report["steps"]["suggested"]:
        assert 0.10 <= one["step"] <= 0.20
        assert None not in (one["variation"], one["on_time_proven"], one["lead_time"])
    swinging = [item for item in items if item["xyz"] == "Z"]
    assert swinging
    assert {(item["step"], item["step_care"]) for item in swinging} == {("0.0", "conservative")}
    assert "too much for any step: conservative." in part(page, "steps")
    assert "On time, proven" in part(page, "steps")


@pytest.mark.requirement("GDE-082")
def test_days_of_inventory_and_turnover_multiply_to_a_year(analysed: Callable[..., Report]) -> None:
    page, report, _ = analysed()

    turns, days = measure(report, "turnover"), measure(report, "days_of_inventory")

    assert turns["value"] * days["value"] == pytest.approx(365)
    assert turns["inputs"] == days["inputs"]
    assert "average inventory value / cost of goods x days" in card(page, "days_of_inventory")


@pytest.mark.requirement("GDE-098")
@pytest.mark.requirement("GDE-099")
@pytest.mark.requirement("GDE-100")
def test_carrying_cost_is_built_of_four_parts_and_says_that_its_rate_is_assumed(
    analysed: Callable[..., Report],
) -> None:
    page, report, _ = analysed()
    given, _, _ = analysed("--assume", "carrying_rate=0.28")

    shown, seen = card(page, "carrying_cost"), measure(report, "carrying_cost")

    inputs = {one["name"]: one["value"] for one in seen["inputs"]}
    whole = sum(inputs[name] for name in ("capital", "storage", "insurance", "obsolescence"))
    assert whole == pytest.approx(seen["value"]) == pytest.approx(inputs["average inventory value"] * 0.25)
    assert "share of average inventory value</dt><dd>25.0 %" in shown
    assert "fixed part (building, people, systems)" in shown
    assert "The rate is assumed, not taken from your data." in shown
    assert "20 to 30 % is usual" in shown
    assert "The rate is assumed" not in card(given, "carrying_cost")


@pytest.mark.requirement("GDE-104")
def test_mape_counts_what_it_leaves_out_and_has_wape_beside_it(analysed: Callable[..., Report]) -> None:
    page, report, _ = analysed()

    shown, seen = card(page, "forecast_accuracy"), measure(report, "forecast_accuracy")

    assert "mean of |actual - forecast| / actual x 100" in shown
    assert next(one["value"] for one in seen["inputs"] if "left out" in one["name"]) > 0
    assert re.search(r"<dt>WAPE</dt><dd>[\d.]+ %", shown)


@pytest.mark.requirement("GDE-114")
def test_each_item_of_slow_turns_has_three_causes_tested_and_the_likely_one_named(tmp_path: Path) -> None:
    stock, sales, orders = (
        ["item,date,on hand"],
        ["item,date,quantity"],
        ["po,item,order date,received date,qty ordered"],
    )
    for place in range(200):
        day = f"2024-{1 + place // 28:02}-{1 + place % 28:02}"
        late = place >= 100
        sales += [f"FELL,{day},{2 if late else 10}", f"GREW,{day},5", f"FORCED,{day},1"]
        stock += [f"FELL,{day},100", f"GREW,{day},{400 if late else 100}", f"FORCED,{day},{900 if late else 600}"]
        if place % 20 == 0:
            orders += [f"P{place},GREW,{day},{day},{400 if late else 100}"]
    items = ["item,unit cost,moq", "FELL,50,1", "GREW,50,1", "FORCED,50,5000"]
    files = {"stock": stock, "sales": sales, "orders": orders, "items": items}
    for name, lines in files.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    main(["analyze", *(str(tmp_path / f"{name}.csv") for name in files), "--out", str(tmp_path / "out")])

    page, report, _ = read(tmp_path / "out")
    likely = {row["item"]: row["likely"] for row in report["causes"]["items"]}
    assert likely["FELL"] == "demand fell"
    assert likely["GREW"] == "orders grew"
    assert likely["FORCED"] == "the minimum order is above the best order"
    assert all(name in part(page, "causes") for name in likely)


@pytest.mark.requirement("GDE-113")
def test_the_playbook_of_turnover_begins_with_how_few_items_cause_it(analysed: Callable[..., Report]) -> None:
    page, report, _ = analysed()

    shown = card(page, "turnover")

    share = f"{report['causes']['top_share'] * 100:.1f} %"
    assert re.search(rf"What to do: [^<]+</summary><p class='small'>The ten worst items hold {share}", shown)


@pytest.mark.requirement("GDE-115")
def test_stock_is_aged_by_bucket_with_value_and_can_be_taken_along(analysed: Callable[..., Report]) -> None:
    page, report, items = analysed()

    buckets = {row["days"]: row for row in report["classes"]["ageing"]["rows"]}

    assert list(buckets) == ["0-30", "31-60", "61-90", "over 90"]
    assert "Stock value by age in days" in part(page, "stock")
    exported = sum(float(item["age_over_90"] or 0) * float(item["value"]) for item in items)
    assert exported == pytest.approx(buckets["over 90"]["value"])


@pytest.mark.requirement("GDE-148")
def test_fast_movers_that_ran_out_stand_beside_slow_movers(analysed: Callable[..., Report]) -> None:
    page, report, _ = analysed()

    assert report["classes"]["running_out"]
    assert report["classes"]["slow"]["items"]
    side_by_side = part(page, "stock").rpartition("<div class='two'>")[2]
    assert side_by_side.index("Fast movers that ran out") < side_by_side.index("Slow movers")


@pytest.mark.requirement("GDE-149")
def test_few_items_make_most_revenue_and_hold_little_of_the_stock(tmp_path: Path) -> None:
    sales, stock = ["item,date,quantity,price,unit cost"], ["item,on hand"]
    for number in range(25):
        fast = number < 3
        sales += [f"I{number:02},2024-01-{day:02},{25 if fast else 25 / 22:.6f},10,5" for day in range(1, 29)]
        stock.append(f"I{number:02},{35 / 3 if fast else 65 / 22:.6f}")
    for name, lines in (("sales", sales), ("stock", stock)):
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    flags = ["--assume", "abc_a=0.74", "--out", str(tmp_path / "out")]
    main(["analyze", str(tmp_path / "sales.csv"), str(tmp_path / "stock.csv"), *flags])

    page, report, _ = read(tmp_path / "out")
    said = "3 items (12.0 %) make 75.0 % of the revenue and hold 35.0 % of the stock value."
    assert said in re.sub(r"\s+", " ", part(page, "classes"))
    assert {one["basis"] for one in report["classes"]["abc"]} == {"use", "revenue", "stock"}


@pytest.mark.requirement("GDE-150")
def test_suppliers_stand_by_spend_and_are_ready_only_when_that_is_proven(analysed: Callable[..., Report]) -> None:
    page, report, _ = analysed()
    _, lenient, _ = analysed("--assume", "on_time_target=0.9")

    rows = report["suppliers"]

    spends = [row["spend"] for row in rows]
    assert spends == sorted(spends, reverse=True)
    assert rows[-1]["share_upto"] == pytest.approx(1)
    unproven = next(row for row in rows if row["name"] == "Bolt Ltd")
    ready = next(row for row in lenient["suppliers"] if row["name"] == "Bolt Ltd")
    assert (ready["standing"], ready["on_time_proven"] >= 0.9) == ("just-in-time ready", True)
    assert unproven["on_time"] >= 0.95 > unproven["on_time_proven"]
    assert unproven["standing"] == f"at target, not proven, n={unproven['due']}"
    assert unproven["standing"] in part(page, "suppliers")


@pytest.mark.requirement("GDE-203")
@pytest.mark.requirement("GDE-204")
@pytest.mark.requirement("GDE-205")
def test_an_item_shows_every_term_the_curve_of_service_and_the_cost_of_lots(analysed: Callable[..., Report]) -> None:
    _, usual, _ = analysed()
    page, higher, items = analysed("--assume", "service_level=0.98")

    shown = part(page, "worked")
    one, before = higher["worked"][0], usual["worked"][0]
    terms = one["terms"]

    by_hand = terms["z"] * (
        (terms["lead_time"] + terms["review"]) * terms["deviation_day"] ** 2
        + terms["mean_day"] ** 2 * terms["lead_time_deviation"] ** 2
    ) ** 0.5  # fmt: skip
    assert terms["safety_stock"] == pytest.approx(by_hand)
    assert by_hand > before["terms"]["safety_stock"]
    assert f"z(98.0 %) x sigma = {terms['z']:.4f} x" in shown
    assert [row["level"] for row in one["service_curve"] if row["chosen"]] == [0.98]
    assert 'aria-label="Carrying cost against expected shortage by service level"' in shown
    assert 'class="mark"' in shown
    assert 'aria-label="Cost a year by deliveries a year"' in shown
    forced = next(item for item in items if item["item"] == one["item"])
    assert float(forced["order_quantity"]) == one["lots"]["allowed"] >= one["lots"]["best"] - 1e-6


@pytest.mark.requirement("GDE-242")
def test_every_measure_is_leading_or_lagging_and_can_be_filtered_so(analysed: Callable[..., Report]) -> None:
    page, report, _ = analysed()

    assert {one["kind"] for one in report["metrics"]} == {"leading", "lagging"}
    for one in report["metrics"]:
        assert re.search(rf"<article class='card \w+ {one['kind']}' id='m-{one['key']}'", page)
        assert f"<span class='tag'>{one['kind']}</span>" in card(page, one["key"])
    for chosen, hidden in (("leading", "lagging"), ("lagging", "leading")):
        assert f'id="pick-{chosen}"' in page
        assert f"#pick-{chosen}:checked ~ .cards .{hidden}" in page
