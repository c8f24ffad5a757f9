"""A file is sent once more, byte for byte the same."""

import pytest

from milkrun.exchange.commands.record_answer import record_answer
from milkrun.exchange.commands.record_failure import record_failure
from milkrun.exchange.commands.record_sent import record_sent
from milkrun.exchange.commands.send_again import send_again
from milkrun.exchange.models import OutboxMessage
from milkrun.kernel import journal
from milkrun.kernel.errors import IllegalMove, NotFound
from tests.exchange.waiting_files import claim, despatch
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def again(world: World, outbox_id: int):
    return send_again(outbox_id=outbox_id, actor=world.actor, at=world.later())


@pytest.mark.parametrize("state", ["sent", "acknowledged", "rejected", "held"])
def test_a_file_waits_again_with_the_same_bytes_and_reference(world: World, state: str) -> None:
    despatch(world, 1)
    (parcel,) = claim(world).parcels
    key = {"outbox_id": parcel.outbox_id, "lease": parcel.lease, "actor": world.actor, "at": world.later()}
    if state == "held":
        record_failure(error="no such partner", permanent=True, **key)
    else:
        record_sent(**key)
    if state in ("acknowledged", "rejected"):
        record_answer(
            partner_id=world.partner_id, control=OutboxMessage.objects.get().control, accepted=state == "acknowledged",
            text="", actor=world.actor, at=world.later(),
        )  # fmt: skip

    again(world, parcel.outbox_id)

    (second,) = claim(world).parcels
    assert (second.payload_hex, second.file_name) == (parcel.payload_hex, parcel.file_name)
    lines = journal.history([("outbox", parcel.outbox_id)])
    assert (lines[0].action, lines[0].before, lines[0].after) == ("send_again", state, "queued")


def test_a_file_that_waits_already_is_not_queued_twice(world: World) -> None:
    despatch(world, 1)

    with refused(IllegalMove):
        again(world, OutboxMessage.objects.get().pk)


def test_an_unknown_file_is_not_found(world: World) -> None:
    with refused(NotFound):
        again(world, 0)
