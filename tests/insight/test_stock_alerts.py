"""Stock below its reorder point raises one alert; unmet due demand is a stockout, an empty shelf alone is none."""

from datetime import timedelta
from decimal import Decimal

import pytest

from milkrun.insight.models import Alert, Stockout
from milkrun.insight.queries import alerts_of, stockouts
from milkrun.planning.commands.set_item_policy import set_item_policy
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.reverse_posting import reverse_posting
from tests.insight.watching import look, rule
from tests.world import NOW

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(hours=15)


def reorder_at(world, number: str, qty: int) -> None:
    """Set a reorder point."""
    set_item_policy(
        site_id=world.site_id, part_id=world.parts[number], method="reorder_point", reorder_point=Decimal(qty),
        why="Test", actor=world.actor, at=world.later(),
    )  # fmt: skip


def test_movements_below_the_reorder_point_raise_one_alert_that_names_what_is_on_order(world) -> None:
    world.receive("SEAT-105A", "30", "FG")
    second = world.receive("SEAT-105A", "5", "FG")
    reorder_at(world, "SEAT-105A", 33)

    above = look(world.now)
    reverse_posting(posting_id=second, reason="x", actor=world.actor, at=world.later())
    below = look(world.now)
    told = Alert.objects.get(rule__metric="below_reorder_point").times_told
    move_stock(
        site_id=world.site_id, part_id=world.parts["SEAT-105A"], from_location_id=world.places["FG"],
        to_location_id=world.places["PACK"], qty=Decimal(10), lot_id=None, actor=world.actor, at=world.later(),
    )  # fmt: skip
    still = look(world.now)
    cause = alerts_of(world.site_id, {"part": [world.parts["SEAT-105A"]]}, "UTC")[0].cause

    assert "below_reorder_point" not in above
    assert below["below_reorder_point"] == still["below_reorder_point"] == ["SEAT-105A"]
    assert (told, Alert.objects.filter(rule__metric="below_reorder_point").count()) == (1, 1)
    assert cause == (
        "SEAT-105A has 30 pcs on hand (0 pcs of it reserved), below its reorder point of 33 pcs. On order: 0 pcs."
    )


def test_the_owner_is_told_again_when_the_last_piece_is_gone(world) -> None:
    posting = world.receive("SEAT-105A", "30", "FG")
    reorder_at(world, "SEAT-105A", 33)
    look(world.now)

    reverse_posting(posting_id=posting, reason="x", actor=world.actor, at=world.later())
    look(world.now)
    world.receive("SEAT-105A", "40", "FG")
    after = look(world.now)

    (alert,) = Alert.objects.filter(rule__metric="below_reorder_point")
    assert (alert.times_told, alert.mark, alert.closed_why) == (2, "zero", "cause_gone")
    assert "below_reorder_point" not in after


def test_unmet_due_demand_is_a_stockout_with_the_calls_it_failed_until_it_is_met(world) -> None:
    world.receive("SEAT-105A", "20", "FG")
    call_id = world.call(world.summarized("DON1", qty="48"))
    world.call(world.summarized("DON2", qty="2"))

    early = look(DUE - timedelta(hours=2))
    late = look(DUE)
    (event,) = Stockout.objects.all()
    world.finish([call_id])
    look(DUE + timedelta(minutes=5))
    less = Stockout.objects.get()
    world.receive("SEAT-105A", "10", "FG")
    look(DUE + timedelta(minutes=9))

    assert "stockout" not in early
    assert late["stockout"] == ["SEAT-105A"]
    assert (event.unmet_qty, event.demands) == (
        Decimal(30), {"DON1": ["OEM01", "28"], "DON2": ["OEM01", "2"]},
    )  # fmt: skip
    assert event.started_at == NOW + timedelta(hours=14)
    assert (less.unmet_qty, less.peak_qty) == (Decimal(2), Decimal(30))
    (row,) = stockouts(world.site_id, DUE + timedelta(minutes=9), "UTC").rows
    assert (row.open, row.unmet, row.peak, row.minutes) == (False, "0 pcs", "30 pcs", 69)


def test_an_empty_shelf_that_nobody_asks_for_is_no_stockout_but_counts_days_at_zero(world) -> None:
    from milkrun.insight.queries.zero import days_at_zero

    part = world.parts["SEAT-105A"]
    world.now = NOW + timedelta(days=10)
    posting = world.receive("SEAT-105A", "5", "FG")
    world.now = NOW + timedelta(days=14)
    reverse_posting(posting_id=posting, reason="x", actor=world.actor, at=world.now)
    at = NOW + timedelta(days=20)

    look(at)
    counted = days_at_zero(world.site_id, [part], at, "UTC", 30)

    assert not Stockout.objects.exists()
    # Of 30 days it lay there at the end of four.
    assert counted == {part: 26}


def test_a_rule_of_one_s_own_watches_stock_on_either_side(world) -> None:
    foam = world.parts["FOAM"]
    rule(world, "on_hand", "1500", comparison="below", part_id=foam, title="little")
    rule(world, "on_hand", "1500", comparison="above", part_id=foam, title="much")

    little = look(world.now)
    world.receive("FOAM", "900", "LINE1")
    look(world.now)

    assert little["on_hand"] == ["FOAM"]
    (alert,) = Alert.objects.filter(rule__metric="on_hand", closed_at=None)
    assert alert.rule.title == "much"


def test_a_lot_that_expires_soon_raises_an_alert_until_its_goods_are_gone(world) -> None:
    from milkrun.parts.commands.create_part import create_part
    from milkrun.stock.commands.receive_stock import LotFacts, receive_stock

    part = create_part(number="GLUE", lot_tracked=True, actor=world.actor, at=world.later()).part_id
    posting = [
        receive_stock(
            site_id=world.site_id, part_id=part, location_id=world.places["FG"], qty=Decimal(5), lot_no=lot,
            facts=LotFacts(expires_on=NOW.date() + timedelta(days=days)), actor=world.actor, at=world.later(),
        ).posting_id
        for lot, days in (("SOON", 5), ("LATE", 50))
    ]  # fmt: skip

    soon = look(world.now)
    reverse_posting(posting_id=posting[0], reason="x", actor=world.actor, at=world.later())
    gone = look(world.now)

    assert soon["lot_expiring"] == ["GLUE SOON"]
    assert "lot_expiring" not in gone
