"""A delivery is split, loaded and unloaded until it leaves: nothing is lost, each call follows its goods."""

from decimal import Decimal

import pytest

from milkrun.demand.errors import SequenceGap
from milkrun.demand.models import ComponentGroup, JitCall
from milkrun.insight.queries.verify import verify
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, Invalid, NotFound
from milkrun.shipping.commands.add_to_delivery import add_to_delivery
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.commands.pick_delivery import pick_delivery
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from milkrun.shipping.commands.remove_from_delivery import remove_from_delivery
from milkrun.shipping.commands.reverse_goods_issue import reverse_goods_issue
from milkrun.shipping.commands.split_delivery import split_delivery
from milkrun.shipping.errors import AnnouncedBefore, MixedDestinations, WrongHandlingUnit
from milkrun.shipping.models import Delivery, DeliveryLine, ShippingNotice
from milkrun.stock.models import HandlingUnit
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def units_of(delivery_id: int) -> list[str]:
    return sorted(set(DeliveryLine.objects.filter(delivery_id=delivery_id).values_list("hu__sscc", flat=True)))


def quantities(*delivery_ids: int) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for line in DeliveryLine.objects.filter(delivery_id__in=delivery_ids):
        found[line.component_id] = found.get(line.component_id, Decimal(0)) + line.qty
    return found


def three(world: World) -> tuple[int, list[int]]:
    calls = world.packed(*(world.summarized(f"DON{n}", qty=str(n)) for n in (4, 5, 6)))
    return world.deliver(*calls).delivery_id, calls


def split(world: World, delivery_id: int, *sscc: str):
    return split_delivery(delivery_id=delivery_id, handling_units=sscc, actor=world.actor, at=world.later())


def issue(world: World, delivery_id: int) -> None:
    post_goods_issue(delivery_id=delivery_id, actor=world.actor, at=world.later())


def violations() -> list[str]:
    return [f"{found.id} {found.first}" for found in verify().invariants if found.violations]


def test_the_parts_add_up_to_the_whole_and_each_call_follows_its_goods(world: World) -> None:
    whole, calls = three(world)
    before = quantities(whole)
    first, *_ = units_of(whole)

    done = split(world, whole, first)

    assert quantities(whole, done.delivery_id) == before
    assert (units_of(done.delivery_id), done.lines, done.lines_left) == ([first], 1, 2)
    assert list(DeliveryLine.objects.filter(delivery_id=done.delivery_id).values_list("line_no", flat=True)) == [1]
    moved = DeliveryLine.objects.get(delivery_id=done.delivery_id).component.group
    assert journal.history([("group", moved.pk)])[0].facts == {"delivery": done.number}
    assert {call.state for call in JitCall.objects.filter(pk__in=calls)} == {"on_delivery"}
    assert violations() == []


def test_each_part_leaves_on_its_own_with_a_notice_of_its_own(world: World) -> None:
    whole, calls = three(world)
    done = split(world, whole, units_of(whole)[0])

    pick_delivery(delivery_id=done.delivery_id, actor=world.actor, at=world.later())
    issue(world, done.delivery_id)
    states = sorted(JitCall.objects.filter(pk__in=calls).values_list("state", flat=True))
    pick_delivery(delivery_id=whole, actor=world.actor, at=world.later())
    issue(world, whole)

    assert states == ["issued", "on_delivery", "on_delivery"]
    assert sorted(len(notice.snapshot["lines"]) for notice in ShippingNotice.objects.all()) == [1, 2]
    assert violations() == []


def test_what_was_picked_stays_picked_and_makes_its_part_ready(world: World) -> None:
    whole, _ = three(world)
    picked, *_ = units_of(whole)
    pick_delivery(delivery_id=whole, sscc=picked, actor=world.actor, at=world.later())

    done = split(world, whole, picked)

    assert Delivery.objects.get(pk=done.delivery_id).state == "picked"
    assert Delivery.objects.get(pk=whole).state == "open"
    assert ComponentGroup.objects.filter(picking="picked").count() == 1
    issue(world, done.delivery_id)


def test_a_sequence_can_be_split_by_rack_and_still_leaves_in_order(world: World) -> None:
    calls = world.packed(*(world.sequenced(n) for n in range(479, 483)))
    whole = world.deliver(*calls).delivery_id
    later = DeliveryLine.objects.filter(delivery_id=whole).order_by("-line_no").first().hu.sscc

    done = split(world, whole, later)

    with refused(SequenceGap):
        issue(world, done.delivery_id)
    issue(world, whole)
    issue(world, done.delivery_id)
    assert violations() == []


def test_earlier_numbers_on_the_new_part_are_no_gap_to_the_verifier(world: World) -> None:
    calls = world.packed(*(world.sequenced(n) for n in range(479, 483)))
    whole = world.deliver(*calls).delivery_id
    earlier = DeliveryLine.objects.filter(delivery_id=whole).order_by("line_no").first().hu.sscc

    split(world, whole, earlier)

    assert violations() == []


