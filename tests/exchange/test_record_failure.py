"""A file that could not be sent is tried again at longer and longer intervals, or held for a person."""

from datetime import timedelta

import pytest

from milkrun.exchange.commands.record_failure import record_failure
from milkrun.exchange.models import OutboxMessage
from milkrun.exchange.queries import RETRY_MINUTES
from milkrun.kernel import journal
from tests.exchange.waiting_files import claim, despatch
from tests.refusals import fingerprint
from tests.world import World

pytestmark = pytest.mark.django_db


def fail(world: World, outbox_id: int, lease: int, permanent: bool = False):
    return record_failure(
        outbox_id=outbox_id, lease=lease, error="disk full", permanent=permanent, actor=world.actor, at=world.now
    )


def test_each_failure_waits_longer_up_to_eight_hours_and_never_gives_up(world: World) -> None:
    despatch(world, 1)
    waits = []

    for _ in range(len(RETRY_MINUTES) + 2):
        (parcel,) = claim(world).parcels
        due = fail(world, parcel.outbox_id, parcel.lease).due_at
        waits.append((due - world.now) // timedelta(minutes=1))
        world.now = due

    assert waits == [*RETRY_MINUTES, 480, 480]
    assert OutboxMessage.objects.get().state == "queued"


def test_the_error_is_kept_on_the_file_and_in_the_journal(world: World) -> None:
    despatch(world, 1)
    (parcel,) = claim(world).parcels

    fail(world, parcel.outbox_id, parcel.lease)

    row = OutboxMessage.objects.get()
    assert (row.last_error, row.attempts, row.leased_until) == ("disk full", 1, None)
    assert journal.history([("outbox", row.pk)])[0].reason == "disk full"


def test_where_trying_again_cannot_help_the_file_is_held_and_the_next_ones_go_on(world: World) -> None:
    despatch(world, 2)
    first, second = claim(world).parcels

    done = fail(world, first.outbox_id, first.lease, permanent=True)

    assert (done.due_at, OutboxMessage.objects.get(pk=first.outbox_id).state) == (None, "held")
    assert [p.outbox_id for p in claim(world).parcels] == [second.outbox_id]


def test_who_comes_late_with_an_old_lease_changes_nothing(world: World) -> None:
    despatch(world, 1)
    (old,) = claim(world).parcels
    claim(world, 2)
    before = fingerprint()

    done = fail(world, old.outbox_id, old.lease)

    assert (done.due_at, fingerprint()) == (None, before)
