"""The outbox becomes files: complete, in order, the same bytes every time."""

import os

import pytest

from milkrun.exchange.commands.claim_outbox import claim_outbox
from milkrun.exchange.models import OutboxMessage
from milkrun.gateway.send import deliver, send_due
from tests.exchange.waiting_files import despatch
from tests.world import World

pytestmark = pytest.mark.django_db


def send(world: World, home) -> int:
    return send_due(home=home, actor=world.actor, at=world.later())


def test_each_file_has_the_bytes_and_the_name_fixed_with_the_business_effect(world: World, home) -> None:
    despatch(world, 2)

    assert send(world, home) == 2

    files = {path.name: path.read_bytes() for path in (home / "outbox" / "OEM01").iterdir()}
    assert files == {row.file_name: bytes(row.payload) for row in OutboxMessage.objects.all()}
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}


def test_nothing_is_sent_twice_by_itself(world: World, home) -> None:
    despatch(world, 1)

    assert [send(world, home) for _ in range(3)] == [1, 0, 0]


def test_after_a_crash_between_file_and_note_the_same_bytes_go_under_the_same_name(world: World, home) -> None:
    despatch(world, 1)
    (parcel,) = claim_outbox(partner_id=world.partner_id, at=world.later()).parcels
    first = deliver(parcel, home).read_bytes()
    world.later(2)

    assert send(world, home) == 1

    (path,) = (home / "outbox" / "OEM01").iterdir()
    assert path.read_bytes() == first


def test_a_folder_that_cannot_be_written_is_noted_and_nothing_overtakes(world: World, home) -> None:
    despatch(world, 2)
    (home / "outbox").write_text("in the way")

    assert send(world, home) == 0
    first, second = OutboxMessage.objects.order_by("pk")
    os.remove(home / "outbox")
    world.later(2)

    assert (first.attempts, second.attempts) == (1, 0)
    assert first.last_error.startswith("The folder cannot be written: ")
    assert send(world, home) == 2


def test_one_partner_that_is_away_does_not_stop_another(world: World, home) -> None:
    from milkrun.exchange.commands.agree_exchange import agree_exchange
    from milkrun.partners.commands.create_partner import create_partner

    who = {"actor": world.actor, "at": world.later()}
    other = create_partner(code="AWAY", name="Away", **who).partner_id
    agree_exchange(partner_id=other, site_id=world.site_id, their_id="AWAY", our_id="SUPP01", **who)
    despatch(world, 1)
    row = OutboxMessage.objects.get()
    OutboxMessage.objects.create(
        partner_id=other, document_type="DESADV", document_kind="delivery", document_id=0, control="1",
        file_name="x.edi", payload=b"x", sha256="", created_at=row.created_at, due_at=row.due_at,
    )  # fmt: skip
    (home / "outbox").mkdir()
    (home / "outbox" / "AWAY").write_text("in the way")

    assert send(world, home) == 1
