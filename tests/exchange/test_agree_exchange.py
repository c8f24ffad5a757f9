"""One trading agreement a partner, and identifiers that name one partner only."""

import pytest

from milkrun.exchange.commands.agree_exchange import agree_exchange
from milkrun.kernel.errors import Conflict
from milkrun.partners.commands.create_partner import create_partner
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def agree(world: World, partner: int, their_id: str):
    return agree_exchange(
        partner_id=partner, site_id=world.site_id, their_id=their_id, their_qualifier="ZZ", our_id="SUPP01",
        our_qualifier="ZZ", actor=world.actor, at=world.later(),
    )  # fmt: skip


def test_another_partner_has_its_own_agreement(world: World) -> None:
    other = create_partner(code="OEM02", name="Other", actor=world.actor, at=world.later()).partner_id

    assert agree(world, other, "OEM02").agreement_id


def test_a_second_agreement_for_a_partner_or_the_same_identifiers_is_refused(world: World) -> None:
    other = create_partner(code="OEM02", name="Other", actor=world.actor, at=world.later()).partner_id

    for partner, their_id in ((world.partner_id, "OEM09"), (other, "OEM01")):
        with refused(Conflict):
            agree(world, partner, their_id)
