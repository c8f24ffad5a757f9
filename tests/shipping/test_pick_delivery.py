"""Handling units are brought to the dock by scan; a unit is picked by one person."""

import pytest

from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, NotFound
from milkrun.kernel.identity import Actor
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.errors import PickedByOther, WrongHandlingUnit
from milkrun.shipping.models import Delivery
from milkrun.stock.models import Balance, HandlingUnit
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def pick(world: World, delivery: int, sscc: str | None = None, who: str = "Anna"):
    return pick_delivery(delivery_id=delivery, sscc=sscc, actor=Actor(who, "web"), at=world.later())


@pytest.fixture
def two_units(world: World) -> tuple[int, str, str]:
    made = world.deliver(*world.packed(world.summarized("DON1", qty="4"), world.summarized("DON2", qty="6")))
    return made.delivery_id, *sorted(made.handling_units)


def test_a_scanned_unit_is_brought_to_the_dock_with_its_goods_still_reserved(world: World, two_units) -> None:
    delivery, first, second = two_units

    done = pick(world, delivery, first)

    unit = HandlingUnit.objects.get(sscc=first)
    row = Balance.objects.get(hu=unit, location__kind="dock")
    assert (done.picked, done.open, done.state) == ((first,), (second,), "open")
    assert (unit.state, unit.location.code, row.on_hand == row.reserved > 0) == ("picked", "DOCK1", True)


def test_with_the_last_unit_picking_is_done(world: World, two_units) -> None:
    delivery, first, second = two_units
    pick(world, delivery, first)

    done = pick(world, delivery, second)

    assert (done.open, done.state, Delivery.objects.get().state) == ((), "picked", "picked")
    assert set(ComponentGroup.objects.values_list("picking", flat=True)) == {"picked"}


def test_without_a_scan_all_open_units_are_picked(world: World, two_units) -> None:
    delivery, first, second = two_units
    pick(world, delivery, first)

    assert pick(world, delivery).picked == (second,)


def test_the_second_picker_is_told_who_has_the_unit_and_since_when(world: World, two_units) -> None:
    delivery, first, _ = two_units
    pick(world, delivery, first, who="Anna")

    with refused(PickedByOther) as caught:
        pick(world, delivery, first, who="Ben")

    assert (caught.value.facts["by"], caught.value.facts["at"]) == (
        "Anna",
        world.now.replace(minute=world.now.minute - 1).isoformat(),
    )
    assert f"{first} was picked by Anna at " in caught.value.message


@pytest.mark.parametrize("scan", ["", "340000000000000011", "nonsense", "\x00"])
def test_a_unit_that_is_not_on_the_delivery_is_refused_and_the_open_ones_named(
    world: World, two_units, scan: str
) -> None:
    delivery, first, second = two_units

    with refused(WrongHandlingUnit) as caught:
        pick(world, delivery, scan)

    assert f"Still to pick: {first}, {second}." in caught.value.message


def test_the_journal_of_the_delivery_names_the_units(world: World, two_units) -> None:
    delivery, first, second = two_units

    pick(world, delivery, first)

    line = journal.history([("delivery", delivery)])[0]
    assert (line.actor, line.action, line.facts) == ("Anna", "pick_delivery", {"units": [first], "open": [second]})


def test_where_no_picking_is_open_there_is_nothing_to_pick(world: World) -> None:
    delivery = world.deliver(*world.packed(world.sequenced(471))).delivery_id

    with refused(IllegalMove):
        pick(world, delivery)


def test_an_unknown_delivery_is_not_found(world: World) -> None:
    with refused(NotFound):
        pick(world, 0)
