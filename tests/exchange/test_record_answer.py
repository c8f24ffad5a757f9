"""The partner's word about a file of ours."""

import pytest

from milkrun.exchange.commands.record_answer import record_answer
from milkrun.exchange.commands.record_sent import record_sent
from milkrun.exchange.models import OutboxMessage
from milkrun.kernel import journal
from tests.exchange.waiting_files import claim, despatch
from tests.refusals import fingerprint
from tests.world import World

pytestmark = pytest.mark.django_db


def answer(world: World, control: str, accepted: bool, text: str = ""):
    return record_answer(
        partner_id=world.partner_id, control=control, accepted=accepted, text=text, actor=world.actor, at=world.later()
    )


@pytest.fixture
def control(world: World) -> str:
    despatch(world, 1)
    (parcel,) = claim(world).parcels
    record_sent(outbox_id=parcel.outbox_id, lease=parcel.lease, actor=world.actor, at=world.later())
    return OutboxMessage.objects.get().control


@pytest.mark.parametrize(("accepted", "state"), [(True, "acknowledged"), (False, "rejected")])
def test_a_sent_file_takes_the_partner_s_word(world: World, control: str, accepted: bool, state: str) -> None:
    done = answer(world, control, accepted, "part unknown")

    row = OutboxMessage.objects.get()
    assert (done.outbox_id, row.state, row.answer, row.answered_at) == (row.pk, state, "part unknown", world.now)
    assert journal.history([("outbox", row.pk)])[0].after == state


def test_the_partner_may_change_its_mind(world: World, control: str) -> None:
    for accepted in (True, False, True, True):
        answer(world, control, accepted)

    assert OutboxMessage.objects.get().state == "acknowledged"


def test_an_answer_to_nothing_we_sent_changes_nothing(world: World) -> None:
    despatch(world, 1)
    before = fingerprint()

    for control in ("999", OutboxMessage.objects.get().control):
        assert answer(world, control, True).outbox_id is None

    assert fingerprint() == before
