"""A call that waits for master data is matched again in place, once they are mended."""

from dataclasses import replace

import pytest

from milkrun.demand.commands.agree_supply import agree_supply
from milkrun.demand.commands.reprocess_call import reprocess_call
from milkrun.demand.errors import NothingToMatch
from milkrun.demand.models import Component, ComponentGroup, JitCall, PackingSlot
from milkrun.kernel import journal
from milkrun.kernel.errors import NotFound
from milkrun.partners.commands.add_unloading_point import add_unloading_point
from milkrun.parts.commands.add_customer_part import add_customer_part
from milkrun.parts.commands.create_part import create_part
from tests.refusals import refused
from tests.world import ORDER, SEAT, UNKNOWN, World

pytestmark = pytest.mark.django_db


def reprocess(world: World, call_id: int):
    return reprocess_call(call_id=call_id, actor=world.actor, at=world.later())


def know_the_part(world: World) -> None:
    who = {"actor": world.actor, "at": world.later()}
    part = create_part(number="MAT-999Z", made_here=True, **who)
    add_customer_part(partner_id=world.partner_id, number=UNKNOWN, part_id=part.part_id, **who)
    agree_supply(
        partner_id=world.partner_id, order_no=ORDER, customer_part_no=UNKNOWN, price_minor=100, currency="EUR",
        valid_from=world.now.date(), **who,
    )  # fmt: skip


def test_an_unknown_part_is_matched_in_place_once_it_is_known(world: World) -> None:
    call = world.call(world.sequenced(471, parts=(SEAT, UNKNOWN)))
    slot = PackingSlot.objects.get(group__call_id=call).pk
    know_the_part(world)

    done = reprocess(world, call)

    assert done.still_unmatched == ()
    assert ComponentGroup.objects.get(call_id=call).matching == "matched"
    assert Component.objects.get(group__call_id=call, line_no=2).part.number == "MAT-999Z"
    assert PackingSlot.objects.get(group__call_id=call).pk == slot
    assert world.release(call).jobs


def test_what_remains_is_said_and_logged(world: World) -> None:
    call = world.call(world.sequenced(471, parts=(SEAT, UNKNOWN)))

    done = reprocess(world, call)

    assert done.still_unmatched == (f"Part {UNKNOWN} is not known for this customer.",)
    line = journal.history([("call", call)])[0]
    assert (line.action, line.facts) == ("reprocess_call", {"still_unmatched": list(done.still_unmatched)})


def test_a_new_dock_is_found(world: World) -> None:
    call = world.call(replace(world.sequenced(471), unloading_point="TOR 8"))
    add_unloading_point(
        partner_id=world.partner_id, ship_to_code="21", code="TOR 8", actor=world.actor, at=world.later()
    )

    assert reprocess(world, call).still_unmatched == ()


def test_a_call_whose_plant_was_not_known_gets_its_slot_when_it_is(world: World) -> None:
    from milkrun.partners.models import ShipTo, UnloadingPoint

    call = world.call(replace(world.sequenced(471), ship_to_code="22"))
    plant = ShipTo.objects.create(partner_id=world.partner_id, code="22", name="Plant 22", zone="Europe/Berlin")
    UnloadingPoint.objects.create(ship_to=plant, code="TOR 7")

    reprocess(world, call)

    slot = PackingSlot.objects.select_related("packing_group").get(group__call_id=call)
    assert (JitCall.objects.get(pk=call).position, slot.packing_group.rack_no, slot.position) == (471, 48, 1)


def test_a_matched_call_has_nothing_to_match(world: World) -> None:
    call = world.call(world.sequenced(471))

    with refused(NothingToMatch):
        reprocess(world, call)


def test_a_call_that_does_not_exist_is_not_found(world: World) -> None:
    with refused(NotFound):
        reprocess(world, 0)
