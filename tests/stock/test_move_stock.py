"""Goods move between places of a site: only what is free, and nothing appears or is lost."""

from decimal import Decimal

import pytest

from milkrun.kernel import journal
from milkrun.kernel.errors import Invalid
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.errors import ShortStock, UnknownLocation
from milkrun.stock.models import Balance, Movement
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def move(world: World, qty: str, source: str = "LINE1", target: str = "FG", part: str = "FOAM", **more):
    return move_stock(
        site_id=world.site_id,
        part_id=world.parts[part],
        from_location_id=world.places[source],
        to_location_id=world.places[target],
        qty=Decimal(qty),
        actor=world.actor,
        at=world.later(),
        **more,
    )


def on_hand(world: World, place: str, part: str = "FOAM") -> Decimal:
    rows = Balance.objects.filter(part_id=world.parts[part], location_id=world.places[place])
    return sum((row.on_hand for row in rows), Decimal(0))


def test_a_move_takes_here_and_gives_there(world: World) -> None:
    done = move(world, "12.345678")

    assert (on_hand(world, "LINE1"), on_hand(world, "FG")) == (Decimal("987.654322"), Decimal("12.345678"))
    assert Movement.objects.get(posting_id=done.posting_id).qty == Decimal("12.345678")


def test_the_journal_names_both_places_and_the_reason(world: World) -> None:
    done = move(world, "5", reason="line is full")

    (line, *_) = journal.history([("part", world.parts["FOAM"])])
    assert (line.action, line.reason) == ("move_stock", "line is full")
    assert line.facts == {"posting": done.posting_id, "qty": "5", "from": "LINE1", "to": "FG"}


def test_moving_more_than_there_is_names_part_place_wanted_and_free(world: World) -> None:
    with refused(ShortStock) as caught:
        move(world, "1000.000001")

    assert caught.value.facts["shortages"] == [
        {"part": "FOAM", "location": "LINE1", "wanted": "1000.000001", "free": "1000"}
    ]


def test_reserved_goods_are_not_moved_away(world: World) -> None:
    world.receive("SEAT-105A", "10", "FG")
    world.release(world.call(world.summarized("DON1", qty="8")))

    with refused(ShortStock) as caught:
        move(world, "3", source="FG", target="PACK", part="SEAT-105A")

    assert caught.value.facts["shortages"][0]["free"] == "2"


@pytest.mark.parametrize("qty", ["0", "-1", "NaN", "0.0000001"])
def test_an_impossible_quantity_is_refused(world: World, qty: str) -> None:
    with refused(Invalid) as caught:
        move(world, qty)

    assert [problem.field for problem in caught.value.problems] == ["qty"]


def test_a_move_to_the_same_place_is_refused(world: World) -> None:
    with refused(Invalid) as caught:
        move(world, "1", target="LINE1")

    assert [problem.code for problem in caught.value.problems] == ["same_place"]


@pytest.mark.parametrize("place", ["SUPPLIER", "CUSTOMER", "SCRAP", "PRODUCTION"])
def test_the_far_ends_are_no_places_to_move_to(world: World, place: str) -> None:
    with refused(UnknownLocation):
        move(world, "1", target=place)
