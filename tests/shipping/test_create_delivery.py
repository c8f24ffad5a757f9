"""Packed calls of one plant and dock leave together, in sequence, with their racks closed."""

from dataclasses import replace

import pytest

from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.errors import SequenceGap
from milkrun.demand.models import ComponentGroup, PackingGroup, SequenceStream
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, NotFound
from milkrun.partners.models import Partner
from milkrun.shipping.commands.create_delivery import create_delivery
from milkrun.shipping.errors import MixedDestinations, RackIncomplete
from milkrun.shipping.models import Delivery, DeliveryLine
from milkrun.stock.models import HandlingUnit
from tests.refusals import refused
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db


def deliver(world: World, *calls: int):
    return create_delivery(call_ids=calls, actor=world.actor, at=world.later())


def gap_rule(rule: str) -> None:
    SequenceStream.objects.update(gap_rule=rule)


def test_sequenced_calls_of_one_dock_make_one_delivery_ready_to_leave(world: World) -> None:
    calls = world.packed(world.sequenced(471), world.sequenced(472))

    done = deliver(world, *calls)

    delivery = Delivery.objects.get(pk=done.delivery_id)
    assert (done.number, done.lines, len(done.handling_units)) == ("D00000001", 4, 1)
    assert (delivery.state, delivery.picking_needed) == ("picked", False)
    assert {(g.state, g.delivery, g.picking) for g in ComponentGroup.objects.all()} == {
        ("on_delivery", "created", "not_needed")
    }
    assert (HandlingUnit.objects.get().state, PackingGroup.objects.get().state) == ("closed", "closed")


def test_summarised_calls_make_one_delivery_that_is_picked_first(world: World) -> None:
    calls = world.packed(world.summarized("DON1", qty="4"), world.summarized("DON2", qty="6"))

    done = deliver(world, *calls)

    assert (done.lines, len(done.handling_units), Delivery.objects.get().state) == (2, 2, "open")
    assert set(ComponentGroup.objects.values_list("picking", flat=True)) == {"open"}


def test_a_customer_may_ask_that_sequenced_racks_are_picked_too(world: World) -> None:
    Partner.objects.update(picks_sequenced_calls=True)

    deliver(world, *world.packed(world.sequenced(471)))

    assert Delivery.objects.get().state == "open"


def test_lines_stand_in_the_order_of_the_sequence(world: World) -> None:
    calls = world.packed(world.sequenced(472, parts=(SEAT,)), world.sequenced(471, parts=(SEAT,)))

    deliver(world, *calls)

    order = DeliveryLine.objects.order_by("line_no").values_list("component__group__call__position", flat=True)
    assert list(order) == [471, 472]


def test_the_journal_of_delivery_and_group_name_each_other(world: World) -> None:
    (call,) = world.packed(world.sequenced(471))

    done = deliver(world, call)

    line = journal.history([("delivery", done.delivery_id)])[0]
    assert (line.action, line.facts["calls"], line.facts["units"]) == (
        "create_delivery", [call], list(done.handling_units)
    )  # fmt: skip
    (group,) = ComponentGroup.objects.filter(call_id=call)
    assert journal.history([("group", group.pk)])[0].facts == {"delivery": done.number}


def test_calls_for_different_docks_are_refused_and_the_docks_named(world: World) -> None:
    from milkrun.partners.commands.add_unloading_point import add_unloading_point

    add_unloading_point(
        partner_id=world.partner_id, ship_to_code="21", code="TOR 8", actor=world.actor, at=world.later()
    )
    other = replace(world.summarized("DON2"), unloading_point="TOR 8")
    calls = world.packed(world.summarized("DON1"), other)

    with refused(MixedDestinations) as caught:
        deliver(world, *calls)

    assert caught.value.facts == {"docks": ["TOR 7", "TOR 8"]}


def test_a_rack_leaves_whole_or_not_at_all(world: World) -> None:
    first, second = world.packed(world.sequenced(471), world.sequenced(472))

    with refused(RackIncomplete) as caught:
        deliver(world, first)

    assert caught.value.facts["slots"] == ["SV 48 slot 2 holds CALL/472 SV, packed"]
    assert second


def test_a_missing_number_blocks_the_load_and_is_named(world: World) -> None:
    calls = world.packed(world.sequenced(471), world.sequenced(473))

    with refused(SequenceGap) as caught:
        deliver(world, *calls)

    assert caught.value.facts == {"missing": ["472"]}


def test_where_the_stream_only_warns_the_load_leaves_with_a_warning(world: World) -> None:
    calls = world.packed(world.sequenced(471), world.sequenced(473))
    gap_rule("warn")

    assert deliver(world, *calls).warnings == ("Sequence OEM01/21 03: 472 would be left behind.",)


def test_where_the_stream_has_no_rule_the_load_just_leaves(world: World) -> None:
    calls = world.packed(world.sequenced(471), world.sequenced(473))
    gap_rule("none")

    assert deliver(world, *calls).warnings == ()


def test_a_cancelled_number_is_no_gap(world: World) -> None:
    middle = world.call(world.sequenced(472))
    request_cancel(call_ids=(middle,), reason="x", source="manual", actor=world.actor, at=world.later())
    calls = world.packed(world.sequenced(471), world.sequenced(473))

    assert deliver(world, *calls).warnings == ()


def test_a_number_known_but_not_packed_is_a_gap(world: World) -> None:
    world.call(world.sequenced(471))
    calls = world.packed(world.sequenced(481))

    with refused(SequenceGap) as caught:
        deliver(world, *calls)

    assert caught.value.facts["missing"][0] == "471"


def test_after_9999_comes_1_and_that_is_no_gap(world: World) -> None:
    calls = world.packed(world.sequenced(9999), world.sequenced(1))

    deliver(world, *calls)

    assert list(DeliveryLine.objects.order_by("line_no").values_list("component__group__call__position", flat=True))[
        ::2
    ] == [9999, 10000]


def test_the_gap_after_a_wrap_is_named_by_its_own_number(world: World) -> None:
    deliver(world, *world.packed(world.sequenced(9999)))
    calls = world.packed(world.sequenced(2))

    with refused(SequenceGap) as caught:
        deliver(world, *calls)

    assert caught.value.facts == {"missing": ["1"]}


def test_a_call_that_is_not_packed_or_on_a_delivery_already_is_refused(world: World) -> None:
    ready = world.call(world.summarized("DON1"))
    (gone,) = world.packed(world.summarized("DON2"))
    deliver(world, gone)

    for call in (ready, gone):
        with refused(IllegalMove):
            deliver(world, call)


def test_unknown_calls_and_no_calls_are_not_found(world: World) -> None:
    for calls in ((0,), ()):
        with refused(NotFound):
            deliver(world, *calls)
