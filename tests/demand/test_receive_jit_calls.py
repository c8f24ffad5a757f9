"""Many calls of one file: good ones go on, bad ones are set aside with their reason, in the order given."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milkrun.demand.commands.receive_jit_calls import receive_jit_calls
from milkrun.demand.models import JitCall, PackingSlot, SlotHistory
from milkrun.insight.queries import verify
from tests.refusals import fingerprint
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db


def receive(world: World, *calls):
    return receive_jit_calls(
        calls=calls, site_id=world.site_id, partner_id=world.partner_id, source="edi", actor=world.actor,
        at=world.later(),
    ).outcomes  # fmt: skip


def test_outcomes_come_in_the_order_of_the_calls_and_the_good_ones_stay(world: World) -> None:
    world.release(world.call(world.sequenced(475)))
    bad = replace(world.sequenced(473), kind="weekly")
    changed = world.sequenced(475, parts=(SEAT,))

    outcomes = receive(world, world.sequenced(471), bad, world.sequenced(471), changed, world.sequenced(474))

    assert [(o.outcome, o.code) for o in outcomes] == [
        ("created", ""), ("refused", "call_not_understood"), ("unchanged", ""), ("refused", "call_under_way"),
        ("created", ""),
    ]  # fmt: skip
    assert sorted(JitCall.objects.values_list("position", flat=True)) == [471, 474, 475]


def test_a_call_that_stands_in_a_file_twice_with_different_content_is_refused_the_second_time(world: World) -> None:
    outcomes = receive(world, world.sequenced(471), world.sequenced(471, parts=(SEAT,)))

    assert [(o.outcome, o.code) for o in outcomes] == [("created", ""), ("refused", "call_twice")]


def test_two_vehicles_with_one_number_in_a_file_the_first_has_it(world: World) -> None:
    outcomes = receive(world, world.sequenced(471, number="V1"), world.sequenced(471, number="V2"))

    assert [(o.outcome, o.code) for o in outcomes] == [("created", ""), ("refused", "sequence_taken")]
    assert outcomes[1].facts == {"sequence": "0471", "held_by": "V1"}


def test_the_same_file_again_changes_nothing(world: World) -> None:
    calls = [world.sequenced(number) for number in range(1, 31)]
    receive(world, *calls)
    before = fingerprint()

    outcomes = receive(world, *calls)

    assert {o.outcome for o in outcomes} == {"unchanged"}
    assert fingerprint() == before


def test_the_number_of_statements_does_not_grow_with_the_calls(world: World) -> None:
    counts = []
    for start, many in ((1, 3), (101, 30)):
        with CaptureQueriesContext(connection) as captured:
            receive(world, *[world.sequenced(start + n) for n in range(many)])
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_a_late_vehicle_does_not_shift_the_others(world: World) -> None:
    receive(world, *[world.sequenced(number) for number in (471, 473, 474)])
    before = dict(PackingSlot.objects.values_list("group__call__position", "position"))

    receive(world, world.sequenced(472))

    after = dict(PackingSlot.objects.values_list("group__call__position", "position"))
    assert {**before, 472: 2} == after


def test_a_poor_quantity_in_one_call_leaves_the_others_alone(world: World) -> None:
    poor = world.summarized("DON1", qty="0.0000001")

    outcomes = receive(world, poor, world.summarized("DON2"))

    assert [o.outcome for o in outcomes] == ["refused", "created"]
    assert Decimal(48) == JitCall.objects.get().groups.get().components.get().qty


def places() -> dict[str, tuple[int | None, int]]:
    """Tell where each call stands: position and slot."""
    rows = PackingSlot.objects.filter(group__isnull=False).select_related("group__call")
    return {row.group.call.external_no: (row.group.call.position, row.position) for row in rows}


def test_two_cars_that_change_places_in_one_file_both_go_with_their_history(world: World) -> None:
    receive(world, *(world.sequenced(number, number=f"V{number}") for number in (1, 2, 3, 4)))
    swapped = [world.sequenced(2, number="V1"), world.sequenced(1, number="V2")]
    moved_on = [world.sequenced(4, number="V3"), world.sequenced(5, number="V4"), world.sequenced(3, number="NEW")]

    outcomes = receive(world, *swapped, *moved_on)

    assert [o.outcome for o in outcomes] == ["updated"] * 4 + ["created"]
    assert places() == {"V1": (2, 2), "V2": (1, 1), "V3": (4, 4), "V4": (5, 5), "NEW": (3, 3)}
    left = SlotHistory.objects.order_by("position").values_list("group__call__external_no", "position")
    assert list(left) == [("V1", 1), ("V2", 2), ("V3", 3), ("V4", 4)]
    assert verify().ok


def test_a_move_to_a_place_that_its_holder_keeps_is_refused_and_nobody_moves(world: World) -> None:
    receive(world, *(world.sequenced(number, number=f"V{number}") for number in (1, 2, 3)))

    outcomes = receive(world, world.sequenced(2, number="V1"), world.sequenced(3, number="V2"))

    assert [(o.code, o.facts["held_by"]) for o in outcomes] == [("sequence_taken", "V2"), ("sequence_taken", "V3")]
    assert places() == {"V1": (1, 1), "V2": (2, 2), "V3": (3, 3)}


def test_numbers_change_places_across_the_turn_of_the_counter(world: World) -> None:
    receive(world, *(world.sequenced(number, number=f"V{number}") for number in (9998, 9999, 1, 2)))

    receive(world, world.sequenced(1, number="V9999"), world.sequenced(9999, number="V1"))

    assert {name: place for name, (place, _slot) in places().items()} == {
        "V9998": 9998, "V1": 9999, "V9999": 10_000, "V2": 10_001,
    }  # fmt: skip


def test_a_changed_call_under_way_is_left_to_the_rule_where_that_is_asked_for(world: World) -> None:
    world.release(world.call(world.sequenced(471)))

    (outcome,) = receive_jit_calls(
        calls=[world.sequenced(471, parts=(SEAT,))], site_id=world.site_id, partner_id=world.partner_id,
        source="edi", by_rule=True, actor=world.actor, at=world.later(),
    ).outcomes  # fmt: skip

    assert outcome.outcome == "under_way"
