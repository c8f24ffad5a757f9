"""An accepted cancellation gives everything free: jobs, goods, delivery and slot; nobody else shifts."""

from decimal import Decimal

import pytest

from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.errors import NothingRequested
from milkrun.demand.models import ComponentGroup, JitCall, PackingSlot
from milkrun.insight.queries import verify
from milkrun.kernel.errors import NotFound
from milkrun.production.commands.confirm_job import JobReport, confirm_job
from milkrun.production.commands.reprocess_postings import reprocess_postings
from milkrun.production.errors import NoLongerWanted
from milkrun.production.models import Confirmation, Job
from milkrun.shipping.commands.accept_cancel import accept_cancel
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.errors import DeliveryHeld, RackIncomplete
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.stock.models import Balance, Reservation
from tests.refusals import refused
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db


def ask(world: World, *calls: int) -> None:
    request_cancel(call_ids=calls, reason="car is not built", source="edi", actor=world.actor, at=world.later())


def accept(world: World, call: int) -> None:
    accept_cancel(call_id=call, actor=world.actor, at=world.later())


def free(number: str) -> Decimal:
    rows = Balance.objects.filter(part__number=number, location__code="FG", hu=None)
    return sum((row.on_hand - row.reserved for row in rows), Decimal(0))


def sound() -> bool:
    report = verify()
    assert report.ok, [(r.id, r.first) for r in report.invariants if r.violations]
    return True


def test_a_released_call_lets_go_of_its_job_and_of_what_was_reserved(world: World) -> None:
    world.receive("SEAT-105A", "20", "FG")
    call = world.call(world.summarized("DON1", qty="48"))
    world.release(call)
    ask(world, call)

    accept(world, call)

    assert (JitCall.objects.get().state, Job.objects.get().state, free("SEAT-105A")) == ("cancelled", "cancelled", 20)
    assert not Reservation.objects.filter(state="open").exists()
    assert sound()


def test_packed_goods_are_free_for_an_equal_later_call_and_later_slots_do_not_shift(world: World) -> None:
    first, second, third = world.packed(*[world.sequenced(number, parts=(SEAT,)) for number in (471, 472, 473)])
    ask(world, second)

    accept(world, second)

    places = dict(PackingSlot.objects.order_by("position").values_list("position", "group__call_id"))
    assert places == {1: first, 2: None, 3: third}
    assert free("SEAT-105A") == 1
    later = world.call(world.sequenced(472, parts=(SEAT,), number="AGAIN"))
    assert world.release(later).ready_calls == (later,)
    assert sound()


def test_a_delivery_is_held_until_it_is_decided_and_goes_on_without_the_call(world: World) -> None:
    calls = world.packed(*[world.sequenced(number, parts=(SEAT,)) for number in (471, 472, 473)])
    delivery = world.picked(*calls)
    ask(world, calls[1])
    with refused(DeliveryHeld) as caught:
        post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
    assert caught.value.facts == {"calls": ["CALL/472"]}

    accept(world, calls[1])
    post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())

    assert list(JitCall.objects.order_by("id").values_list("state", flat=True)) == ["issued", "cancelled", "issued"]
    assert (DeliveryLine.objects.count(), free("SEAT-105A")) == (2, 1)
    assert sound()


def test_a_delivery_of_nothing_else_is_cancelled_and_one_that_is_all_picked_now_is_picked(world: World) -> None:
    alone, kept, gone = world.packed(*[world.summarized(f"DON{n}", qty="1") for n in range(3)])
    single, shared = world.deliver(alone).delivery_id, world.deliver(kept, gone)
    from milkrun.shipping.commands.pick_delivery import pick_delivery
    from milkrun.stock.models import HandlingUnit

    sscc = HandlingUnit.objects.get(contents__reserved__gt=0, pk=PackingSlot.objects.get(
        group__call_id=kept).packing_group.hu_id).sscc  # fmt: skip
    pick_delivery(delivery_id=shared.delivery_id, sscc=sscc, actor=world.actor, at=world.later())
    ask(world, alone, gone)

    accept(world, alone)
    accept(world, gone)

    assert Delivery.objects.get(pk=single).state == "cancelled"
    assert Delivery.objects.get(pk=shared.delivery_id).state == "picked"
    assert ComponentGroup.objects.get(call_id=kept).picking == "picked"
    assert sound()


def test_goods_of_an_undecided_call_keep_their_rack_from_leaving(world: World) -> None:
    calls = world.packed(*[world.sequenced(number, parts=(SEAT,)) for number in (471, 472)])
    ask(world, calls[1])

    with refused(RackIncomplete):
        create_delivery(call_ids=calls[:1], actor=world.actor, at=world.later())


def test_what_nobody_needs_cannot_be_confirmed_and_a_late_posting_stays_free(world: World) -> None:
    calls = [world.call(world.sequenced(number, parts=(SEAT,))) for number in (471, 472)]
    world.make(world.release(*calls).jobs[0].job_id, "0.5")  # not a whole piece of the first one
    ask(world, calls[1])
    accept(world, calls[1])

    job = Job.objects.get()
    assert job.state == "open"
    with refused(NoLongerWanted):
        confirm_job(job_id=job.pk, reports=(JobReport(2, Decimal(1)),), actor=world.actor, at=world.later())
    world.make(job.pk, "0.5")
    assert Job.objects.get().state == "done"
    assert sound()


def test_a_posting_tried_again_after_the_cancelling_leaves_the_goods_free(world: World) -> None:
    call = world.call(world.summarized("DON1", qty="1200"))
    world.make(world.release(call).jobs[0].job_id, "1200")
    ask(world, call)
    accept(world, call)
    world.receive("FRAME", "5000", "LINE1")

    reprocess_postings(confirmation_ids=(Confirmation.objects.get().pk,), actor=world.actor, at=world.later())

    assert free("SEAT-105A") == 1200
    assert sound()


def test_nobody_can_accept_what_nobody_asked_for(world: World) -> None:
    call = world.call(world.summarized("DON1"))
    with refused(NothingRequested):
        accept(world, call)
    with refused(NotFound):
        accept(world, 0)
