"""A part that is not there is passed over, its slot waits for it, and two people at one rack do not pack it twice."""

from typing import Any

import pytest

from milkrun.demand import queries as demand
from milkrun.demand.models import MissingPart, PackingGroup
from milkrun.exchange.models import Notification
from milkrun.kernel.errors import NotFound
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.commands.report_missing import report_missing
from milkrun.shipping.errors import NothingToPack, OutOfSequence, SlotTaken
from milkrun.stock.commands.reject_handling_unit import reject_handling_unit
from milkrun.stock.errors import HandlingUnitFrozen
from tests.refusals import refused
from tests.world import REST, SEAT, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def rack(world: World) -> PackingGroup:
    """Slots 1 (a seat), 2 (a rest) and 3 (a seat) wait."""
    wanted = ((471, SEAT), (472, REST), (473, SEAT))
    calls = [world.call(world.sequenced(number, parts=(part,))) for number, part in wanted]
    world.finish(calls)
    release_for_packing(call_ids=calls, actor=world.actor, at=world.later())
    return PackingGroup.objects.get()


def scan(world: World, rack: PackingGroup, part: str, **more: Any):
    return confirm_packing(packing_group_id=rack.pk, scan=part, actor=world.actor, at=world.later(), **more)


def lose(world: World, rack: PackingGroup, slot: int, reason: str = ""):
    return report_missing(packing_group_id=rack.pk, slot=slot, reason=reason, actor=world.actor, at=world.later())


def test_packing_goes_on_behind_a_missing_part_and_takes_it_when_it_turns_up(world: World, rack: PackingGroup) -> None:
    scan(world, rack, SEAT)
    done = lose(world, rack, 2, "fell down")
    view = demand.rack(world.site_id, rack.public_id, "UTC")

    third = scan(world, rack, SEAT)
    late = scan(world, rack, REST)

    assert done.parts == (REST,)
    assert view.expected is not None
    assert (view.expected.position, view.slots[1].missing) == (3, "Anna Test: fell down")
    assert (third.slot, late.slot, late.remaining) == (3, 2, 0)
    assert not MissingPart.objects.exists()


def test_the_planner_is_told_what_is_missing(world: World, rack: PackingGroup) -> None:
    lose(world, rack, 1, "scratched")

    told = Notification.objects.latest("pk")
    assert told.subject == f"Missing at packing: {SEAT}"
    assert "scratched" in told.body


def test_a_later_part_is_still_out_of_sequence_while_nothing_is_missing(world: World, rack: PackingGroup) -> None:
    with refused(OutOfSequence):
        scan(world, rack, REST)


def test_what_does_not_wait_cannot_be_missing(world: World, rack: PackingGroup) -> None:
    scan(world, rack, SEAT)

    for slot in (1, 7):
        with refused(NothingToPack):
            lose(world, rack, slot)
    with refused(NotFound):
        report_missing(packing_group_id=0, slot=1, actor=world.actor, at=world.later())


def test_the_second_of_two_at_a_rack_hears_who_packed_the_slot_and_what_is_next(
    world: World, rack: PackingGroup
) -> None:
    scan(world, rack, SEAT, slot=1)

    with refused(SlotTaken) as caught:
        scan(world, rack, SEAT, slot=1)

    assert caught.value.message.startswith("Slot 1 was packed by Anna Test at ")
    assert caught.value.message.endswith(f"Slot 2 is next and needs {REST}.")
    assert (caught.value.facts["by"], caught.value.facts["next"]) == ("Anna Test", 2)


def test_nothing_is_packed_into_a_rack_that_was_set_apart(world: World, rack: PackingGroup) -> None:
    reject_handling_unit(site_id=world.site_id, hu_id=rack.hu_id, reason="bent", actor=world.actor, at=world.later())

    with refused(HandlingUnitFrozen):
        scan(world, rack, SEAT)
