"""A customer's number names one part of ours."""

import pytest

from milkrun.parts.commands.add_customer_part import add_customer_part
from milkrun.parts.errors import PartNumberTaken, UnknownPart
from tests.refusals import refused
from tests.world import SEAT, World

pytestmark = pytest.mark.django_db


def add(world: World, number: str, part: int):
    return add_customer_part(
        partner_id=world.partner_id, number=number, part_id=part, actor=world.actor, at=world.later()
    )


def test_the_same_number_for_the_same_part_again_changes_nothing(world: World) -> None:
    assert add(world, SEAT, world.parts["SEAT-105A"]) == add(world, SEAT.lower(), world.parts["SEAT-105A"])


def test_a_number_that_names_another_part_already_is_refused(world: World) -> None:
    with refused(PartNumberTaken) as caught:
        add(world, "5n0881105A", world.parts["FOAM"])

    assert caught.value.facts == {"part": "SEAT-105A"}


def test_an_unknown_part_is_refused(world: World) -> None:
    with refused(UnknownPart):
        add(world, "NEW", 0)
