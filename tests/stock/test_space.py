"""Places: what they take, what stands there over time, and what would not fit any more."""

from datetime import timedelta
from decimal import Decimal

import pytest

from milkrun.kernel.errors import Invalid
from milkrun.parts.commands.set_standard_cost import set_standard_cost
from milkrun.parts.errors import UnknownPart
from milkrun.stock.commands.change_location import LocationFacts, change_location
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.commands.set_storage_rule import set_storage_rule
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.queries.space import Exceeded, space_over_time, spaces, zones
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def who(world: World) -> dict:
    return {"actor": world.actor, "at": world.later()}


def change(world: World, code: str, kind: str = "storage", **facts):
    return change_location(location_id=world.places[code], facts=LocationFacts(kind, **facts), **who(world))


def fill(world: World, number: str, per_place: str, **rule):
    return set_storage_rule(
        site_id=world.site_id, part_id=world.parts[number], per_place=Decimal(per_place), **rule, **who(world)
    )


def place(world: World, code: str):
    return next(row for row in spaces(world.site_id) if row.code == code)


def receive(world: World, qty: int, code: str = "FG"):
    return receive_stock(
        site_id=world.site_id, part_id=world.parts["FOAM"], location_id=world.places[code], qty=Decimal(qty),
        **who(world),
    )  # fmt: skip


def test_a_place_tells_how_much_of_it_is_used_and_what_that_costs(world: World) -> None:
    change(world, "FG", zone="A", pallet_places=10, area_m2=Decimal(20), cost_minor=1_200, pick_sequence=3)
    fill(world, "FOAM", "50")

    receive(world, 120)

    found = place(world, "FG")
    assert (found.used_places, found.used_m2, found.free_m2, found.percent) == (3, 6, 14, 30)
    assert found.used_cost_minor == 7_200
    assert zones(world.site_id) == ["A"]


def test_without_figures_loose_goods_take_a_eur_pallet_for_each_part(world: World) -> None:
    receive(world, 120)

    found = place(world, "FG")
    assert (found.used_places, found.used_m2) == (1, Decimal("0.96"))


def test_space_over_time_is_computed_back_from_the_ledger(world: World) -> None:
    change(world, "FG", pallet_places=10, area_m2=Decimal(10), cost_minor=1_000)
    fill(world, "FOAM", "10")
    receive(world, 50)
    world.now += timedelta(days=8)
    receive(world, 20)
    world.now += timedelta(days=8)

    told = space_over_time(world.site_id, world.now, weeks=3, kind="storage")

    assert [row.used_places for row in told] == [0, 5, 7, 7]
    assert [row.cost_minor for row in told] == [0, 5_000, 7_000, 7_000]
    assert told[-1].freed_m2 == -7


def test_a_receipt_beyond_the_places_or_the_value_is_taken_in_and_flagged(world: World) -> None:
    change(world, "FG", pallet_places=2, risk_limit_minor=100_000)
    fill(world, "FOAM", "10")
    set_standard_cost(part_id=world.parts["FOAM"], cost_minor=5_000, **who(world))

    fits = receive(world, 20)
    over = receive(world, 1)

    assert fits.exceeded == ()
    assert over.exceeded == (
        Exceeded("capacity", "FG", 2, 3),
        Exceeded("risk", "FG", 100_000, 105_000, "EUR"),
    )
    assert place(world, "FG").over == over.exceeded


def test_impossible_figures_of_a_place_are_all_named(world: World) -> None:
    with refused(Invalid) as caught:
        change(world, "FG", "attic", area_m2=Decimal(-1), pick_sequence=-1, cost_minor=-1, currency="XXX")

    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["kind", "pick_sequence", "area_m2", "cost_minor", "currency"]


def test_a_place_with_goods_does_not_become_another_kind(world: World) -> None:
    receive(world, 1)

    with refused(Invalid):
        change(world, "FG", "quarantine")


def test_the_far_ends_and_places_nobody_knows_are_refused(world: World) -> None:
    for key in (0, world.places["CUSTOMER"]):
        with refused(UnknownLocation):
            change_location(location_id=key, facts=LocationFacts("storage"), **who(world))


def test_a_rule_names_a_bin_of_this_site_and_possible_figures(world: World) -> None:
    with refused(UnknownLocation):
        fill(world, "FOAM", "1", fixed_location_id=world.places["DOCK1"])
    with refused(Invalid) as caught:
        fill(world, "FOAM", "0", dwell_limit_days=0)
    with refused(UnknownPart):
        set_storage_rule(site_id=world.site_id, part_id=0, **who(world))

    assert [problem.field for problem in caught.value.problems] == ["per_place", "dwell_limit_days"]
