"""A call is cancelled before its release; its slot becomes empty and nobody shifts."""

import pytest

from milkrun.demand.commands.cancel_call import cancel_call
from milkrun.demand.errors import TooLateToCancel
from milkrun.demand.models import ComponentGroup, JitCall, PackingSlot
from milkrun.kernel import journal
from milkrun.kernel.errors import NotFound
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def cancel(world: World, call_id: int):
    return cancel_call(call_id=call_id, reason="line stop", actor=world.actor, at=world.later())


def test_a_cancelled_call_leaves_its_slot_empty_and_nobody_shifts(world: World) -> None:
    first, middle, last = (world.call(world.sequenced(number)) for number in (471, 472, 473))

    cancel(world, middle)

    slots = dict(PackingSlot.objects.order_by("position").values_list("position", "group__call_id"))
    assert slots == {1: first, 2: None, 3: last}
    assert JitCall.objects.get(pk=middle).state == "cancelled" == ComponentGroup.objects.get(call_id=middle).state


def test_the_journal_tells_of_group_and_call_with_the_reason(world: World) -> None:
    call = world.call(world.sequenced(471))
    group = ComponentGroup.objects.get(call_id=call)

    cancel(world, call)

    for subject in (("call", call), ("group", group.pk)):
        line = journal.history([subject])[0]
        assert (line.action, line.before, line.after, line.reason) == (
            "cancel_call",
            "created",
            "cancelled",
            "line stop",
        )


def test_the_number_of_a_cancelled_call_is_free_for_another_vehicle(world: World) -> None:
    cancel(world, world.call(world.sequenced(471, number="V1")))

    other = world.call(world.sequenced(471, number="V2"))

    assert PackingSlot.objects.get(position=1).group.call_id == other


@pytest.mark.parametrize("stage", ["released", "ready", "packed"])
def test_a_released_call_is_not_cancelled_any_more(world: World, stage: str) -> None:
    call = world.call(world.sequenced(471))
    if stage == "released":
        world.release(call)
    else:
        world.finish([call])
    if stage == "packed":
        world.pack(call)

    with refused(TooLateToCancel) as caught:
        cancel(world, call)

    assert caught.value.facts == {"state": stage}


def test_a_call_is_cancelled_once(world: World) -> None:
    call = world.call(world.sequenced(471))
    cancel(world, call)

    with refused(TooLateToCancel):
        cancel(world, call)


def test_a_call_that_does_not_exist_is_not_found(world: World) -> None:
    with refused(NotFound):
        cancel(world, 0)
