"""Right part, right slot, right sequence: everything else is stopped with what is expected."""

from decimal import Decimal

import pytest

from milkrun.demand.models import Component, ComponentGroup, PackingGroup, PackingSlot
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, NotFound
from milkrun.shipping.commands.confirm_packing import confirm_packing
from milkrun.shipping.commands.release_for_packing import release_for_packing
from milkrun.shipping.errors import NothingToPack, OutOfSequence, TooMuchPacked, WrongPart
from milkrun.stock.errors import ShortStock
from milkrun.stock.models import Balance
from tests.refusals import refused
from tests.world import REST, SEAT, UNKNOWN, CallInput, World

pytestmark = pytest.mark.django_db


def opened(world: World, *calls: CallInput) -> int:
    ids = [world.call(given) for given in calls]
    world.finish(ids)
    return release_for_packing(call_ids=ids, actor=world.actor, at=world.later()).packing_groups[0].packing_group_id


def scan(world: World, rack: int, number: str, **more):
    return confirm_packing(packing_group_id=rack, scan=number, actor=world.actor, at=world.later(), **more)


def test_a_part_goes_from_storage_into_the_rack_and_stays_reserved(world: World) -> None:
    rack = opened(world, world.sequenced(471))

    done = scan(world, rack, SEAT)

    row = Balance.objects.get(part__number="SEAT-105A", location__kind="packing")
    assert (row.hu_id, row.on_hand, row.reserved) == (PackingGroup.objects.get().hu_id, 1, 1)
    assert (done.slot, done.group_packed, done.remaining) == (1, False, 1)


def test_with_its_last_part_the_group_is_packed(world: World) -> None:
    rack = opened(world, world.sequenced(471))
    scan(world, rack, SEAT)

    done = scan(world, rack, REST)

    group = ComponentGroup.objects.get()
    assert (done.group_packed, done.remaining, group.state, group.packing) == (True, 0, "packed", "packed")
    line = journal.history([("group", group.pk)])[0]
    assert line.action in ("pack_part", "confirm_packing")


def test_the_history_of_a_group_tells_each_part_and_the_slot(world: World) -> None:
    rack = opened(world, world.sequenced(471, parts=(SEAT,)))

    scan(world, rack, SEAT)

    lines = {line.action: line for line in journal.history([("group", ComponentGroup.objects.get().pk)])}
    assert lines["pack_part"].facts["part"] == SEAT
    assert (lines["confirm_packing"].before, lines["confirm_packing"].after) == ("in_packing", "packed")


@pytest.mark.parametrize("number", ["5N0881105A", "5n0 881 105 a", "SEAT-105A", " seat-105a "])
def test_a_scan_is_read_with_the_customer_s_number_or_ours_and_without_blanks(world: World, number: str) -> None:
    rack = opened(world, world.sequenced(471))

    assert scan(world, rack, number).part_number == SEAT


@pytest.mark.parametrize("number", [UNKNOWN, "", "FOAM", "'; DROP TABLE", "\x00", "Ü" * 5000])
def test_a_part_that_does_not_belong_is_stopped_with_what_is_expected(world: World, number: str) -> None:
    rack = opened(world, world.sequenced(471))

    with refused(WrongPart) as caught:
        scan(world, rack, number)

    assert caught.value.facts == {"scanned": number, "expected": [SEAT, REST], "slot": 1}
    assert f"Slot 1 needs {SEAT}." in caught.value.message


def test_a_part_of_a_later_slot_is_stopped_and_both_slots_are_named(world: World) -> None:
    rack = opened(world, world.sequenced(471, parts=(SEAT,)), world.sequenced(472, parts=(REST,)))

    with refused(OutOfSequence) as caught:
        scan(world, rack, REST)

    assert caught.value.facts == {"scanned": REST, "expected": [SEAT], "slot": 1}
    assert "belongs into slot 2" in caught.value.message


def test_a_slot_cannot_be_jumped_by_naming_it(world: World) -> None:
    rack = opened(world, world.sequenced(471, parts=(SEAT,)), world.sequenced(472, parts=(SEAT,)))

    with refused(OutOfSequence):
        scan(world, rack, SEAT, slot=2)


def test_a_part_is_packed_in_pieces_up_to_its_quantity(world: World) -> None:
    rack = opened(world, world.summarized("DON1", qty="10"))
    scan(world, rack, SEAT, qty=Decimal(4))

    for qty in ("6.000001", "0", "-1", "NaN", "0.0000001"):
        with refused(TooMuchPacked):
            scan(world, rack, SEAT, qty=Decimal(qty))
    done = scan(world, rack, SEAT)

    assert (done.qty, done.group_packed) == (Decimal(6), True)
    assert Component.objects.get().packed_qty == 10


def test_a_part_whose_posting_failed_cannot_be_packed(world: World) -> None:
    rack = opened(world, world.summarized("DON1", qty="1200"))

    with refused(ShortStock) as caught:
        scan(world, rack, SEAT)

    assert caught.value.facts == {"wanted": "1200", "missing": "1200"}


def test_when_all_is_packed_there_is_nothing_to_pack(world: World) -> None:
    rack = opened(world, world.sequenced(471, parts=(SEAT,)))
    scan(world, rack, SEAT)

    with refused(NothingToPack):
        scan(world, rack, SEAT)


def test_a_rack_that_was_not_released_or_has_left_is_not_packed(world: World) -> None:
    world.call(world.sequenced(461))
    planned = PackingGroup.objects.get().pk
    (call,) = world.packed(world.sequenced(471, parts=(SEAT,)))
    closed = PackingSlot.objects.get(group__call_id=call).packing_group_id
    from milkrun.demand.models import SequenceStream

    SequenceStream.objects.update(gap_rule="none")
    world.deliver(call)

    for rack in (planned, closed):
        with refused(IllegalMove):
            scan(world, rack, SEAT)


def test_an_unknown_rack_is_not_found(world: World) -> None:
    with refused(NotFound):
        scan(world, 0, SEAT)
