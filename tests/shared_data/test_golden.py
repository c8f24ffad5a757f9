"""The worked numbers of the planning data against the engine: formulas by name, each to the digits of the file."""

import json
from functools import cache
from typing import Any

import pytest

from milkrun.engine.classes import abc, pattern
from milkrun.engine.intermittent import croston, sba, tsb
from milkrun.engine.metrics.forecasting import forecast_errors
from milkrun.engine.metrics.fulfilment import days_at_zero
from milkrun.engine.metrics.money import turnover
from milkrun.engine.metrics.supply import lead_times
from milkrun.engine.policies.ddmrp import BufferFacts, buffer, net_flow, proposal
from milkrun.engine.policies.kanban import cards
from milkrun.engine.policies.lots import LotCosts, best_lot, economic_lot, order_cost_for
from milkrun.engine.policies.newsvendor import newsvendor
from milkrun.engine.policies.safety_stock import DemandOverTime, reorder_point, safety_stock, z_for_fill_rate, z_of
from milkrun.engine.policies.tradeoff import Prices, curve
from milkrun.engine.policies.vmi import min_max
from tests.conftest import SHARED_DATA

RARE = [0, 0, 5, 0, 0, 3, 0, 0, 0, 8, 0, 4]
BOLT = DemandOverTime(100, 20, 9, 2)
LOT, BIG = LotCosts(1300, 8, 0.225), LotCosts(12_000, 50, 2.4)


@cache
def golden() -> Any:
    return json.loads((SHARED_DATA / "planning" / "golden.json").read_text("utf-8"))


def test_measures_give_the_worked_numbers() -> None:
    wanted = golden()
    quarter = turnover(1_200_000, 450_000, days=90)
    leads = lead_times([7, 9, 6, 12, 8, 7, 10, 21, 8, 7])
    errors = forecast_errors([100, 0, 80, 120, 0, 90], [90, 10, 100, 110, 5, 95], [95, 0, 110, 85, 0, 100, 0, 105])
    empty = days_at_zero([12, 5, 0, 0, 0, 9, 7, 2, 0, 15, 11, 6, 1, 0, 0, 8])

    assert leads is not None
    assert [turnover(50_400_000, 12_000_000).turns, turnover(50_400_000, 12_000_000).days] == [
        wanted["turnover"], pytest.approx(wanted["dio365"])]  # fmt: skip
    assert quarter.turns == pytest.approx(wanted["dio_periodavg"]["turns_annualised"])
    assert quarter.days == pytest.approx(wanted["dio_periodavg"]["dio"])
    assert [leads.mean, leads.deviation, leads.variation, leads.p50, leads.p90, leads.robust] == pytest.approx(
        [wanted["leadtime"][name] for name in ("mean", "sd", "cv", "p50", "p90", "mad_sd")]
    )
    assert [errors.mape, errors.wape, errors.bias] == pytest.approx(
        [wanted[name] / 100 for name in ("mape_excl_zero", "wape", "bias")]
    )
    assert [errors.mase, errors.rmsse] == pytest.approx([wanted["mase"], wanted["rmsse"]])
    assert [list(empty.runs), empty.per_30_days, empty.mean_days, empty.day_rate] == [
        wanted[name] for name in ("stockout_runs", "stockout_freq_per30d", "stockout_mean_dur", "stockout_day_rate")
    ]


def test_classes_and_rare_demand_give_the_worked_numbers() -> None:
    wanted, seen = golden(), pattern(RARE)
    worth = dict(zip("abcdefghij", [4200, 2600, 900, 700, 500, 400, 300, 200, 120, 80], strict=True))
    found = [method(RARE) for method in (croston, sba, tsb)]

    assert "".join(abc(worth).values()) == wanted["abc_class"]
    assert [seen.interval, seen.size_variation, seen.variation] == pytest.approx(
        [wanted["adi"], wanted["cv2_pop"], wanted["cv_xyz"]]
    )
    assert [one.forecast for one in found if one] == pytest.approx([wanted["croston"][0], wanted["sba"], wanted["tsb"]])


