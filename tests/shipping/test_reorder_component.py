"""A damaged part is ordered again: before delivery in its slot, after delivery on a call of its own."""

import pytest

from milkrun.billing.commands.issue_invoice import issue_invoice
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.models import ComponentGroup, JitCall, PackingSlot, SlotHistory
from milkrun.insight.queries import verify
from milkrun.kernel.errors import Invalid, NotFound
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.reorder_component import ComponentReordered, reorder_component
from milkrun.shipping.errors import DeliveryHeld
from milkrun.shipping.models import DeliveryLine, ShippingNotice
from milkrun.stock.models import Balance
from tests.refusals import refused
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db


def again(world: World, call: int, lines: tuple[int, ...] = (1,), reason: str = "scratched") -> ComponentReordered:
    return reorder_component(
        call_id=call, group_code="SV", line_nos=lines, reason=reason, actor=world.actor, at=world.later()
    )


def sound() -> None:
    report = verify()
    assert report.ok, [(r.id, r.first) for r in report.invariants if r.violations]


def test_before_delivery_the_successor_takes_slot_and_number_and_the_old_group_keeps_its_history(world: World) -> None:
    first, second = world.packed(world.sequenced(471), world.sequenced(472))
    old = ComponentGroup.objects.get(call_id=first)

    done = again(world, first)

    new = ComponentGroup.objects.get(pk=done.group_id)
    call = JitCall.objects.get(pk=first)
    old.refresh_from_db()
    assert (done.call_id, done.after_delivery, new.predecessor, new.state, old.state) == (
        first, False, old, "created", "cancelled"
    )  # fmt: skip
    assert (call.state, call.priority, call.sequence_text) == ("created", 1, "0471")
    assert PackingSlot.objects.get(position=1).group == new
    assert (SlotHistory.objects.get().group, SlotHistory.objects.get().reason) == (old, "scratched")
    assert ComponentGroup.objects.get(call_id=second).state == "packed"
    sound()


def test_the_damaged_part_is_scrap_and_the_sound_one_serves_the_successor(world: World) -> None:
    (call,) = world.packed(world.sequenced(471))
    again(world, call, lines=(1,))
    assert Balance.objects.get(part__number="REST-106B", location__code="FG").on_hand == 1
    assert not Balance.objects.filter(part__number="SEAT-105A", on_hand__gt=0).exists()

    world.finish([call])
    world.pack(call)
    post_goods_issue(delivery_id=world.picked(call), actor=world.actor, at=world.later())

    assert JitCall.objects.get().state == "issued"
    sound()


def test_a_call_on_a_delivery_is_taken_off_and_the_delivery_waits_at_the_gap(world: World) -> None:
    calls = world.packed(*[world.sequenced(number, parts=(SEAT,)) for number in (471, 472)])
    world.picked(*calls)

    again(world, calls[0])

    assert list(DeliveryLine.objects.values_list("component__group__call_id", flat=True)) == [calls[1]]
    sound()


def test_after_delivery_the_original_stays_billed_and_a_call_of_its_own_leaves_outside_the_sequence(
    world: World,
) -> None:
    (first,) = world.packed(world.sequenced(471))
    delivery = world.picked(first)
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    issue_invoice(delivery_id=delivery, actor=world.actor, at=world.later())

    done = again(world, first)

    new = JitCall.objects.get(pk=done.call_id)
    assert (done.after_delivery, new.external_no, new.sequence_text, new.position, new.priority) == (
        True, "CALL/471/R1", "0471", None, 1
    )  # fmt: skip
    assert JitCall.objects.get(pk=first).state == "completed"
    world.finish([new.pk])
    world.pack(new.pk)
    post_goods_issue(delivery_id=world.picked(new.pk), actor=world.actor, at=world.later())
    assert JitCall.objects.get(pk=new.pk).state == "issued"
    assert ShippingNotice.objects.latest("pk").snapshot["lines"][0]["replaces"] == "CALL/471"
    sound()


def test_it_takes_a_reason_a_line_and_a_call_that_is_not_being_cancelled(world: World) -> None:
    call = world.call(world.sequenced(471))
    world.release(call)
    with refused(Invalid):
        again(world, call, reason=" ")
    with refused(NotFound):
        again(world, call, lines=(9,))
    with refused(NotFound):
        again(world, 0)
    request_cancel(call_ids=(call,), reason="x", source="edi", actor=world.actor, at=world.later())
    with refused(DeliveryHeld):
        again(world, call)
