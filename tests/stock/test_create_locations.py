"""Places of a site, with the far ends that movements need."""

import pytest

from milkrun.kernel.errors import Invalid
from milkrun.stock.commands.create_locations import Place, create_locations
from milkrun.stock.models import Location
from milkrun.stock.states import VIRTUAL_LOCATION_KINDS
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def create(world: World, *places: Place):
    return create_locations(site_id=world.site_id, places=places, actor=world.actor, at=world.later())


def test_a_site_has_every_far_end_once(world: World) -> None:
    create(world, Place("A1", "storage"))
    create(world, Place("A2", "storage"))

    kinds = list(Location.objects.filter(kind__in=VIRTUAL_LOCATION_KINDS).values_list("kind", flat=True))
    assert sorted(kinds) == sorted(VIRTUAL_LOCATION_KINDS)


def test_a_known_code_stays_as_it_is(world: World) -> None:
    before = world.places["FG"]

    done = create(world, Place("fg", "dock"))

    assert (done.by_code["FG"], Location.objects.get(pk=before).kind) == (before, "storage")


def test_an_unknown_kind_is_refused_with_all_its_places(world: World) -> None:
    with refused(Invalid) as caught:
        create(world, Place("A1", "storage"), Place("B1", "cellar"), Place("B2", "roof"))

    assert [problem.message for problem in caught.value.problems] == [
        "B1: cellar is not a kind of location.",
        "B2: roof is not a kind of location.",
    ]
