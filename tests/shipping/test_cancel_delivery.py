"""A delivery is cancelled before its goods issue; its calls are packed and can go on another one."""

import pytest

from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, NotFound
from milkrun.shipping.commands.cancel_delivery import cancel_delivery
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.stock.models import Balance, HandlingUnit
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def cancel(world: World, delivery: int):
    return cancel_delivery(delivery_id=delivery, reason="truck broke down", actor=world.actor, at=world.later())


@pytest.mark.parametrize("picked_first", [False, True])
def test_calls_are_packed_again_and_go_on_another_delivery(world: World, picked_first: bool) -> None:
    (call,) = world.packed(world.summarized("DON1", qty="5"))
    first = world.deliver(call).delivery_id
    if picked_first:
        pick_delivery(delivery_id=first, actor=world.actor, at=world.later())

    cancel(world, first)

    group = ComponentGroup.objects.get()
    assert (group.state, group.delivery, group.picking) == ("packed", "none", "none")
    assert (JitCall.objects.get().state, HandlingUnit.objects.get().state) == ("packed", "closed")
    assert not DeliveryLine.objects.get().live
    second = world.picked(call)
    post_goods_issue(delivery_id=second, actor=world.actor, at=world.later())
    assert Balance.objects.filter(part__number="SEAT-105A", on_hand__gt=0).count() == 0


def test_the_journal_keeps_the_reason(world: World) -> None:
    delivery = world.deliver(*world.packed(world.sequenced(471))).delivery_id

    cancel(world, delivery)

    line = journal.history([("delivery", delivery)])[0]
    assert (line.action, line.before, line.after, line.reason) == (
        "cancel_delivery", "picked", "cancelled", "truck broke down"
    )  # fmt: skip


def test_goods_that_have_left_are_not_cancelled(world: World) -> None:
    delivery = world.picked(*world.packed(world.sequenced(471)))
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())

    with refused(IllegalMove) as caught:
        cancel(world, delivery)

    assert caught.value.facts["rows"][0]["open"] == ["reverse_issue", "bill"]


def test_a_delivery_is_cancelled_once(world: World) -> None:
    delivery = world.deliver(*world.packed(world.sequenced(471))).delivery_id
    cancel(world, delivery)

    with refused(IllegalMove):
        cancel(world, delivery)

    assert Delivery.objects.get().state == "cancelled"


def test_an_unknown_delivery_is_not_found(world: World) -> None:
    with refused(NotFound):
        cancel(world, 0)
