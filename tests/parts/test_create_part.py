"""A part with its units and what it is made of."""

from decimal import Decimal

import pytest

from milkrun.kernel.errors import Invalid
from milkrun.parts.commands.create_part import Ingredient, OwnUnit, create_part
from milkrun.parts.errors import PartNumberTaken, UnknownPart, UnknownUnitForPart
from milkrun.parts.models import BomLine
from milkrun.parts.queries import explode
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def create(world: World, number: str = "P-1", **given):
    return create_part(number=number, actor=world.actor, at=world.later(), **given)


def test_a_part_knows_what_it_is_made_of(world: World) -> None:
    done = create(world, made_here=True, bom=(Ingredient("FOAM", Decimal("0.25")), Ingredient("FRAME", Decimal(2))))

    needs = {need.number: need.qty for need in explode(done.part_id, Decimal(10))}
    assert needs == {"FOAM": Decimal("2.5"), "FRAME": Decimal(20)}


def test_a_number_is_used_once_and_not_empty(world: World) -> None:
    with refused(PartNumberTaken):
        create(world, "FOAM")
    with refused(Invalid):
        create(world, "  ")


def test_unknown_ingredients_are_all_named(world: World) -> None:
    with refused(UnknownPart) as caught:
        create(world, bom=(Ingredient("X1", Decimal(1)), Ingredient("FOAM", Decimal(1)), Ingredient("X2", Decimal(1))))

    assert caught.value.facts == {"parts": ["X1", "X2"]}


def test_an_unknown_base_unit_is_refused(world: World) -> None:
    with refused(UnknownUnitForPart):
        create(world, base_unit="BX")


@pytest.mark.parametrize("qty", ["0", "-1", "NaN", "0.0000001"])
def test_an_impossible_quantity_of_an_ingredient_is_refused(world: World, qty: str) -> None:
    with refused(Invalid) as caught:
        create(world, bom=(Ingredient("FOAM", Decimal(qty)),))

    assert [problem.field for problem in caught.value.problems] == ["bom"]


@pytest.mark.parametrize("unit", [OwnUnit("BX", 0), OwnUnit("BX", 12, 0), OwnUnit("BX", -12), OwnUnit("BOXES", 1)])
def test_an_impossible_unit_of_its_own_is_refused(world: World, unit: OwnUnit) -> None:
    with refused(Invalid) as caught:
        create(world, units=(unit,))

    assert [problem.field for problem in caught.value.problems] == ["units"]
    assert not BomLine.objects.filter(part__number="P-1").exists()
