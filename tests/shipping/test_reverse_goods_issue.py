"""A goods issue is taken back by a contra posting; the goods stand where they stood and may leave again."""

import pytest

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.demand.models import Component, ComponentGroup, Cumulative, PackingGroup
from milkrun.edi import read
from milkrun.exchange.models import OutboxMessage
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, Invalid, NotFound
from milkrun.shipping.commands.cancel_delivery import cancel_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.shipping.models import Delivery, ShippingNotice
from milkrun.stock.models import Balance, HandlingUnit, Movement, Posting
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def reverse(world: World, delivery: int, reason: str = "wrong truck"):
    return reverse_goods_issue(delivery_id=delivery, reason=reason, actor=world.actor, at=world.later())


def issued(world: World, *calls) -> int:
    delivery = world.picked(*world.packed(*calls))
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    return delivery


def standing() -> list[tuple]:
    rows = Balance.objects.filter(on_hand__gt=0).order_by("pk")
    return list(rows.values_list("part_id", "location_id", "hu_id", "on_hand", "reserved"))


@pytest.mark.parametrize("kind", ["sequenced", "summarized"])
def test_the_goods_stand_reserved_where_they_stood_and_both_postings_remain(world: World, kind: str) -> None:
    call = world.sequenced(471) if kind == "sequenced" else world.summarized("DON1", qty="5")
    delivery = world.picked(*world.packed(call))
    before = standing()
    posting = post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later()).posting_id
    movements = list(Movement.objects.filter(posting_id=posting).values())

    done = reverse(world, delivery)

    assert standing() == before
    assert Posting.objects.get(pk=done.posting_id).reverses_id == posting
    assert list(Movement.objects.filter(posting_id=posting).values()) == movements


def test_states_indicators_and_counts_go_back(world: World) -> None:
    delivery = issued(world, world.sequenced(471))

    reverse(world, delivery)

    group = ComponentGroup.objects.get()
    assert (group.state, group.issue, group.asn) == ("on_delivery", "reversed", "withdrawn")
    assert (Delivery.objects.get().state, PackingGroup.objects.get().state) == ("picked", "closed")
    assert HandlingUnit.objects.get().state == "closed"
    assert set(Component.objects.values_list("issued_qty", flat=True)) == {0}
    assert set(Cumulative.objects.values_list("shipped_qty", flat=True)) == {0}


def test_the_customer_is_told_by_a_notice_that_names_the_first_one(world: World) -> None:
    delivery = issued(world, world.sequenced(471))

    done = reverse(world, delivery)

    notice = ShippingNotice.objects.get(number=done.notice_number)
    assert (notice.function, notice.version, notice.snapshot["cancels"]) == ("cancel", 2, "D00000001")
    row = OutboxMessage.objects.get(document_type="DESADV", version=2)
    assert read(bytes(row.payload)).interchanges[0].verdict == "accepted"


def test_issue_and_reversal_may_alternate_and_each_has_its_own_notice(world: World) -> None:
    delivery = issued(world, world.sequenced(471))
    for _ in range(2):
        reverse(world, delivery)
        post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())

    numbers = ShippingNotice.objects.order_by("version").values_list("number", "function")
    assert list(numbers) == [
        ("D00000001", "original"), ("D00000001-2", "cancel"), ("D00000001-3", "original"),
        ("D00000001-4", "cancel"), ("D00000001-5", "original"),
    ]  # fmt: skip


def test_after_the_reversal_the_delivery_can_be_cancelled(world: World) -> None:
    delivery = issued(world, world.sequenced(471))
    reverse(world, delivery)

    cancel_delivery(delivery_id=delivery, reason="x", actor=world.actor, at=world.later())

    assert ComponentGroup.objects.get().state == "packed"


def test_the_journal_keeps_the_reason(world: World) -> None:
    delivery = issued(world, world.sequenced(471))

    reverse(world, delivery, "wrong truck")

    line = journal.history([("delivery", delivery)])[0]
    assert (line.action, line.before, line.after, line.reason) == (
        "reverse_goods_issue", "issued", "picked", "wrong truck"
    )  # fmt: skip


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_it_is_refused(world: World, reason: str) -> None:
    delivery = issued(world, world.sequenced(471))

    with refused(Invalid) as caught:
        reverse(world, delivery, reason)

    assert [problem.field for problem in caught.value.problems] == ["reason"]


def test_what_has_not_left_or_is_billed_cannot_be_taken_back(world: World) -> None:
    waiting = world.picked(*world.packed(world.summarized("DON1")))
    billed = issued(world, world.summarized("DON2"))
    issue_invoice(delivery_id=billed, actor=world.actor, at=world.later())

    for delivery in (waiting, billed):
        with refused(IllegalMove):
            reverse(world, delivery)


def test_an_unknown_delivery_is_not_found(world: World) -> None:
    with refused(NotFound):
        reverse(world, 0)
