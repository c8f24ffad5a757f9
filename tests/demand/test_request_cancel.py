"""Cancelling is asked for at any stage: free before the release, decided by a planner later, refused when gone."""

import pytest

from milkrun.demand.commands.request_cancel import CallAnswer, request_cancel
from milkrun.demand.models import CallRequest, ComponentGroup, JitCall, PackingSlot, SlotHistory
from milkrun.kernel import journal
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from tests.world import World

pytestmark = pytest.mark.django_db


def ask(world: World, *call_ids: int) -> tuple[CallAnswer, ...]:
    return request_cancel(
        call_ids=call_ids, reason="line stop", source="edi", actor=world.actor, at=world.later()
    ).answers


def brought_to(world: World, stage: str) -> int:
    """Bring a call to a stage."""
    call = world.call(world.sequenced(471))
    if stage == "released":
        world.release(call)
    elif stage != "created":
        world.finish([call])
    if stage in ("packed", "on_delivery"):
        world.pack(call)
    if stage == "on_delivery":
        world.deliver(call)
    return call


def test_before_the_release_a_call_is_cancelled_at_once_and_its_slot_is_remembered(world: World) -> None:
    call = brought_to(world, "created")

    (answer,) = ask(world, call)

    assert (answer.outcome, JitCall.objects.get().state) == ("cancelled", "cancelled")
    assert PackingSlot.objects.get().group is None
    assert (SlotHistory.objects.get().position, SlotHistory.objects.get().group.call_id) == (1, call)
    assert not CallRequest.objects.exists()


@pytest.mark.parametrize("stage", ["released", "ready", "packed", "on_delivery"])
def test_under_way_a_planner_decides_and_the_state_it_had_is_kept(world: World, stage: str) -> None:
    call = brought_to(world, stage)
    group = ComponentGroup.objects.get()

    (answer,) = ask(world, call)

    wish = CallRequest.objects.get()
    assert (answer.outcome, JitCall.objects.get().state) == ("requested", "cancel_requested")
    assert (wish.was, wish.reason, wish.state) == ({str(group.pk): stage}, "line stop", "open")
    assert PackingSlot.objects.get().group == group


def test_nobody_shifts_and_the_number_is_free_for_another_vehicle(world: World) -> None:
    first, middle, last = (world.call(world.sequenced(number)) for number in (471, 472, 473))

    ask(world, middle)
    slots = dict(PackingSlot.objects.order_by("position").values_list("position", "group__call_id"))
    other = world.call(world.sequenced(472, number="V2"))

    assert slots == {1: first, 2: None, 3: last}
    assert PackingSlot.objects.get(position=2).group.call_id == other
    assert JitCall.objects.get(pk=middle).state == "cancelled" == ComponentGroup.objects.get(call_id=middle).state


def test_the_journal_tells_of_group_and_call_with_the_reason(world: World) -> None:
    call = world.call(world.sequenced(471))
    group = ComponentGroup.objects.get(call_id=call)

    ask(world, call)

    for subject in (("call", call), ("group", group.pk)):
        line = journal.history([subject])[0]
        told = (line.action, line.before, line.after, line.reason)
        assert told == ("cancel_call", "created", "cancelled", "line stop")


def test_asked_again_nothing_changes(world: World) -> None:
    call = brought_to(world, "released")
    ask(world, call)

    (again,) = ask(world, call)

    assert (again.outcome, CallRequest.objects.count()) == ("unchanged", 1)


def test_what_has_left_is_a_return_and_the_wish_stays_in_the_history(world: World) -> None:
    call = world.packed(world.summarized("DON1", qty="1"))[0]
    post_goods_issue(delivery_id=world.picked(call), actor=world.actor, at=world.later())

    (answer,) = ask(world, call)

    line = journal.history([("call", call)])[0]
    assert (answer.outcome, answer.code) == ("refused", "too_late_to_cancel")
    assert (line.action, line.facts["asked"]) == ("refuse_cancel", "line stop")
    assert JitCall.objects.get().state == "issued"


def test_each_call_of_a_selection_gets_its_own_answer(world: World) -> None:
    free, under_way = world.call(world.summarized("A")), world.call(world.summarized("B"))
    world.release(under_way)

    answers = ask(world, under_way, 0, free)

    assert [(a.number, a.outcome, a.code) for a in answers] == [
        ("B", "requested", ""),
        ("", "refused", "not_found"),
        ("A", "cancelled", ""),
    ]


def test_100_calls_cost_hardly_more_statements_than_one(world: World, django_assert_max_num_queries) -> None:
    calls = [world.call(world.summarized(f"DON{number}", qty="1")) for number in range(100)]
    world.release(*calls[50:])

    with django_assert_max_num_queries(25):
        answers = ask(world, *calls)

    assert [a.outcome for a in answers] == ["cancelled"] * 50 + ["requested"] * 50
