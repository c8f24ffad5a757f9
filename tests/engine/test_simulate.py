"""`milkrun simulate`: from a file to curves and a proof, the same bytes on any number of workers."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from milkrun.cli.main import main
from milkrun.engine.compiled import compiled

PROOF = ["--assume", "lead_time_days=7", "--assume", "review_days=7", "--assume", "lead_time_variation=0"]


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of days without week-ends: 12 steady items, 4 rare ones, one that ended, one that is new."""
    chance = np.random.default_rng(17)
    first, rows = date(2024, 1, 1), []
    for day in range(728):
        today = first + timedelta(days=day)
        if today.weekday() >= 5:
            continue
        for item in range(12):
            rows.append((today, f"S{item:02d}", int(chance.poisson(20 + 5 * item)), 2.5))
        rows += [(today, f"R{item}", int(chance.integers(1, 30)), 8.0) for item in range(4) if chance.random() < 0.04]
        if day < 200:
            rows.append((today, "OLD", 5, 1.0))
        if day > 715:
            rows.append((today, "=NEW", 7, 1.0))
    path = tmp_path_factory.mktemp("simulate") / "sales.csv"
    with path.open("w", newline="") as written:
        writer = csv.writer(written)
        writer.writerow(["date", "item", "quantity", "unit cost"])
        writer.writerows((day.isoformat(), *rest) for day, *rest in rows)
    return path


def simulated(sales: Path, folder: Path, *flags: str) -> tuple[dict[str, Any], bytes]:
    code = main(["simulate", str(sales), "--out", str(folder), "--scenarios", "20", *PROOF, *flags])
    assert code == 0
    written = (folder / "simulation.json").read_bytes()
    return json.loads(written), b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


@pytest.fixture(scope="module")
def plain(sales: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], bytes]:
    return simulated(sales, tmp_path_factory.mktemp("plain"))


def test_a_file_of_sales_gives_curves_a_proof_and_what_was_left_out(
    plain: tuple[dict[str, Any], bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    report, _ = plain

    assert (report["period"], report["items"]) == ("day", 16)
    assert report["left_out"] == {"no_demand": 0, "ended": 1, "too_short": 1}
    assert {segment["kind"]: segment["steps_claimed"] for segment in report["segments"]}["smooth"]
    curve = [point for point in report["portfolio"] if point["cycle"] == 7]
    assert [point["share"] for point in curve] == [step / 10 for step in range(16)]
    assert [point["fill"] for point in curve] == sorted(point["fill"] for point in curve)
    assert {point["cycle"] for point in report["portfolio"]} == {1, 7, 14}


def test_steps_are_claimed_for_steady_items_only_and_the_record_of_such_claims_is_shown(
    plain: tuple[dict[str, Any], bytes],
) -> None:
    report, _ = plain
    rows = {row["item"]: row for row in report["item_rows"]}
    proof, record = report["proof"], report["proof"]["record"]

    assert (proof["period"], proof["eligible"]) == ("week", 12)
    assert 0 < proof["proven"] <= 12
    assert {rows[f"R{item}"]["step"] for item in range(4)} == {"not claimed"}
    assert all(row["freed_value"] > 0 for row in rows.values() if row["step"] == "proven")
    assert record["stepped"] > 0
    assert record["held"] == record["stepped"]
    assert record["stock_after"] < record["stock"]
    assert proof["stairs"][0]["stepped"] == record["stepped"]


def test_the_page_shows_the_curves_and_needs_nothing_else(plain: tuple[dict[str, Any], bytes]) -> None:
    _, written = plain
    page = written[written.index(b"<!DOCTYPE html>") :]

    assert page.count(b"<svg") >= 4
    assert b"The record of such claims." in page
    assert b"review every 7 days" in page
    assert not any(mark in page for mark in (b"<script", b"http:", b"https:", b" src=", b">nan<", b">None<"))


def test_two_workers_give_the_same_bytes_as_one(
    sales: Path, plain: tuple[dict[str, Any], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Blocks so small that both workers have several.
    monkeypatch.setattr("milkrun.engine.simulate.curves.BLOCK", 3)
    monkeypatch.setattr("milkrun.engine.simulate.proof.BLOCK", 5)

    _, spread = simulated(sales, tmp_path, "--workers", "2")

    assert spread == plain[1]


@pytest.fixture
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as started:
        yield started


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_dask_cluster_of_two_processes_gives_the_same_bytes(
    sales: Path, plain: tuple[dict[str, Any], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: Any
) -> None:
    monkeypatch.setattr("milkrun.engine.simulate.curves.BLOCK", 3)
    monkeypatch.setattr("milkrun.engine.simulate.proof.BLOCK", 5)

    _, spread = simulated(sales, tmp_path, "--dask", cluster.scheduler_address)

    assert spread == plain[1]


def test_another_seed_gives_other_lead_times(sales: Path, plain: tuple[dict[str, Any], bytes], tmp_path: Path) -> None:
    varied = ["--assume", "lead_time_variation=0.5"]
    one, _ = simulated(sales, tmp_path / "one", *varied)
    other, _ = simulated(sales, tmp_path / "other", *varied, "--seed", "7")

    assert one["portfolio"] != other["portfolio"]
    assert one["portfolio"] != plain[0]["portfolio"]


def test_items_that_look_like_formulas_are_disarmed(sales: Path, tmp_path: Path) -> None:
    table = sales.read_text().replace("S00", "=1+1")
    named = tmp_path / "named.csv"
    named.write_text(table)

    simulated(named, tmp_path / "out")

    assert b"\n'=1+1," in (tmp_path / "out" / "simulated_items.csv").read_bytes()


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (["--step", "0.9"], "out_of_bounds"),
        (["--workers", "0"], "out_of_bounds"),
        (["--assume", "moon=3"], "not_an_assumption"),
        (["--dask", "tcp://127.0.0.1:9"], "no_such_cluster"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    flags: list[str], code: str, sales: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milkrun.engine.executors.PATIENCE", "0.5s")

    assert main(["simulate", str(sales), *flags]) == 2

    told = capsys.readouterr().err.strip().splitlines()
    assert told[-1].startswith(f"milkrun: {code}: ")


def test_a_file_without_demand_is_said_to_hold_nothing_to_replay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stock = tmp_path / "items.csv"
    stock.write_text("sku,unit cost,lead time\nA,1.5,7\nB,2.5,9\nC,3,4\n")

    assert main(["simulate", str(stock), "--table", "items", "--as-of", "2026-01-31"]) == 2

    assert capsys.readouterr().err.startswith("milkrun: nothing_to_replay: ")


def test_it_needs_no_server(sales: Path) -> None:
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
    command = [sys.executable, "-c", blocker, "simulate", str(sales), "--scenarios", "2", *PROOF]

    ran = subprocess.run(command, capture_output=True, text=True)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Service against stock, all items" in ran.stdout


def test_loops_are_compiled_anew_where_nothing_may_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_a_place(cache: bool = False, **options: Any) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return numba.njit(**options)

    monkeypatch.setattr("milkrun.engine.compiled.njit", without_a_place)

    @compiled
    def double(value: float) -> float:
        return value * 2

    assert double(21.0) == 42.0
