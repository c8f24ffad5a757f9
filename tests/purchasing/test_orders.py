"""Orders to suppliers: placed, received in parts, over and under, taken back, closed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from milkrun.insight.queries import verify
from milkrun.kernel.errors import IllegalMove, Invalid, NotFound
from milkrun.partners.commands.create_partner import create_partner
from milkrun.parts.commands.create_part import OwnUnit, create_part
from milkrun.purchasing import queries
from milkrun.purchasing.commands.close_order import close_order
from milkrun.purchasing.commands.place_order import OrderedGoods, place_order
from milkrun.purchasing.commands.receive_order import receive_order
from milkrun.purchasing.commands.reverse_receipt import reverse_receipt
from milkrun.purchasing.errors import OrderNumberTaken, OverReceipt, UnknownSupplier
from milkrun.purchasing.models import PurchaseOrder, PurchaseOrderLine
from milkrun.stock.commands.create_locations import Place, create_locations
from milkrun.stock.commands.move_stock import move_stock
from milkrun.stock.commands.set_storage_rule import set_storage_rule
from milkrun.stock.errors import ShortStock
from milkrun.stock.models import Balance, Lot
from milkrun.stock.steps import LotFacts
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)


@pytest.fixture
def supplier(world: World) -> int:
    world.places = create_locations(
        site_id=world.site_id, places=(Place("IN", "staging"), Place("QUAR", "quarantine")), **who(world)
    ).by_code
    return create_partner(code="SUP1", name="Steel", is_customer=False, is_supplier=True, **who(world)).partner_id


def who(world: World) -> dict:
    return {"actor": world.actor, "at": world.later()}


def place(world: World, supplier: int, *goods: OrderedGoods, **other):
    return place_order(
        site_id=world.site_id, supplier_id=supplier, goods=goods or (OrderedGoods(world.parts["FOAM"], Decimal(100)),),
        expected_on=DAY, **{**who(world), **other},
    )  # fmt: skip


def receive(world: World, line: int, qty: str, **other):
    return receive_order(line_id=line, qty=Decimal(qty), **{**who(world), **other})


def test_an_order_has_the_site_s_next_number_and_lines_in_base_units(world: World, supplier: int) -> None:
    part = create_part(number="BOX", units=(OwnUnit("BX", 12),), **who(world)).part_id

    first = place(world, supplier)
    second = place(world, supplier, OrderedGoods(part, Decimal(3), "BX", DAY + timedelta(days=2)))

    assert (first.number, second.number) == ("PO-MAIN-000001", "PO-MAIN-000002")
    line = PurchaseOrderLine.objects.get(pk=second.line_ids[0])
    assert (line.qty, line.expected_on) == (36, DAY + timedelta(days=2))
    assert queries.on_order(world.site_id, [part, world.parts["FOAM"]]) == {part: 36, world.parts["FOAM"]: 100}


def test_goods_come_in_parts_until_the_order_is_complete(world: World, supplier: int) -> None:
    (line,) = place(world, supplier).line_ids

    first = receive(world, line, "40", note_no="LS-1")
    second = receive(world, line, "60")

    assert (first.open_qty, first.order_complete) == (60, False)
    assert (second.open_qty, second.order_complete) == (0, True)
    assert PurchaseOrder.objects.get().state == "received"
    assert Balance.objects.get(location_id=world.places["IN"]).on_hand == 100
    assert queries.on_order(world.site_id, [world.parts["FOAM"]]) == {}
    assert verify().ok


def test_a_part_that_is_inspected_comes_into_quarantine_with_its_lot_kept_back(world: World, supplier: int) -> None:
    part = create_part(number="STEEL", lot_tracked=True, **who(world)).part_id
    set_storage_rule(site_id=world.site_id, part_id=part, inspect=True, **who(world))
    (line,) = place(world, supplier, OrderedGoods(part, Decimal(10))).line_ids

    done = receive(world, line, "10", facts=LotFacts(supplier_lot="CH-9", heat="H88"))

    lot = Lot.objects.get(pk=done.lot_id)
    assert (lot.number, lot.supplier_id, lot.heat, lot.state) == ("CH-9", supplier, "H88", "quarantine")
    assert Balance.objects.get(lot=lot).location_id == world.places["QUAR"]


def test_more_than_the_tolerance_is_refused_unless_somebody_accepts_it(world: World, supplier: int) -> None:
    (line,) = place(world, supplier, over_basis_points=500).line_ids

    receive(world, line, "105")
    with refused(OverReceipt) as caught:
        receive(world, line, "0.5")
    accepted = receive(world, line, "0.5", accept_more=True)

    assert caught.value.facts == {"ordered": "100", "received": "105", "coming": "0.5", "most": "105"}
    assert PurchaseOrderLine.objects.get(pk=line).received_qty == Decimal("105.5")
    assert accepted.order_complete


def test_a_receipt_taken_back_is_expected_again(world: World, supplier: int) -> None:
    (line,) = place(world, supplier).line_ids
    done = receive(world, line, "100")

    reverse_receipt(receipt_id=done.receipt_id, reason="wrong pallet", **who(world))

    assert PurchaseOrder.objects.get().state == "open"
    assert queries.on_order(world.site_id, [world.parts["FOAM"]]) == {world.parts["FOAM"]: 100}
    assert not Balance.objects.filter(location_id=world.places["IN"], on_hand__gt=0).exists()
    with refused(IllegalMove):
        reverse_receipt(receipt_id=done.receipt_id, reason="again", **who(world))
    assert verify().ok


def test_goods_that_moved_on_cannot_be_taken_back(world: World, supplier: int) -> None:
    (line,) = place(world, supplier).line_ids
    done = receive(world, line, "100")
    move_stock(
        site_id=world.site_id, part_id=world.parts["FOAM"], from_location_id=world.places["IN"],
        to_location_id=world.places["FG"], qty=Decimal(1), **who(world),
    )  # fmt: skip

    with refused(ShortStock):
        reverse_receipt(receipt_id=done.receipt_id, reason="x", **who(world))


def test_a_closed_order_expects_nothing_and_takes_nothing_in(world: World, supplier: int) -> None:
    made = place(world, supplier)
    receive(world, made.line_ids[0], "40")

    done = close_order(order_id=made.order_id, reason="supplier cannot", **who(world))

    assert done.short == (1,)
    assert queries.on_order(world.site_id, [world.parts["FOAM"]]) == {}
    with refused(IllegalMove):
        receive(world, made.line_ids[0], "1")
    with refused(IllegalMove):
        close_order(order_id=made.order_id, reason="x", **who(world))


def test_every_problem_of_an_order_is_named_at_once(world: World, supplier: int) -> None:
    foam = world.parts["FOAM"]

    with refused(Invalid) as caught:
        place(world, supplier, OrderedGoods(foam, Decimal(0)), OrderedGoods(0, Decimal(1)),
              OrderedGoods(foam, Decimal(1), "KGM"), over_basis_points=20_000)  # fmt: skip

    assert [p.field for p in caught.value.problems] == ["over", "qty", "part", "unit"]


def test_who_is_no_supplier_and_a_number_in_use_are_refused(world: World, supplier: int) -> None:
    place(world, supplier, number="4500001")

    with refused(UnknownSupplier):
        place(world, world.partner_id)
    with refused(OrderNumberTaken):
        place(world, supplier, number="4500001")


@pytest.mark.parametrize("reason", ["", "  "])
def test_closing_and_taking_back_need_a_reason(world: World, supplier: int, reason: str) -> None:
    made = place(world, supplier)
    done = receive(world, made.line_ids[0], "1")

    with refused(Invalid):
        close_order(order_id=made.order_id, reason=reason, **who(world))
    with refused(Invalid):
        reverse_receipt(receipt_id=done.receipt_id, reason=reason, **who(world))


def test_what_does_not_exist_is_not_found(world: World, supplier: int) -> None:
    for verb in (
        lambda: receive(world, 0, "1"),
        lambda: close_order(order_id=0, reason="x", **who(world)),
        lambda: reverse_receipt(receipt_id=0, reason="x", **who(world)),
    ):
        with refused(NotFound):
            verb()
