"""A slot of a rack: the part that is missing or damaged is reported and ordered again where it is noticed."""

from collections.abc import Callable

from milkrun.demand.models import ComponentGroup, MissingPart, PackingGroup, PackingSlot
from milkrun.shipping.commands.release_for_packing import release_for_packing
from tests.web.door import Door, text_of
from tests.world import REST, SEAT, World


def rack_of_two(world: World) -> str:
    calls = [world.call(world.sequenced(number, parts=(SEAT, REST))) for number in (471, 472)]
    world.finish(calls)
    release_for_packing(call_ids=calls, actor=world.actor, at=world.later())
    return f"/packing/{PackingGroup.objects.get().public_id}"


def test_a_damaged_part_is_ordered_again_at_its_slot_which_shows_what_stood_there(
    world: World, door: Callable[[str], Door]
) -> None:
    packer, rack = door("packer"), rack_of_two(world)
    group = PackingSlot.objects.get(position=1).group_id
    page = text_of(packer.get(f"{rack}/slot?n=1"))

    said = packer.send(f"{rack}/reorder", slot="1", group=str(group), line="1", lost="1", reason="cover torn")

    new = PackingSlot.objects.get(position=1).group
    assert "Damaged or lost: order again" in page
    assert "Nothing has left this slot." in page
    assert new is not None
    assert (new.predecessor_id, new.state) == (group, "created")
    assert "The new part of CALL/471 gets slot 1" in text_of(said)
    assert "Ordered again: cover torn" in text_of(said)
    # Packing goes on with the next slot.
    assert "Next: slot 2" in text_of(said)
    slot = text_of(packer.get(f"{rack}/slot?n=1"))
    assert "CALL/471 0471: cover torn" in slot
    assert "Stands for CALL/471" in slot


def test_two_people_who_order_one_damaged_part_again_order_it_once_and_the_second_is_told(
    world: World, door: Callable[[str], Door]
) -> None:
    packer, planner, rack = door("packer"), door("material_planner"), rack_of_two(world)
    seen = str(PackingSlot.objects.get(position=1).group_id)
    packer.send(f"{rack}/reorder", slot="1", group=seen, line="1", reason="torn")

    second = planner.send(f"{rack}/reorder", slot="1", group=seen, line="1", reason="torn cover")

    assert second.status_code == 409
    assert "Changed by somebody else" in text_of(second)
    assert "ordered this again at" in text_of(second)
    assert 'data-sound="wrong"' in second.content.decode()
    assert ComponentGroup.objects.filter(call__external_no="CALL/471").count() == 2


def test_a_part_that_is_not_here_is_passed_over_at_its_slot(world: World, door: Callable[[str], Door]) -> None:
    packer, rack = door("packer"), rack_of_two(world)

    said = packer.send(f"{rack}/missing", slot="2", reason="not in the trolley")

    assert MissingPart.objects.get().reason == "not in the trolley"
    assert "Slot 2 is passed over" in text_of(said)
    assert "Reported missing by" in text_of(packer.get(f"{rack}/slot?n=2"))
    assert "Pass over" not in text_of(packer.get(f"{rack}/slot?n=2"))


def test_what_is_not_said_is_asked_for_beside_the_form(world: World, door: Callable[[str], Door]) -> None:
    packer, rack = door("packer"), rack_of_two(world)
    group = str(PackingSlot.objects.get(position=1).group_id)

    no_line = packer.send(f"{rack}/reorder", slot="1", group=group, reason="torn")
    no_reason = packer.send(f"{rack}/reorder", slot="1", group=group, line="1")
    nowhere = packer.send(f"{rack}/reorder", slot="99", group=group, line="1", reason="torn")

    assert "Choose what is damaged or missing" in text_of(no_line)
    assert "Say what happened" in text_of(no_reason)
    assert "no such slot" in text_of(nowhere)
    assert packer.get(f"{rack}/slot?n=x").status_code == 404
    assert ComponentGroup.objects.count() == 2
