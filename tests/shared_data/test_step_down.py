"""The step-down proof on two public data sets: smooth demand, where steps hold, and rare demand, where none is claimed.

The data is not part of the project and lies beside the checkout; without it this folder is not collected.
"""

from functools import cache

import numpy as np
import polars as pl

from milkrun.engine.classes import pattern
from milkrun.engine.simulate.curves import replay_shares
from milkrun.engine.simulate.proof import StepProof, Terms, prove_step
from milkrun.engine.simulate.stairs import walk_down
from milkrun.engine.simulate.twin import History
from tests.conftest import SHARED_DATA

FOLDER = SHARED_DATA / "planning"


def monthly(name: str) -> History:
    table = pl.read_parquet(FOLDER / f"{name}_monthly.parquet").sort("sku", "date")
    skus = table["sku"].unique(maintain_order=True).cast(pl.String).to_list()
    # A series that ends early is asked for no more.
    demand = table["qty"].fill_null(0).cast(pl.Float64).to_numpy().reshape(len(skus), -1)
    items = len(skus)
    return History(
        tuple(skus), demand, np.zeros(items, int), tuple([1.0] for _ in skus), np.zeros(items), np.zeros(items),
        np.full(items, np.nan),
    )  # fmt: skip


@cache
def hospital() -> StepProof:
    return prove_step(monthly("hospital"), Terms(), decide=48)


def test_steps_on_smooth_demand_free_stock_and_hold_in_the_months_that_were_not_seen() -> None:
    found = hospital().judged

    assert found is not None
    assert found.freed >= 0.15
    assert found.held_share is not None
    assert found.held_share >= 0.94
    assert found.fill - found.fill_after <= 0.005
    assert found.stepped > 500


def test_a_staircase_walked_on_unseen_months_holds_service_and_stops_where_it_breaks() -> None:
    proof = hospital()

    stages = walk_down(monthly("hospital"), proof.proven, Terms(), proof.model, start=48)

    assert len(stages) == 18
    assert stages[0].stepped == int(proof.proven.sum())
    assert stages[-1].stopped > 0
    assert all(stage.fill >= 0.95 for stage in stages)
    assert stages[-1].stock < 0.9 * stages[-1].stock_uncut


def test_on_rare_demand_no_step_is_claimed_and_the_segment_curve_is_shown() -> None:
    parts = monthly("carparts")
    found = prove_step(parts, Terms(), decide=36)
    kinds = np.array([pattern(row).kind for row in parts.demand])

    replayed = replay_shares(parts, np.ones(len(kinds)), found.model, 2.33)
    curve = replayed.curve(kinds == "intermittent", np.ones(len(kinds)))

    assert found.declined >= 0.95
    assert {kind: int((kinds == kind).sum()) for kind in ("intermittent", "lumpy", "smooth")}["smooth"] <= 3
    assert [point.share for point in curve] == [step / 10 for step in range(16)]
    fills, stocks = [point.fill for point in curve], [point.stock for point in curve]
    assert fills == sorted(fills)
    assert stocks == sorted(stocks)
    assert 0 < fills[8] < fills[10] < 1
