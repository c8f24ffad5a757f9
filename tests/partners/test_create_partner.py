"""A customer with plants and docks."""

import pytest

from milkrun.partners.commands.create_partner import Plant, create_partner
from milkrun.partners.errors import CodeTaken, UnknownZone
from milkrun.partners.models import UnloadingPoint
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def create(world: World, code: str = "OEM02", **given):
    return create_partner(code=code, name="Other Motors", actor=world.actor, at=world.later(), **given)


def test_plants_have_their_docks(world: World) -> None:
    create(world, plants=(Plant("A", "Plant A", "Europe/Paris", ("N", "S")), Plant("B", "Plant B", "UTC")))

    docks = UnloadingPoint.objects.filter(ship_to__partner__code="OEM02").values_list("ship_to__code", "code")
    assert sorted(docks) == [("A", "N"), ("A", "S")]


def test_a_code_is_used_once(world: World) -> None:
    with refused(CodeTaken):
        create(world, "OEM01")


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", "../../etc/passwd", "CET\x00"])
def test_a_plant_in_no_known_zone_is_refused(world: World, zone: str) -> None:
    with refused(UnknownZone) as caught:
        create(world, plants=(Plant("A", "Plant A", zone),))

    assert [problem.field for problem in caught.value.problems] == ["zone"]
