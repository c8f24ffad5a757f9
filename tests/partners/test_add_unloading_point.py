"""A dock more at a customer's plant."""

import pytest

from milkrun.kernel.errors import NotFound
from milkrun.partners.commands.add_unloading_point import add_unloading_point
from milkrun.partners.models import UnloadingPoint
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def add(world: World, plant: str, code: str):
    return add_unloading_point(
        partner_id=world.partner_id, ship_to_code=plant, code=code, actor=world.actor, at=world.later()
    )


def test_a_dock_is_added_once_however_often_it_is_named(world: World) -> None:
    first, second = add(world, "21", "TOR 8"), add(world, "21", "TOR 8")

    assert first == second
    assert UnloadingPoint.objects.filter(code="TOR 8").count() == 1


def test_a_plant_the_customer_does_not_have_is_not_found(world: World) -> None:
    with refused(NotFound) as caught:
        add(world, "99", "TOR 8")

    assert caught.value.facts == {"plant": "99"}
