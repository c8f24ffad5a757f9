"""A price for an order line, from a day on."""

from datetime import date

import pytest

from milkrun.demand.commands.agree_supply import agree_supply
from milkrun.kernel.errors import Invalid
from milkrun.parts.errors import UnknownPart
from tests.refusals import refused
from tests.world import ORDER, SEAT, World

pytestmark = pytest.mark.django_db


def agree(world: World, **given):
    wanted = {
        "partner_id": world.partner_id, "order_no": ORDER, "customer_part_no": SEAT, "price_minor": 100,
        "currency": "EUR", "valid_from": date(2026, 6, 1), "actor": world.actor, "at": world.later(),
    }  # fmt: skip
    return agree_supply(**{**wanted, **given})


def test_a_later_price_stands_beside_the_earlier_one(world: World) -> None:
    assert agree(world).agreement_id != agree(world, valid_from=date(2026, 7, 1)).agreement_id


def test_a_day_has_one_price(world: World) -> None:
    with refused(Invalid) as caught:
        agree(world, valid_from=date(2026, 1, 1))

    assert [problem.code for problem in caught.value.problems] == ["agreed_already"]


@pytest.mark.parametrize("price", [{"price_minor": -1}, {"price_basis": 0}])
def test_an_impossible_price_is_refused(world: World, price: dict) -> None:
    with refused(Invalid) as caught:
        agree(world, **price)

    assert [problem.code for problem in caught.value.problems] == ["price_impossible"]


def test_a_part_the_customer_does_not_know_is_refused(world: World) -> None:
    with refused(UnknownPart):
        agree(world, customer_part_no="X")
