"""Goods come in: exactly, in any fitting unit, by lot where the part asks for it."""

from decimal import Decimal

import pytest

from milkrun.kernel import journal
from milkrun.kernel.errors import Invalid
from milkrun.parts.commands.create_part import OwnUnit, create_part
from milkrun.parts.errors import UnknownPart
from milkrun.stock.commands.receive_stock import receive_stock
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import Balance, DaySummary, Movement
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def receive(world: World, **given):
    wanted = {
        "site_id": world.site_id,
        "part_id": world.parts["FOAM"],
        "location_id": world.places["FG"],
        "qty": Decimal("12.5"),
        "actor": world.actor,
        "at": world.later(),
    }
    return receive_stock(**{**wanted, **given})


def new_part(world: World, **given) -> int:
    return create_part(number="P-1", actor=world.actor, at=world.later(), **given).part_id


def test_a_receipt_is_one_movement_from_the_supplier_and_raises_the_balance(world: World) -> None:
    done = receive(world)

    movement = Movement.objects.select_related("from_location", "to_location").get(posting_id=done.posting_id)
    assert (movement.from_location.kind, movement.to_location.code, movement.qty) == ("supplier", "FG", Decimal("12.5"))
    assert Balance.objects.get(part_id=world.parts["FOAM"], location_id=world.places["FG"]).on_hand == Decimal("12.5")


def test_the_journal_says_who_received_what_where(world: World) -> None:
    done = receive(world, reason="count after move")

    (line, *_) = journal.history([("part", world.parts["FOAM"])])
    assert (line.actor, line.action, line.reason) == ("Anna Test", "receive_stock", "count after move")
    assert line.facts == {"posting": done.posting_id, "qty": "12.5", "location": "FG"}


def test_the_entered_unit_is_kept_beside_the_posted_quantity(world: World) -> None:
    part = new_part(world, base_unit="KGM")

    done = receive(world, part_id=part, qty=Decimal(2), unit="TNE")

    movement = Movement.objects.get(posting_id=done.posting_id)
    assert (movement.qty, movement.entered_qty, movement.entered_unit) == (Decimal(2000), Decimal(2), "TNE")


def test_a_part_s_own_box_counts_its_pieces(world: World) -> None:
    part = new_part(world, units=[OwnUnit("BX", 12)])

    done = receive(world, part_id=part, qty=Decimal(3), unit="BX")

    assert Movement.objects.get(posting_id=done.posting_id).qty == 36


def test_tenths_add_up_exactly(world: World) -> None:
    for _ in range(10):
        receive(world, qty=Decimal("0.1"))

    assert Balance.objects.get(part_id=world.parts["FOAM"], location_id=world.places["FG"]).on_hand == 1


def test_the_day_s_summary_is_written_with_the_posting_on_the_day_of_the_site(world: World) -> None:
    receive(world, at=world.now.replace(hour=23, minute=30))

    row = DaySummary.objects.get(part_id=world.parts["FOAM"], kind="receipt", day="2026-11-22")
    assert (row.qty, row.movements) == (Decimal("12.5"), 1)


def test_lots_are_kept_apart_and_a_known_lot_is_used_again(world: World) -> None:
    part = new_part(world, lot_tracked=True)

    for lot, qty in (("L1", 5), ("L2", 7), ("L1", 1)):
        receive(world, part_id=part, lot_no=lot, qty=Decimal(qty))

    rows = Balance.objects.filter(part_id=part).order_by("lot__number").values_list("lot__number", "on_hand")
    assert list(rows) == [("L1", Decimal(6)), ("L2", Decimal(7))]


@pytest.mark.parametrize("qty", ["0", "-1", "NaN", "Infinity", "0.0000001", "1000000000001"])
def test_an_impossible_quantity_is_refused(world: World, qty: str) -> None:
    with refused(Invalid) as caught:
        receive(world, qty=Decimal(qty))

    assert [problem.field for problem in caught.value.problems] == ["qty"]


def test_a_unit_nobody_knows_is_refused(world: World) -> None:
    with refused(Invalid) as caught:
        receive(world, unit="XXX")

    assert [(p.field, p.code) for p in caught.value.problems] == [("unit", "unit_not_convertible")]


def test_a_unit_of_another_dimension_is_refused(world: World) -> None:
    with refused(Invalid) as caught:
        receive(world, unit="KGM")

    assert "measure different things" in caught.value.message


def test_every_problem_is_named_at_once(world: World) -> None:
    part = new_part(world, lot_tracked=True)

    with refused(Invalid) as caught:
        receive(world, part_id=part, qty=Decimal(0), unit="XXX")

    assert [problem.field for problem in caught.value.problems] == ["qty", "unit", "lot_no"]


def test_a_part_that_does_not_exist_is_refused(world: World) -> None:
    with refused(UnknownPart):
        receive(world, part_id=0)


def test_the_far_end_is_no_place_to_put_goods(world: World) -> None:
    with refused(UnknownLocation):
        receive(world, location_id=world.places["CUSTOMER"])
