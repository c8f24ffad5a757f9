"""The goods leave: stock, calls, counts and the notice to the customer in one transaction."""

from decimal import Decimal

import pytest

from milkrun.demand.models import Component, ComponentGroup, Cumulative, JitCall, PackingGroup
from milkrun.edi import read
from milkrun.exchange.models import Agreement, OutboxMessage
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, NotFound
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.errors import PostingMissing
from milkrun.shipping.models import Delivery, DeliveryLine, ShippingNotice
from milkrun.stock.models import Balance, HandlingUnit, Movement, Reservation
from tests.refusals import refused
from tests.world import ORDER, REST, SEAT, World

pytestmark = pytest.mark.django_db


def issue(world: World, delivery: int):
    return post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())


def test_stock_leaves_to_the_customer_and_every_reservation_is_posted(world: World) -> None:
    delivery = world.picked(*world.packed(world.sequenced(471)))

    done = issue(world, delivery)

    moves = Movement.objects.filter(posting_id=done.posting_id)
    assert sorted(moves.values_list("part__number", "to_location__kind", "qty")) == [
        ("REST-106B", "customer", 1),
        ("SEAT-105A", "customer", 1),
    ]
    assert not Balance.objects.filter(part__number__in=["SEAT-105A", "REST-106B"], on_hand__gt=0).exists()
    assert not Reservation.objects.filter(state="open").exists()


def test_call_group_rack_unit_delivery_and_counts_move_on_together(world: World) -> None:
    (call,) = world.packed(world.sequenced(471))
    delivery = world.picked(call)

    issue(world, delivery)

    group = ComponentGroup.objects.get()
    assert (group.state, group.issue, group.asn, JitCall.objects.get().state) == (
        "issued", "issued", "announced", "issued"
    )  # fmt: skip
    assert (PackingGroup.objects.get().state, HandlingUnit.objects.get().state) == ("issued", "issued")
    assert Delivery.objects.get().state == "issued"
    assert set(Component.objects.values_list("issued_qty", flat=True)) == {Decimal(1)}
    assert set(Cumulative.objects.values_list("part__number", "shipped_qty")) == {
        ("SEAT-105A", Decimal(1)), ("REST-106B", Decimal(1))
    }  # fmt: skip


@pytest.mark.requirement("SAP-12")
def test_picking_sets_its_own_indicator_and_the_issue_moves_the_call_with_its_time(world: World) -> None:
    (call,) = world.packed(world.summarized("DON1", qty="3"))
    delivery = world.picked(call)
    picked = ComponentGroup.objects.get()

    done = issue(world, delivery)

    line = journal.history([("call", call)])[0]
    assert (picked.state, picked.picking, picked.issue) == ("on_delivery", "picked", "none")
    assert (line.action, line.after, line.at) == ("post_goods_issue", "issued", done.issued_at)
    assert JitCall.objects.get().state == "issued"


def test_the_notice_says_what_left_and_parses_back(world: World) -> None:
    delivery = world.picked(*world.packed(world.sequenced(471)))

    done = issue(world, delivery)

    row = OutboxMessage.objects.get(document_type="DESADV")
    (interchange,) = read(bytes(row.payload)).interchanges
    assert (interchange.verdict, [m.type for m in interchange.messages]) == ("accepted", ["DESADV"])
    notice = ShippingNotice.objects.get()
    assert (notice.number, notice.function, notice.posting_id) == (done.notice_number, "original", done.posting_id)
    lines = notice.snapshot["lines"]
    issued = DeliveryLine.objects.order_by("line_no").values_list("component__customer_part_no", "qty", "hu__sscc")
    assert [(line["buyer_part"], Decimal(line["quantity"]), line["sscc"]) for line in lines] == list(issued)
    assert {line["order_no"] for line in lines} == {ORDER}
    assert [line["buyer_part"] for line in lines] == [SEAT, REST]


def test_the_journal_of_the_delivery_names_posting_and_notice(world: World) -> None:
    delivery = world.picked(*world.packed(world.sequenced(471)))

    done = issue(world, delivery)

    line = journal.history([("delivery", delivery)])[0]
    assert (line.action, line.before, line.after) == ("post_goods_issue", "picked", "issued")
    assert line.facts == {"posting": done.posting_id, "notice": done.notice_number, "cost": ""}


def test_without_an_agreement_the_goods_leave_and_no_notice_is_made(world: World) -> None:
    delivery = world.picked(*world.packed(world.sequenced(471)))
    Agreement.objects.all().delete()

    done = issue(world, delivery)

    assert (done.notice_number, ShippingNotice.objects.count(), OutboxMessage.objects.count()) == ("", 0, 0)
    assert ComponentGroup.objects.get().asn == "none"


def test_counts_add_up_over_deliveries(world: World) -> None:
    for number in ("DON1", "DON2"):
        issue(world, world.picked(*world.packed(world.summarized(number, qty="7"))))

    assert Cumulative.objects.get().shipped_qty == 14


def test_goods_that_are_no_longer_reserved_stop_the_delivery_with_line_part_and_quantity(world: World) -> None:
    from milkrun.stock import steps

    delivery = world.picked(*world.packed(world.sequenced(471)))
    steps.void(Reservation.objects.filter(state="open", balance__part__number="REST-106B"))

    with refused(PostingMissing) as caught:
        issue(world, delivery)

    assert caught.value.facts["lines"] == [{"line": 2, "part": "REST-106B", "missing": "1"}]


def test_a_delivery_that_is_not_picked_does_not_leave(world: World) -> None:
    delivery = world.deliver(*world.packed(world.summarized("DON1"))).delivery_id

    with refused(IllegalMove) as caught:
        issue(world, delivery)

    assert caught.value.facts["rows"][0]["open"] == ["finish_picking", "change", "cancel"]


def test_goods_leave_once(world: World) -> None:
    delivery = world.picked(*world.packed(world.sequenced(471)))
    issue(world, delivery)

    with refused(IllegalMove):
        issue(world, delivery)


def test_an_unknown_delivery_is_not_found(world: World) -> None:
    with refused(NotFound):
        issue(world, 0)
