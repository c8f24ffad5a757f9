"""A number far ahead of its stream is a slip until a second one follows it."""

from collections.abc import Sequence

import pytest

from milkrun.demand.commands.receive_jit_calls import receive_jit_calls
from milkrun.demand.models import JitCall
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def in_one_file(world: World, numbers: Sequence[int]) -> list[int | None]:
    calls = [world.sequenced(number, number=f"C{index}") for index, number in enumerate(numbers)]
    receive_jit_calls(
        calls=calls, site_id=world.site_id, partner_id=world.partner_id, source="edi", actor=world.actor,
        at=world.later(),
    )  # fmt: skip
    return positions()


def one_by_one(world: World, numbers: Sequence[int]) -> list[int | None]:
    for index, number in enumerate(numbers):
        world.call(world.sequenced(number, number=f"C{index}"))
    return positions()


def positions() -> list[int | None]:
    return list(JitCall.objects.order_by("pk").values_list("position", flat=True))


@pytest.mark.parametrize("receive", [in_one_file, one_by_one])
@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1, 2, 9000, 3, 4), [1, 2, 9000, 3, 4]),
        ((9998, 9999, 1, 2), [9998, 9999, 10000, 10001]),
        ((2, 9998, 9999, 1), [2, 9998, 9999, 10000]),
        ((471, 470, 472), [471, 470, 472]),
    ],
)
def test_positions_follow_the_stream_and_not_a_slip(
    world: World, receive: object, numbers: tuple[int, ...], expected: list[int]
) -> None:
    assert receive(world, numbers) == expected  # type: ignore[operator]
