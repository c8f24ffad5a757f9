"""How many slots a rack has; racks that exist keep theirs."""

import pytest

from milkrun.demand.commands.specify_rack import specify_rack
from milkrun.demand.models import PackingGroup
from milkrun.kernel.errors import Invalid
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def specify(world: World, slots: int, family: str = ""):
    return specify_rack(partner_id=world.partner_id, slots=slots, family=family, actor=world.actor, at=world.later())


def test_a_family_s_own_rack_wins_over_the_general_one(world: World) -> None:
    specify(world, 4, "SV")

    world.call(world.sequenced(471))

    assert PackingGroup.objects.values_list("rack_no", "slots_total").get() == (118, 4)


def test_a_rack_that_stands_already_keeps_its_slots(world: World) -> None:
    world.call(world.sequenced(471))

    specify(world, 4)

    assert PackingGroup.objects.get().slots_total == 10


@pytest.mark.parametrize("slots", [0, -1])
def test_a_rack_without_slots_is_refused(world: World, slots: int) -> None:
    with refused(Invalid):
        specify(world, slots)
