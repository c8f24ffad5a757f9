"""Handling units nest as a forest of at most five levels."""

import pytest

from milkrun.kernel.errors import NotFound
from milkrun.measure.identifiers import is_sscc
from milkrun.stock import steps
from milkrun.stock.commands.nest_handling_unit import nest_handling_unit
from milkrun.stock.errors import HandlingUnitFrozen, NestingRing, NestingTooDeep
from milkrun.stock.models import HandlingUnit, Sscc
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def units(world: World, count: int) -> list[int]:
    return [
        steps.create_handling_unit(
            site_id=world.site_id, location_id=world.places["PACK"], kind="pallet", at=world.now
        ).pk
        for _ in range(count)
    ]


def nest(world: World, unit: int, into: int | None):
    return nest_handling_unit(site_id=world.site_id, hu_id=unit, into_id=into, actor=world.actor, at=world.later())


def test_a_unit_stands_in_another_and_comes_out_again(world: World) -> None:
    inner, outer = units(world, 2)

    nest(world, inner, outer)
    inside = HandlingUnit.objects.get(pk=inner).parent_id
    nest(world, inner, None)

    assert (inside, HandlingUnit.objects.get(pk=inner).parent_id) == (outer, None)


def test_a_unit_does_not_stand_in_itself_at_any_depth(world: World) -> None:
    a, b, c = units(world, 3)
    nest(world, a, b)
    nest(world, b, c)

    for unit, into in ((a, a), (b, a), (c, a)):
        with refused(NestingRing):
            nest(world, unit, into)


def test_the_sixth_level_is_refused_whether_it_comes_from_below_or_above(world: World) -> None:
    a, b, c, d, e, f = units(world, 6)
    for unit, into in ((a, b), (b, c), (c, d), (d, e)):
        nest(world, unit, into)

    for unit, into in ((e, f), (f, a)):
        with refused(NestingTooDeep) as caught:
            nest(world, unit, into)
        assert caught.value.facts == {"deepest": 5}


def test_nothing_is_put_into_a_closed_unit(world: World) -> None:
    world.picked(*world.packed(world.sequenced(471)))
    closed = HandlingUnit.objects.exclude(state="open").get()
    (inner,) = units(world, 1)

    with refused(HandlingUnitFrozen):
        nest(world, inner, closed.pk)


def test_a_unit_that_does_not_exist_is_not_found(world: World) -> None:
    (unit,) = units(world, 1)

    for inner, outer in ((0, unit), (unit, 999_999)):
        with refused(NotFound):
            nest(world, inner, outer)


def test_every_container_code_is_right_registered_and_given_once(world: World) -> None:
    units(world, 50)

    codes = list(HandlingUnit.objects.values_list("sscc", flat=True))
    assert all(is_sscc(code) for code in codes)
    assert len(set(codes)) == 50 == Sscc.objects.filter(sscc__in=codes).count()
