"""The four public files give the figures that were computed elsewhere, and say what they cannot tell."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from milkrun.engine.analyse import Analysis, analyse
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.report import page
from milkrun.engine.tables import Source
from tests.conftest import SHARED_DATA

FOLDER = SHARED_DATA / "planning"
FILES = ["online_retail_raw.csv.gz", "procurement_kpi_po.csv", "carparts_monthly.parquet", "hospital_monthly.parquet"]


@pytest.fixture(scope="module")
def analyses() -> dict[str, Analysis]:
    return {name: analyse([Source(name, FOLDER / name)], Settings(), {}) for name in FILES}


def test_intermittent_lumpy_and_smooth_items_are_counted_as_in_the_literature(analyses: dict[str, Analysis]) -> None:
    car, hospital = analyses["carparts_monthly.parquet"].items, analyses["hospital_monthly.parquet"].items

    assert Counter(row["kind"] for row in car) == {"intermittent": 2324, "lumpy": 347, "smooth": 3}
    assert Counter(row["xyz"] for row in hospital) == {"X": 746, "Y": 21}


def test_every_row_of_the_raw_sales_is_accounted_for(analyses: dict[str, Analysis]) -> None:
    account = analyses["online_retail_raw.csv.gz"].report["files"][0]["rows"]

    assert account["read"] == 240_007
    assert account["read"] == account["used"] + account["refused"] + sum(rule["rows"] for rule in account["excluded"])
    assert {rule["rule"] for rule in account["excluded"]} == {
        "not_a_product", "return_without_sale", "stock_adjustment",
    }  # fmt: skip


def test_purchase_orders_without_a_promise_say_that_on_time_cannot_be_told(analyses: dict[str, Analysis]) -> None:
    report = analyses["procurement_kpi_po.csv"].report
    measures = {one["key"]: one for one in report["metrics"]}

    assert measures["supplier_on_time"]["value"] is None
    assert measures["supplier_on_time"]["needs"] == "needs the promised date of purchase orders"
    assert {row["standing"] for row in report["suppliers"]} == {"not computable: no promised date"}
    assert sum(row["lead_time_mean"] is not None for row in report["suppliers"]) == 5


@pytest.mark.parametrize("name", FILES)
def test_the_report_is_the_same_to_the_byte_and_needs_nothing_from_outside(
    analyses: dict[str, Analysis], name: str
) -> None:
    first, again = analyses[name], analyse([Source(name, FOLDER / name)], Settings(), {})

    shown = page(first.report, first.items)

    assert shown == page(again.report, again.items)
    assert json.dumps(first.report) == json.dumps(again.report)
    assert not any(
        mark in shown for mark in ("<script", "http:", "https:", " src=", "style=", "onclick", ">nan<", "None")
    )


def test_the_command_works_where_django_is_not_installed(tmp_path: Path) -> None:
    blocker = (
        "import sys\n"
        "class Blocker:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('django', 'ninja', 'psycopg', 'pydantic'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Blocker())\n"
        "from milkrun.cli.main import main\n"
        "raise SystemExit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", blocker, "analyze", str(FOLDER / "procurement_kpi_po.csv"), "--out", str(tmp_path)]

    ran = subprocess.run(command, capture_output=True, text=True)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "777 rows read = 713 used + 64 left out + 0 refused" in ran.stdout
    assert {"items.csv", "mapping.json", "report.html", "report.json"} <= {file.name for file in tmp_path.iterdir()}