def test_nothing_everything_and_a_strange_unit_are_refused(world: World) -> None:
    whole, _ = three(world)

    for chosen in ((), units_of(whole)):
        with refused(Invalid):
            split(world, whole, *chosen)
    with refused(WrongHandlingUnit):
        split(world, whole, "340123450000009999")
    with refused(NotFound):
        split(world, 0, "340123450000009999")


def test_a_unit_is_not_torn_out_of_another_one(world: World) -> None:
    whole, _ = three(world)
    inner, outer, _ = (HandlingUnit.objects.get(sscc=code) for code in units_of(whole))
    HandlingUnit.objects.filter(pk=inner.pk).update(parent=outer)

    with refused(WrongHandlingUnit):
        split(world, whole, inner.sscc)
    assert split(world, whole, inner.sscc, outer.sscc).lines == 2


def test_what_has_left_or_was_announced_stays_as_it_is(world: World) -> None:
    whole, calls = three(world)
    pick_delivery(delivery_id=whole, actor=world.actor, at=world.later())
    issue(world, whole)
    one = units_of(whole)[0]

    with refused(IllegalMove):
        split(world, whole, one)
    reverse_goods_issue(delivery_id=whole, reason="wrong truck", actor=world.actor, at=world.later())
    with refused(AnnouncedBefore):
        split(world, whole, one)
    with refused(AnnouncedBefore):
        remove_from_delivery(delivery_id=whole, handling_units=(one,), reason="x", actor=world.actor, at=world.later())
    with refused(AnnouncedBefore):
        add_to_delivery(delivery_id=whole, call_ids=calls, actor=world.actor, at=world.later())


def test_a_unit_that_stays_here_can_go_on_another_delivery(world: World) -> None:
    whole, _ = three(world)
    one = units_of(whole)[0]
    pick_delivery(delivery_id=whole, sscc=one, actor=world.actor, at=world.later())

    done = remove_from_delivery(
        delivery_id=whole, handling_units=(one,), reason="no room", actor=world.actor, at=world.later()
    )

    assert (done.handling_units, HandlingUnit.objects.get(sscc=one).state) == ((one,), "closed")
    assert JitCall.objects.get(pk=done.call_ids[0]).state == "packed"
    assert len(units_of(whole)) == 2
    create_delivery(call_ids=done.call_ids, actor=world.actor, at=world.later())
    assert violations() == []


def test_taking_off_needs_a_reason_and_leaves_something(world: World) -> None:
    whole, _ = three(world)
    units = units_of(whole)

    for chosen, reason in ((units[:1], " "), (units, "no truck")):
        with refused(Invalid):
            remove_from_delivery(
                delivery_id=whole, handling_units=chosen, reason=reason, actor=world.actor, at=world.later()
            )


def test_calls_are_added_and_the_delivery_is_picked_again(world: World) -> None:
    whole, _ = three(world)
    pick_delivery(delivery_id=whole, actor=world.actor, at=world.later())
    (more,) = world.packed(world.summarized("DON9", qty="9"))

    done = add_to_delivery(delivery_id=whole, call_ids=(more,), actor=world.actor, at=world.later())

    assert (done.lines, Delivery.objects.get(pk=whole).state) == (1, "open")
    assert [line.line_no for line in DeliveryLine.objects.filter(delivery_id=whole).order_by("line_no")] == [1, 2, 3, 4]
    pick_delivery(delivery_id=whole, actor=world.actor, at=world.later())
    issue(world, whole)
    assert violations() == []


def test_a_later_number_joins_an_earlier_load_without_a_gap(world: World) -> None:
    first = world.deliver(*world.packed(world.sequenced(480))).delivery_id
    second = world.deliver(*world.packed(world.sequenced(481))).delivery_id
    (third,) = world.packed(world.sequenced(482))

    add_to_delivery(delivery_id=first, call_ids=(third,), actor=world.actor, at=world.later())

    assert Delivery.objects.get(pk=first).state == "picked"
    assert violations() == []
    assert second


def test_calls_for_another_dock_and_unpacked_ones_are_not_added(world: World) -> None:
    from dataclasses import replace

    from milkrun.partners.commands.add_unloading_point import add_unloading_point

    who = {"actor": world.actor, "at": world.later()}
    add_unloading_point(partner_id=world.partner_id, ship_to_code="21", code="TOR 8", **who)
    whole, _ = three(world)
    (other,) = world.packed(replace(world.summarized("DON8"), unloading_point="TOR 8"))
    fresh = world.call(world.summarized("DON7"))

    for calls, refusal in (((other,), MixedDestinations), ((fresh,), IllegalMove), ((), NotFound)):
        with refused(refusal):
            add_to_delivery(delivery_id=whole, call_ids=calls, actor=world.actor, at=world.later())
