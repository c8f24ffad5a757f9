"""Loose goods leave by the day they were received, wherever they stand; what expires goes first."""

from datetime import timedelta
from decimal import Decimal

import pytest

from milkrun.stock import steps as stock_steps
from milkrun.stock.commands.create_locations import Place, create_locations
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.models import Balance, Reservation
from milkrun.stock.steps import Want
from milkrun.stock.steps.ages import LONG_AGO, layers
from tests.world import World

pytestmark = pytest.mark.django_db
SEAT = "SEAT-105A"


def bins(world: World, *codes: str) -> None:
    places = tuple(Place(code, "storage") for code in codes)
    world.places |= create_locations(site_id=world.site_id, places=places, actor=world.actor, at=world.later()).by_code


def move(world: World, source: str, target: str, qty: str) -> None:
    move_stock(
        site_id=world.site_id, part_id=world.parts[SEAT], from_location_id=world.places[source],
        to_location_id=world.places[target], qty=Decimal(qty), actor=world.actor, at=world.later(),
    )  # fmt: skip


def take(world: World, qty: str, purpose: int = 1) -> dict[str, str]:
    """Reserve so many and tell what comes from where."""
    want = Want(("test", purpose), world.parts[SEAT], Decimal(qty))
    stock_steps.reserve([want], site_id=world.site_id, at=world.now)
    rows = Reservation.objects.filter(purpose_kind="test", purpose_id=purpose).select_related("balance__location")
    return {row.balance.location.code: str(row.qty) for row in rows}


def test_the_oldest_goods_are_taken_first_though_a_bin_holds_several_receipts(world: World) -> None:
    bins(world, "A1", "B1")
    world.receive(SEAT, "5", "A1")
    world.receive(SEAT, "4", "B1")
    world.receive(SEAT, "6", "A1")

    assert take(world, "3") == {"A1": "3"}
    # Two of the first receipt are left, then comes all of the second, then the third.
    assert take(world, "8", 2) == {"A1": "4", "B1": "4"}


def test_goods_that_were_moved_keep_the_day_they_were_received(world: World) -> None:
    bins(world, "A1", "B1", "C1")
    world.receive(SEAT, "5", "A1")
    world.receive(SEAT, "5", "B1")
    world.receive(SEAT, "5", "A1")
    # The oldest five leave A1 for C1, whose balance is the youngest row.
    move(world, "A1", "C1", "5")

    assert take(world, "5") == {"C1": "5"}
    assert take(world, "6", 2) == {"B1": "5", "A1": "1"}


def test_a_bin_is_taken_apart_into_its_receipts_to_the_last_piece(world: World) -> None:
    bins(world, "A1", "B1")
    start = world.now
    for qty in ("5", "4", "3"):
        world.receive(SEAT, qty, "A1")
        world.now += timedelta(days=1)
    move(world, "A1", "B1", "7")
    rows = list(Balance.objects.filter(part_id=world.parts[SEAT], on_hand__gt=0).order_by("location__code"))

    found = layers(world.site_id, world.parts[SEAT], rows)

    days = [[((at - start).days, micro // 1_000_000) for at, micro in found[row.pk]] for row in rows]
    assert days == [[(1, 2), (2, 3)], [(0, 5), (1, 2)]]
    assert all(at > LONG_AGO for ages in found.values() for at, _ in ages)
