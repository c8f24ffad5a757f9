"""A part that a customer calls for is made known in one go."""

from datetime import date

import pytest

from milkrun.demand import queries
from milkrun.demand.commands.introduce_part import PartIntroduced, introduce_part
from milkrun.demand.commands.reprocess_call import reprocess_call
from milkrun.demand.models import JitCall
from milkrun.kernel.errors import Invalid
from milkrun.partners.commands.add_unloading_point import add_unloading_point
from milkrun.parts.errors import PartNumberTaken
from tests.world import ORDER, SEAT, UNKNOWN, World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def introduce(world: World, customer_number: str, number: str, price_minor: int = 999) -> PartIntroduced:
    return introduce_part(
        partner_id=world.partner_id,
        customer_number=customer_number,
        number=number,
        order_no=ORDER,
        price_minor=price_minor,
        price_basis=1,
        currency="EUR",
        valid_from=date(2026, 1, 1),
        actor=world.actor,
        at=world.later(),
    )


def view(world: World, call_id: int) -> queries.CallView:
    (public_id,) = JitCall.objects.filter(pk=call_id).values_list("public_id", flat=True)
    return queries.call(world.site_id, public_id, "UTC")


def test_an_unknown_part_is_made_known_and_its_call_matched_in_place(world: World) -> None:
    call_id = world.call(world.summarized("DON1", (SEAT, UNKNOWN)))
    assert [part.reason_code for part in view(world, call_id).groups[0].components] == ["", "unknown_part"]

    made = introduce(world, UNKNOWN, "HEAD-999Z")

    assert made.part_made
    assert reprocess_call(call_id=call_id, actor=world.actor, at=world.later()).still_unmatched == ()
    assert [part.reason_code for part in view(world, call_id).groups[0].components] == ["", ""]


def test_a_part_of_ours_that_exists_is_taken_as_it_is(world: World) -> None:
    made = introduce(world, UNKNOWN, "SEAT-105A")

    assert (made.part_made, made.part_id) == (False, world.parts["SEAT-105A"])


def test_a_number_the_customer_uses_for_another_part_is_refused(world: World) -> None:
    with pytest.raises(PartNumberTaken, match="SEAT-105A"):
        introduce(world, SEAT, "REST-106B")


def test_another_price_from_the_same_day_is_refused(world: World) -> None:
    introduce(world, UNKNOWN, "HEAD-999Z", price_minor=999)

    with pytest.raises(Invalid, match="Another price"):
        introduce(world, UNKNOWN, "HEAD-999Z", price_minor=1000)


def test_an_unknown_dock_is_made_known_and_its_call_matched_in_place(world: World) -> None:
    from dataclasses import replace

    call_id = world.call(replace(world.summarized("DON2"), unloading_point="TOR 9"))
    assert view(world, call_id).groups[0].components[0].reason_code == "unknown_dock"

    add_unloading_point(
        partner_id=world.partner_id, ship_to_code="21", code="TOR 9", actor=world.actor, at=world.later()
    )

    assert reprocess_call(call_id=call_id, actor=world.actor, at=world.later()).still_unmatched == ()
