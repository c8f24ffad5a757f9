"""What a part costs by standard, and where it stands in its life."""

from datetime import date

import pytest

from milkrun.kernel import journal
from milkrun.kernel.errors import Invalid
from milkrun.parts.commands.set_life_cycle import set_life_cycle
from milkrun.parts.commands.set_standard_cost import set_standard_cost
from milkrun.parts.errors import SuccessorRing, UnknownPart
from milkrun.parts.models import Part
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def live(world: World, number: str, stage: str = "ending", **given):
    given = {"obsolete_on": date(2027, 6, 1), **given}
    return set_life_cycle(part_id=world.parts[number], stage=stage, actor=world.actor, at=world.later(), **given)


def cost(world: World, part_id: int, minor: int, **given):
    return set_standard_cost(part_id=part_id, cost_minor=minor, actor=world.actor, at=world.later(), **given)


def test_a_cost_is_set_and_the_one_before_stands_in_the_history(world: World) -> None:
    foam = world.parts["FOAM"]
    cost(world, foam, 1250, basis=100)

    cost(world, foam, 1300, basis=100)

    part = Part.objects.get(pk=foam)
    assert (part.cost_minor, part.cost_basis, part.cost_currency) == (1300, 100, "EUR")
    (line, *_) = journal.history([("part", foam)])
    assert line.facts == {"cost": "13.00 EUR / 100", "was": "12.50 EUR / 100"}


@pytest.mark.parametrize("wrong", [{"minor": -1}, {"minor": 1, "basis": 0}, {"minor": 1, "currency": "XXX"}])
def test_an_impossible_cost_is_refused(world: World, wrong: dict) -> None:
    with refused(Invalid):
        cost(world, world.parts["FOAM"], **wrong)


def test_a_part_ends_on_a_day_in_favour_of_another_one(world: World) -> None:
    live(world, "FOAM", successor_id=world.parts["FRAME"], shelf_life_days=365)

    part = Part.objects.get(pk=world.parts["FOAM"])
    assert (part.stage, part.obsolete_on, part.successor_id) == ("ending", date(2027, 6, 1), world.parts["FRAME"])
    assert part.shelf_life_days == 365


def test_no_part_follows_itself_at_any_distance(world: World) -> None:
    live(world, "FOAM", successor_id=world.parts["FRAME"])
    live(world, "FRAME", successor_id=world.parts["SEAT-105A"])

    with refused(SuccessorRing):
        live(world, "SEAT-105A", successor_id=world.parts["FOAM"])


def test_an_unknown_stage_a_missing_end_and_an_impossible_shelf_life_are_refused(world: World) -> None:
    with refused(Invalid) as unknown:
        live(world, "FOAM", "gone", shelf_life_days=0)
    with refused(Invalid) as endless:
        live(world, "FOAM", obsolete_on=None)

    assert [p.field for p in unknown.value.problems] == ["stage", "shelf_life_days"]
    assert [p.field for p in endless.value.problems] == ["obsolete_on"]


def test_a_part_that_does_not_exist_is_refused(world: World) -> None:
    with refused(UnknownPart):
        cost(world, 0, 1)
    with refused(UnknownPart):
        live(world, "FOAM", successor_id=999_999)
