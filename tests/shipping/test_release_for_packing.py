"""Ready calls are released for packing; each rack gets its handling unit, a late number its slot."""

import pytest

from milkrun.demand.models import ComponentGroup, PackingGroup, PackingSlot
from milkrun.kernel.errors import IllegalMove, NotFound
from milkrun.measure.identifiers import is_sscc
from milkrun.shipping.commands.release_for_packing import release_for_packing
from tests.refusals import refused
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db


def release(world: World, *calls: int):
    return release_for_packing(call_ids=calls, actor=world.actor, at=world.later()).packing_groups


def ready(world: World, *numbers: int) -> list[int]:
    calls = [world.call(world.sequenced(number, parts=(SEAT,))) for number in numbers]
    world.finish(calls)
    return calls


def place(call: int) -> tuple[int, int, int]:
    slot = PackingSlot.objects.select_related("packing_group").get(group__call_id=call)
    return slot.packing_group.rack_no, slot.packing_group.load_no, slot.position


def test_calls_of_one_rack_share_a_handling_unit(world: World) -> None:
    calls = ready(world, 471, 472)

    (rack,) = release(world, *calls)

    assert (rack.title, is_sscc(rack.sscc)) == ("SV 48", True)
    assert PackingGroup.objects.get().state == "packing"
    assert set(ComponentGroup.objects.values_list("state", "packing")) == {("in_packing", "released")}


def test_a_second_release_into_the_same_rack_keeps_its_handling_unit(world: World) -> None:
    first, second = ready(world, 471, 472)

    assert release(world, first)[0].sscc == release(world, second)[0].sscc


def test_a_late_number_finds_its_slot_in_the_rack_that_still_stands(world: World) -> None:
    first, third = ready(world, 471, 473)
    release(world, first, third)

    (late,) = ready(world, 472)
    release(world, late)

    assert [place(call) for call in (first, late, third)] == [(48, 1, 1), (48, 1, 2), (48, 1, 3)]


def test_a_late_number_whose_rack_has_left_keeps_its_slot_in_the_next_load(world: World) -> None:
    late, gone = ready(world, 471, 472)
    from milkrun.demand.models import SequenceStream

    SequenceStream.objects.update(gap_rule="warn")
    world.pack(gone)
    world.deliver(gone)

    (rack,) = release(world, late)

    assert place(late) == (48, 2, 1)
    assert rack.sscc != PackingGroup.objects.get(load_no=1).hu.sscc


def test_a_call_that_comes_after_its_rack_left_is_seated_in_the_next_load_at_once(world: World) -> None:
    from milkrun.demand.models import SequenceStream

    (gone,) = ready(world, 472)
    SequenceStream.objects.update(gap_rule="none")
    world.pack(gone)
    world.deliver(gone)

    late = world.call(world.sequenced(471))

    assert place(late) == (48, 2, 1)


def test_a_summarised_call_gets_a_load_of_its_own(world: World) -> None:
    calls = [world.call(world.summarized(number, qty="5")) for number in ("DON1", "DON2")]
    world.finish(calls)

    loads = release(world, *calls)

    assert [load.title for load in loads] == ["Load 1", "Load 2"]


def test_all_or_none_a_call_that_is_not_ready_stops_the_others(world: World) -> None:
    (good,) = ready(world, 471)
    created = world.call(world.sequenced(472))

    with refused(IllegalMove) as caught:
        release(world, good, created)

    assert [row["state"] for row in caught.value.facts["rows"]] == ["created"]


def test_unknown_calls_and_no_calls_are_not_found(world: World) -> None:
    for calls in ((0,), ()):
        with refused(NotFound):
            release(world, *calls)
