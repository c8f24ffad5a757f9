"""A call is taken over once; the same again changes nothing, a change updates it until it is released."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from milkrun.demand.commands.receive_jit_call import CallInput, ComponentInput, GroupInput, receive_jit_call
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.errors import (
    CallGone,
    CallKnown,
    CallNotUnderstood,
    CallUnderWay,
    GroupsChanged,
    SequenceTaken,
)
from milkrun.demand.models import Component, ComponentGroup, JitCall, PackingSlot, SequenceStream, SlotHistory
from milkrun.kernel import journal
from tests.refusals import fingerprint, refused
from tests.world import ORDER, REST, SEAT, UNKNOWN, World

pytestmark = pytest.mark.django_db


def receive(world: World, call: CallInput, anew: bool = False):
    return receive_jit_call(
        call=call, site_id=world.site_id, partner_id=world.partner_id, source="api", anew=anew, actor=world.actor,
        at=world.later(),
    )  # fmt: skip


def with_lines(call: CallInput, *lines: ComponentInput) -> CallInput:
    return replace(call, groups=(GroupInput("SV", lines),))


def slot_of(call_id: int) -> tuple[int, int, int]:
    slot = PackingSlot.objects.select_related("packing_group").get(group__call_id=call_id)
    return slot.packing_group.rack_no, slot.packing_group.load_no, slot.position


def test_a_sequenced_call_is_created_matched_and_has_its_slot(world: World) -> None:
    done = receive(world, world.sequenced(471))

    call = JitCall.objects.get(pk=done.call_id)
    assert (done.outcome, done.unmatched, call.state, call.position) == ("created", (), "created", 471)
    assert slot_of(call.pk) == (48, 1, 1)
    assert list(
        Component.objects.filter(group__call=call).values_list("part__number", "qty", "agreement__order_no")
    ) == [
        ("SEAT-105A", Decimal(1), ORDER),
        ("REST-106B", Decimal(1), ORDER),
    ]


def test_a_call_that_is_to_be_new_changes_no_other_one_and_comes_twice_without_effect(world: World) -> None:
    first = receive(world, world.summarized("DON1", qty="4"), anew=True)

    with refused(CallKnown):
        receive(world, world.summarized("DON1", qty="5"), anew=True)
    again = receive(world, world.summarized("DON1", qty="4"), anew=True)

    assert (first.outcome, again.outcome, again.call_id) == ("created", "unchanged", first.call_id)


def test_a_new_call_has_touched_no_indicator_yet(world: World) -> None:
    done = receive(world, world.sequenced(471))

    group = ComponentGroup.objects.get(call_id=done.call_id)
    indicators = (
        group.matching, group.production, group.stock_posting, group.packing, group.picking, group.delivery,
        group.issue, group.asn, group.billing,
    )  # fmt: skip
    assert indicators == ("matched", *["none"] * 8)


def test_the_journal_says_that_the_call_came(world: World) -> None:
    done = receive(world, world.sequenced(471))

    (line,) = journal.history([("call", done.call_id)])
    assert (line.actor, line.action, line.after) == ("Anna Test", "receive_jit_call", "created")


def test_the_same_call_again_changes_nothing_at_all(world: World) -> None:
    first = receive(world, world.sequenced(471))
    before = fingerprint()

    again = receive(world, replace(world.sequenced(471), transmission_no="OTHER", interchange_id=7))

    assert (again.outcome, again.call_id) == ("unchanged", first.call_id)
    assert fingerprint() == before


def test_a_change_before_the_release_updates_lines_time_and_journal(world: World) -> None:
    first = receive(world, world.sequenced(471))
    changed = replace(world.sequenced(471, parts=(SEAT,)), required_at=world.now, line_feed="LF-13")

    again = receive(world, changed)

    call = JitCall.objects.get(pk=first.call_id)
    assert (again.outcome, call.line_feed, call.required_at) == ("updated", "LF-13", changed.required_at)
    assert [row.customer_part_no for row in Component.objects.filter(group__call=call)] == [SEAT]
    (line, _) = journal.history([("call", call.pk)])
    assert line.action == "update_call"
    assert line.facts["changed"]["SV/2"] == [f"{REST} x 1 PCE {ORDER}", None]


def test_a_call_that_comes_with_another_number_moves_and_its_old_place_is_remembered(world: World) -> None:
    first = receive(world, world.sequenced(471, number="V1"))

    again = receive(world, world.sequenced(485, number="V1"))

    call = JitCall.objects.get(pk=first.call_id)
    assert (again.outcome, call.position, call.sequence_text) == ("updated", 485, "0485")
    left = SlotHistory.objects.get()
    assert (left.group.call_id, left.position, left.reason) == (call.pk, 1, "Moved in the sequence by the customer")
    (line, _) = journal.history([("call", call.pk)])
    assert line.facts["changed"]["sequence_text"] == ["0471", "0485"]
    assert PackingSlot.objects.get(group__call=call).packing_group.rack_no == 49


@pytest.mark.parametrize(("number", "said"), [("12000", "is not between 1 and 9999"), ("12A", "is no number")])
def test_a_number_that_gives_no_place_is_said_and_the_call_stays(world: World, number: str, said: str) -> None:
    done = receive(world, replace(world.sequenced(471), sequence_text=number))

    assert said in done.notes[0]
    assert JitCall.objects.get().position is None


def test_a_call_that_moves_to_another_line_takes_its_slot_there(world: World) -> None:
    first = receive(world, world.sequenced(471))

    receive(world, replace(world.sequenced(471), stream_code="04"))

    slot = PackingSlot.objects.select_related("packing_group__stream").get(group__call_id=first.call_id)
    assert (slot.packing_group.stream.code, slot.position) == ("04", 1)
    assert PackingSlot.objects.filter(packing_group__stream__code="03", group=None).count() == 1


def test_two_vehicles_that_change_places_one_after_the_other_are_told_who_is_there(world: World) -> None:
    receive(world, world.sequenced(471, number="V1"))
    receive(world, world.sequenced(472, number="V2"))

    with refused(SequenceTaken) as caught:
        receive(world, world.sequenced(472, number="V1"))

    assert caught.value.facts == {"sequence": "0472", "held_by": "V2"}


def test_a_change_after_the_release_is_refused_and_nothing_is_overwritten(world: World) -> None:
    call = world.call(world.sequenced(471))
    world.release(call)

    with refused(CallUnderWay) as caught:
        receive(world, world.sequenced(471, parts=(SEAT,)))

    assert "is released already" in caught.value.message


def test_the_same_call_after_its_release_is_still_just_the_same(world: World) -> None:
    world.release(world.call(world.sequenced(471)))

    assert receive(world, world.sequenced(471)).outcome == "unchanged"


def test_other_component_groups_than_before_are_refused(world: World) -> None:
    receive(world, world.sequenced(471))
    other = replace(world.sequenced(471), groups=(GroupInput("XX", world.sequenced(471).groups[0].components),))

    with refused(GroupsChanged) as caught:
        receive(world, other)

    assert "other component groups" in caught.value.message


def test_an_unknown_part_keeps_its_line_and_its_slot_visible(world: World) -> None:
    done = receive(world, world.sequenced(471, parts=(SEAT, UNKNOWN)))

    group = ComponentGroup.objects.get(call_id=done.call_id)
    row = Component.objects.get(group=group, line_no=2)
    assert done.unmatched == (f"Part {UNKNOWN} is not known for this customer.",)
    assert (group.matching, row.matching_reason, row.part_id) == ("unmatched", done.unmatched[0], None)
    assert slot_of(done.call_id) == (48, 1, 1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"unloading_point": "TOR 99"}, "Dock TOR 99 is not known at plant 21."),
        ({"ship_to_code": "99"}, "Plant 99 of the customer is not known."),
        ({"ship_to_code": ""}, "Plant (none) of the customer is not known."),
    ],
)
def test_an_unknown_dock_or_plant_is_named_and_the_call_kept(world: World, change: dict, reason: str) -> None:
    done = receive(world, replace(world.sequenced(471), **change))

    assert (done.outcome, set(done.unmatched)) == ("created", {reason})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (ComponentInput(1, SEAT, Decimal(1), "KGM", ORDER), "measure different things"),
        (ComponentInput(1, SEAT, Decimal(1), "QQQ", ORDER), "Unit 'QQQ' is not known"),
        (ComponentInput(1, SEAT, Decimal(1), "PCE", "4500"), "Order 4500 is not agreed for part"),
    ],
)
def test_a_unit_or_order_that_does_not_fit_is_named_and_the_call_kept(
    world: World, line: ComponentInput, reason: str
) -> None:
    done = receive(world, with_lines(world.sequenced(471), line))

    assert done.outcome == "created"
    assert reason in done.unmatched[0]


def test_a_customer_s_dozen_is_twelve_pieces(world: World) -> None:
    done = receive(world, with_lines(world.sequenced(471), ComponentInput(1, SEAT, Decimal(2), "DZN", ORDER)))

    row = Component.objects.get(group__call_id=done.call_id)
    assert (row.qty, row.entered_qty, row.entered_unit) == (Decimal(24), Decimal(2), "DZN")


@pytest.mark.parametrize("qty", ["0", "-3", "NaN", "1.0000001", "9999999999999"])
def test_an_impossible_quantity_names_its_line(world: World, qty: str) -> None:
    line = ComponentInput(4, SEAT, Decimal(qty), "PCE", ORDER)

    with refused(CallNotUnderstood) as caught:
        receive(world, with_lines(world.sequenced(471), line))

    (problem,) = caught.value.problems
    assert problem.field == "groups[0].components[4].qty"
    assert problem.message.startswith("Line 4: ")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"external_no": ""}, "number_missing"),
        ({"external_no": "x" * 81}, "number_missing"),
        ({"kind": "weekly"}, "kind_unknown"),
        ({"groups": ()}, "no_components"),
        ({"groups": (GroupInput("SV", ()),)}, "no_components"),
        ({"groups": (GroupInput("A" * 13, (ComponentInput(1, SEAT, Decimal(1)),)),)}, "group_code_long"),
        ({"groups": (GroupInput("SV", (ComponentInput(1, SEAT, Decimal(1)),)),) * 2}, "group_code_twice"),
        ({"groups": (GroupInput("SV", (ComponentInput(1, SEAT, Decimal(1)),) * 2),)}, "line_number_twice"),
        ({"groups": (GroupInput("SV", (ComponentInput(0, SEAT, Decimal(1)),)),)}, "line_number_impossible"),
        ({"groups": (GroupInput("SV", (ComponentInput(1, " ", Decimal(1)),)),)}, "part_missing"),
        ({"groups": (GroupInput("SV", (ComponentInput(1, "x" * 41, Decimal(1)),)),)}, "part_missing"),
        ({"stream_code": "L" * 21}, "stream_code_long"),
        ({"required_at": datetime(9999, 12, 31, 23, 30, tzinfo=UTC)}, "year_impossible"),
        ({"required_at": datetime(202, 11, 22, tzinfo=UTC)}, "year_impossible"),
    ],
)
def test_what_is_impossible_about_a_call_is_named_by_its_code(world: World, change: dict, code: str) -> None:
    with refused(CallNotUnderstood) as caught:
        receive(world, replace(world.sequenced(471), **change))

    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_required_time_without_a_zone_is_refused(world: World) -> None:
    naive = replace(world.sequenced(471), required_at=world.now.replace(tzinfo=None))

    with refused(CallNotUnderstood) as caught:
        receive(world, naive)

    assert [problem.field for problem in caught.value.problems] == ["required_at"]


def test_a_cancelled_call_does_not_come_back_by_itself(world: World) -> None:
    call = world.call(world.sequenced(471))
    request_cancel(call_ids=(call,), reason="line stop", source="manual", actor=world.actor, at=world.later())

    for again in (world.sequenced(471), world.sequenced(471, parts=(SEAT,))):
        with refused(CallGone):
            receive(world, again)


@pytest.mark.parametrize("text", ["²", "٣", "", "A1", "0", "10000"])
def test_a_number_that_is_none_gives_no_place_in_the_sequence(world: World, text: str) -> None:
    done = receive(world, replace(world.sequenced(471), sequence_text=text))

    assert JitCall.objects.get(pk=done.call_id).position is None
    assert not SequenceStream.objects.exclude(last_seen=None).exists()
