"""Calls get other numbers in their sequence until they are in packing; the places they left are remembered."""

from typing import Any

import pytest

from milkrun.demand.commands.configure_stream import StreamRules, configure_stream
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.commands.resequence_calls import Move, resequence_calls
from milkrun.demand.models import JitCall, PackingSlot, SlotHistory
from milkrun.insight.queries import verify
from milkrun.kernel import journal
from milkrun.kernel.errors import Invalid
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def by(world: World) -> dict[str, Any]:
    return {"actor": world.actor, "at": world.later()}


def move(world: World, *moves: tuple[int, str]) -> list[tuple[str, str]]:
    done = resequence_calls(moves=[Move(*one) for one in moves], reason="line changed its mind", **by(world))
    return [(answer.outcome, answer.code) for answer in done.answers]


def positions() -> dict[str, int | None]:
    return dict(JitCall.objects.order_by("pk").values_list("external_no", "position"))


def test_cars_change_places_and_a_third_moves_behind_them(world: World) -> None:
    first, second, third = (world.call(world.sequenced(n, number=f"V{n}")) for n in (1, 2, 3))
    world.release(first, second)

    answers = move(world, (first, "0002"), (second, "1"), (third, "15"))

    assert answers == [("moved", "")] * 3
    assert positions() == {"V1": 2, "V2": 1, "V3": 15}
    assert PackingSlot.objects.get(group__call=third).packing_group.rack_no == 2
    left = SlotHistory.objects.order_by("position").values_list("group__call__external_no", "position", "reason")
    assert list(left) == [(f"V{n}", n, "line changed its mind") for n in (1, 2, 3)]
    (line, *_) = journal.history([("call", first)])
    assert (line.action, line.facts["changed"]) == ("resequence_call", {"sequence_text": ["0001", "0002"]})
    assert verify().ok


def test_what_cannot_move_says_why_and_the_others_go(world: World) -> None:
    fine, kept = world.call(world.sequenced(1)), world.call(world.sequenced(2))
    loose = world.call(world.summarized("DON1"))
    packed = world.packed(world.sequenced(11))[0]

    answers = move(
        world, (fine, "0007"), (kept, "0002"), (loose, "1"), (packed, "12"), (0, "1")
    )  # fmt: skip
    wrong = [move(world, (fine, number))[0][1] for number in ("0", "10000", "-1", "x", "9" * 30, "", "2")]

    assert answers == [
        ("moved", ""), ("unchanged", ""), ("refused", "call_not_understood"), ("refused", "call_under_way"),
        ("refused", "not_found"),
    ]  # fmt: skip
    assert wrong == ["call_not_understood"] * 6 + ["sequence_taken"]
    assert positions()["CALL/1"] == 7


def test_two_calls_for_one_number_the_first_gets_it(world: World) -> None:
    first, second = world.call(world.sequenced(1)), world.call(world.sequenced(2))

    assert move(world, (first, "9"), (second, "9")) == [("moved", ""), ("refused", "sequence_taken")]


def test_a_number_means_the_nearest_turn_of_the_counter(world: World) -> None:
    configure_stream(
        site_id=world.site_id, partner_id=world.partner_id, ship_to_code="21", code="03",
        rules=StreamRules(largest=20), **by(world),
    )  # fmt: skip
    calls = [world.call(world.sequenced(n, number=f"V{n}")) for n in (18, 19, 20, 1)]

    move(world, (calls[3], "20"), (calls[2], "2"))

    assert positions() == {"V18": 18, "V19": 19, "V20": 22, "V1": 20}


def test_a_selection_needs_a_reason_and_an_end(world: World) -> None:
    call = world.call(world.sequenced(1))

    for moves, reason in (([(call, "2")], " "), ([], "x"), ([(call, "2"), (call, "3")], "x"),
                          ([(key, "1") for key in range(10_000)], "x")):  # fmt: skip
        with refused(Invalid):
            resequence_calls(moves=[Move(*one) for one in moves], reason=reason, **by(world))


def test_a_car_that_takes_the_place_of_one_that_never_came_is_no_gap_in_what_left_before(world: World) -> None:
    first, gone, third, late = (world.call(world.sequenced(n, number=f"V{n}")) for n in (1, 2, 3, 8))
    request_cancel(call_ids=[gone], reason="never built", source="manual", **by(world))
    world.finish([first, third])
    world.pack(first, third)
    world.deliver(first, third)

    answers = move(world, (late, "0002"))

    assert answers == [("moved", "")]
    report = verify()
    assert report.ok, [found for found in report.invariants if found.violations]
