"""Demand against the usual, stock against demand, cover and material through the bills of material."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from milkrun.insight.queries import coverage, demand_deviation, stock_availability
from tests.world import NOW, ORDER, REST

pytestmark = pytest.mark.django_db
ZONE = "Europe/Berlin"


def call(world, number: str, qty: str, days: int, parts: tuple[str, ...] = ("5N0 881 105 A",)) -> int:
    """Receive a call that is needed so many days from now, or so many days ago."""
    return world.call(replace(world.summarized(number, parts=parts, qty=qty), required_at=NOW + timedelta(days=days)))


def test_this_week_is_judged_against_the_four_before_and_changes_are_added_up(world) -> None:
    for week, qty in ((-4, "20"), (-3, "20"), (-2, "40"), (-1, "40")):
        call(world, f"W{week}", qty, 7 * week)
    call(world, "NOW", "60", 0)
    call(world, "NOW", "90", 0)
    call(world, "NEXT", "10", 7)

    (row,) = demand_deviation(world.site_id, NOW, ZONE)

    assert [int(qty) for qty in row.weeks] == [20, 20, 40, 40, 90, 10, 0, 0, 0]
    assert (row.usual, row.deviation, row.percent) == (Decimal(30), Decimal(60), 200)
    assert (row.changes, row.changed) == (1, Decimal(30))
    assert demand_deviation(world.site_id, NOW, ZONE, customer="NOBODY") == []


def test_stock_is_short_from_the_horizon_at_which_demand_passes_it(world) -> None:
    world.receive("SEAT-105A", "50", "FG")
    call(world, "A", "30", 0)
    call(world, "B", "30", 2)
    call(world, "C", "5", 1, (REST,))

    seat, rest = sorted(stock_availability(world.site_id, NOW), key=lambda row: row.part, reverse=True)
    only = stock_availability(world.site_id, NOW, "SEAT", only_short=True)

    assert (seat.part, seat.short, [int(qty) for qty in seat.left]) == ("SEAT-105A", "3 d", [50, 20, 20, -10, -10, -10])
    assert (rest.part, rest.short) == ("REST-106B", "3 d")
    assert [row.part for row in only] == ["SEAT-105A"]


def test_material_is_required_only_for_what_must_still_be_made_through_every_level(world) -> None:
    from milkrun.parts.commands.create_part import Ingredient, create_part

    who = {"actor": world.actor, "at": world.later()}
    create_part(number="WIRE", supply_location="LINE1", **who)
    create_part(number="SET", made_here=True, bom=(Ingredient("SEAT-105A", Decimal(2)), Ingredient("WIRE", Decimal(3))),
                **who)  # fmt: skip
    from milkrun.demand.commands.agree_supply import agree_supply
    from milkrun.parts.commands.add_customer_part import add_customer_part
    from milkrun.parts.models import Part

    part = Part.objects.get(number="SET").pk
    add_customer_part(partner_id=world.partner_id, number="SET 1", part_id=part, **who)
    agree_supply(partner_id=world.partner_id, order_no=ORDER, customer_part_no="SET 1", price_minor=1, currency="EUR",
                 valid_from=NOW.date() - timedelta(days=9), **who)  # fmt: skip
    world.receive("SEAT-105A", "15", "FG")
    call(world, "SETS", "1010", 3, ("SET 1",))

    rows = {row.part: row for row in coverage(world.site_id, NOW, ZONE)}

    # 1010 sets need 2020 seats; 15 stand free, so 2005 must be made of 0.3 foam and one frame each.
    assert rows["WIRE"].missing == Decimal(3030)
    assert rows["SEAT-105A"].required == Decimal(2020)
    assert (rows["FOAM"].required, rows["FOAM"].missing) == (Decimal("601.5"), Decimal(0))
    assert (rows["FRAME"].required, rows["FRAME"].missing) == (Decimal(2005), Decimal(1005))
    assert rows["FRAME"].needed.startswith("2026-11-24 20:50 CET")


def test_cover_is_stock_over_the_use_of_four_weeks_without_what_was_taken_back(world) -> None:
    from milkrun.stock.models import DaySummary

    used = {"site_id": world.site_id, "part_id": world.parts["FOAM"], "day": NOW.date() - timedelta(days=3)}
    DaySummary.objects.create(kind="production", qty=Decimal(300), movements=1, **used)
    DaySummary.objects.create(kind="production_reversal", qty=Decimal(20), movements=1, **used)

    (row,) = coverage(world.site_id, NOW, ZONE)

    assert (row.part, row.a_day, row.cover_days) == ("FOAM", Decimal(10), 100)


def test_the_statements_do_not_grow_with_the_calls(world, django_assert_max_num_queries) -> None:
    for number in range(25):
        call(world, f"C{number}", "5", number % 9 - 4, ("5N0 881 105 A", REST))

    with django_assert_max_num_queries(20):
        demand_deviation(world.site_id, NOW, ZONE)
        stock_availability(world.site_id, NOW)
        coverage(world.site_id, NOW, ZONE)
