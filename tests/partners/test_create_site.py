"""A site of ours with its docks."""

import pytest

from milkrun.partners.commands.create_site import create_site
from milkrun.partners.errors import CodeTaken, UnknownZone
from milkrun.partners.models import Dock
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def create(world: World, code: str = "EAST", zone: str = "Europe/Warsaw"):
    return create_site(code=code, name="Plant", zone=zone, docks=("D1",), actor=world.actor, at=world.later())


def test_a_site_has_its_docks(world: World) -> None:
    done = create(world)

    assert list(Dock.objects.filter(site_id=done.site_id).values_list("code", flat=True)) == ["D1"]


def test_a_code_is_used_once(world: World) -> None:
    with refused(CodeTaken):
        create(world, code="MAIN")


@pytest.mark.parametrize("zone", ["Warsaw", "", "Europe/"])
def test_an_unknown_zone_is_refused(world: World, zone: str) -> None:
    with refused(UnknownZone):
        create(world, zone=zone)
