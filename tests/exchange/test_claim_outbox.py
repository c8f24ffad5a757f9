"""One worker at a time holds a partner's queue; a dead worker's lease runs out."""

from datetime import timedelta

import pytest

from milkrun.exchange.commands.claim_outbox import claim_outbox
from milkrun.exchange.commands.record_failure import record_failure
from milkrun.exchange.models import OutboxMessage
from milkrun.exchange.queries import due_partners
from tests.exchange.waiting_files import claim, despatch
from tests.world import World

pytestmark = pytest.mark.django_db


def test_files_are_handed_out_in_the_order_they_were_made_with_their_exact_bytes(world: World) -> None:
    despatch(world, 3)

    parcels = claim(world).parcels

    rows = OutboxMessage.objects.order_by("pk")
    assert [(p.outbox_id, p.lease, bytes.fromhex(p.payload_hex)) for p in parcels] == [
        (row.pk, 1, bytes(row.payload)) for row in rows
    ]


def test_what_is_leased_is_handed_to_nobody_else(world: World) -> None:
    despatch(world, 2)
    claim(world)

    assert claim(world).parcels == ()
    assert due_partners(world.now) == []


def test_a_lease_runs_out_after_a_minute_and_the_next_one_has_a_higher_number(world: World) -> None:
    despatch(world, 1)
    claim(world)
    at = world.now + timedelta(seconds=61)

    (parcel,) = claim_outbox(partner_id=world.partner_id, at=at).parcels

    assert parcel.lease == 2


def test_a_file_that_failed_holds_back_the_ones_behind_it_until_it_is_due(world: World) -> None:
    despatch(world, 2)
    head = claim(world).parcels[0]
    record_failure(
        outbox_id=head.outbox_id, lease=1, error="disk full", permanent=False, actor=world.actor, at=world.now
    )

    early, late = claim(world, 1).parcels, claim(world, 1).parcels

    assert (early, next(p.outbox_id for p in late)) == ((), head.outbox_id)


def test_nothing_waits_nothing_is_handed_out(world: World) -> None:
    assert claim(world).parcels == ()
