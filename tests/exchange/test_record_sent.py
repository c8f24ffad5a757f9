"""A file is sent once it is noted under the lease it was taken with."""

import pytest

from milkrun.exchange.commands.record_sent import record_sent
from milkrun.exchange.errors import StaleLease
from milkrun.exchange.models import OutboxMessage
from milkrun.kernel import journal
from milkrun.kernel.errors import NotFound
from tests.exchange.waiting_files import claim, despatch
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def sent(world: World, outbox_id: int, lease: int):
    return record_sent(outbox_id=outbox_id, lease=lease, actor=world.actor, at=world.later())


def test_a_sent_file_waits_no_longer_and_the_journal_says_so(world: World) -> None:
    despatch(world, 1)
    (parcel,) = claim(world).parcels

    sent(world, parcel.outbox_id, parcel.lease)

    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts, row.sent_at, row.leased_until) == ("sent", 1, world.now, None)
    assert [(n.before, n.after) for n in journal.history([("outbox", row.pk)])] == [("queued", "sent")]


def test_who_comes_late_with_an_old_lease_changes_nothing(world: World) -> None:
    despatch(world, 1)
    (old,) = claim(world).parcels
    claim(world, 2)

    with refused(StaleLease) as caught:
        sent(world, old.outbox_id, old.lease)

    assert caught.value.facts == {"outbox": old.outbox_id}


def test_a_file_is_noted_as_sent_once(world: World) -> None:
    despatch(world, 1)
    (parcel,) = claim(world).parcels
    sent(world, parcel.outbox_id, parcel.lease)

    with refused(StaleLease):
        sent(world, parcel.outbox_id, parcel.lease)


def test_an_unknown_file_is_not_found(world: World) -> None:
    with refused(NotFound):
        sent(world, 0, 1)