def test_safety_stock_gives_the_worked_numbers() -> None:
    wanted = golden()
    seen = DemandOverTime(120, 60, 5, 2)
    k = z_for_fill_rate(BOLT.sigma, 500, 0.98)

    assert safety_stock(DemandOverTime(100, 20, 9), 0.95) == pytest.approx(wanted["ss_demand_only"])
    assert [BOLT.sigma, safety_stock(BOLT, 0.95), reorder_point(BOLT, 0.95)] == pytest.approx(
        [wanted["sigma_dlt"], wanted["ss_both"], wanted["rop"]]
    )
    assert [seen.sigma, safety_stock(seen, 0.95)] == pytest.approx([wanted["sigma120"], wanted["ss_seen120"]])
    assert safety_stock(DemandOverTime(100, 20, 9, 2, review=7), 0.95) == pytest.approx(wanted["ss_review"])
    assert [k, k * BOLT.sigma, z_of(0.98) * BOLT.sigma] == pytest.approx(
        [wanted["fillrate_k"], wanted["fillrate_ss"], wanted["z98_ss"]]
    )


def test_the_curve_of_carrying_cost_against_shortage_gives_the_worked_numbers() -> None:
    wanted = golden()["tradeoff"]

    found = curve(BOLT.sigma, Prices(2, 5, 500, 36_500), [float(level) for level in wanted])

    for point, (z, stock, fill) in zip(found, wanted.values(), strict=True):
        assert [round(z_of(point.service), 4), round(point.safety_stock, 1), round(point.fill, 5)] == [z, stock, fill]


def test_lots_cards_and_seasons_give_the_worked_numbers() -> None:
    wanted = golden()
    forced = best_lot(BIG, least=1000, multiple=250)

    assert [economic_lot(LOT), LOT.a_year(economic_lot(LOT))] == pytest.approx([wanted["eoq"], wanted["eoq_cost"]])
    assert [economic_lot(BIG), BIG.a_year(economic_lot(BIG))] == pytest.approx([wanted["eoq2"], wanted["eoq2_cost"]])
    assert [forced.lot, forced.cost, forced.premium] == pytest.approx(wanted["eoq2_moq1000_mult250"])
    assert [[lot, BIG.a_year(lot)] for lot in (500, 750)] == wanted["eoq2_mult250"]
    assert order_cost_for(100, 12_000, 2.4) == wanted["jit_setup_for_q100"]
    assert newsvendor(50, 8, 0.18, 0.70).order == pytest.approx(wanted["newsvendor"])
    assert newsvendor(250, 8 * 5**0.5, 0.18, 0.70).order == pytest.approx(wanted["newsvendor_L4"])
    assert [cards(400, 0.5, 25, 0.15), cards(240, 2, 50, 0.10)] == [wanted["kanban"][0], wanted["kanban2"][0]]


def test_buffers_and_bands_give_the_worked_numbers() -> None:
    wanted = golden()
    second = BufferFacts(10, 12, 0.5, 0.5, least=50, cycle=7)
    band = min_max(DemandOverTime(40, 12, 5, review=7), 0.975)
    flow = net_flow(65, 60, 4 + 8 + 50)

    for facts, name in (
        (BufferFacts(4, 10, 0.5, 0.5), "ddmrp_oca"),
        (second, "ddmrp2"),
        (BufferFacts(10, 12, 0.5, 0.5, least=50, cycle=7, adjustment=1.4), "ddmrp_daf"),
    ):
        zones = buffer(facts)
        told = [zones.red_base, zones.red_safety, zones.yellow, zones.green, zones.top_of_green, zones.on_hand_target]
        assert told == pytest.approx(
            [wanted[name][key] for key in ("red_base", "red_safety", "yellow", "green", "tog", "avg_onhand")]
        )
        assert zones.spike == pytest.approx(wanted[name]["spike"])
    assert [flow, proposal(buffer(second), flow)] == [wanted["ddmrp_nfp"]["nfp"], wanted["ddmrp_nfp"]["rec"]]
    assert [band.least, band.most] == pytest.approx([wanted["vmi"]["dmin"], wanted["vmi"]["dmax"]])
