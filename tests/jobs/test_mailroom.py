"""Inbox, left-behind messages and outbox as the worker works on them."""

import os
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest

from milkrun.demand.models import JitCall
from milkrun.exchange.models import Agreement, Message, OutboxMessage
from milkrun.gateway import folders
from milkrun.jobs.mailroom import ATTEMPTS, DiskNearlyFull, Inbox, LeftBehind, Outbox
from milkrun.partners.commands.create_partner import Plant, create_partner
from milkrun.partners.models import ShipTo
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent.parent / "edi" / "samples"
VEHICLES, QUANTITIES = "deljit_jis_two_vehicles.edi", "deljit_summarized.edi"


@pytest.fixture
def world() -> World:
    """The small plant."""
    return build_world()


@pytest.fixture
def inbox(world: World, tmp_path: Path) -> Inbox:
    """The worker's inbox task on an empty data folder."""
    return Inbox(tmp_path)


def drop(home: Path, sample: str, name: str = "", partner: str = "OEM01") -> Path:
    """Put a sample into a partner's inbox."""
    path = folders.inbox_folder(home, partner) / (name or sample)
    path.write_bytes((SAMPLES / sample).read_bytes().replace(b"OEM01:ZZ", partner.encode() + b":ZZ"))
    return path


def look(inbox: Inbox, world: World, times: int = 2) -> None:
    """Let the task look several times."""
    for _ in range(times):
        inbox(world.later())


def test_a_file_is_taken_once_it_no_longer_grows(inbox: Inbox, world: World, tmp_path: Path) -> None:
    path = drop(tmp_path, VEHICLES)
    whole = path.read_bytes()
    path.write_bytes(whole[:100])

    look(inbox, world, 1)
    path.write_bytes(whole)
    look(inbox, world, 1)
    still_there = path.exists()
    look(inbox, world, 1)

    assert still_there
    assert not path.exists()
    assert JitCall.objects.count() == 2


def test_a_file_that_is_not_complete_by_its_name_is_left_alone(inbox: Inbox, world: World, tmp_path: Path) -> None:
    path = drop(tmp_path, VEHICLES, "call.edi.tmp")

    look(inbox, world, 4)

    assert path.exists()
    assert not JitCall.objects.exists()


def second_partner(world: World) -> None:
    """A partner none of whose calls can be taken over: the zone of its plant is not one."""
    made = create_partner(
        code="OEM02",
        name="Other Motors",
        plants=(Plant("21", "Plant 21", "Europe/Berlin"),),
        actor=world.actor,
        at=world.later(),
    )
    ShipTo.objects.filter(partner_id=made.partner_id).update(zone="Nowhere/Land")
    Agreement.objects.create(
        partner_id=made.partner_id, site_id=world.site_id, their_id="OEM02", their_qualifier="ZZ", our_id="SUPP01",
        our_qualifier="ZZ",
    )  # fmt: skip


def test_a_file_that_fails_again_and_again_is_put_aside_and_holds_up_nobody(
    inbox: Inbox, world: World, tmp_path: Path
) -> None:
    second_partner(world)
    poison = drop(tmp_path, VEHICLES, "a-poison.edi", partner="OEM02")
    drop(tmp_path, VEHICLES, "b-good.edi")

    look(inbox, world, 2)
    taken_meanwhile = JitCall.objects.count()
    look(inbox, world, ATTEMPTS - 2)
    still_there = poison.exists()
    look(inbox, world, 1)

    aside = tmp_path / "quarantine" / "OEM02"
    assert taken_meanwhile == 2
    assert still_there
    assert not poison.exists()
    assert {path.name for path in aside.iterdir()} == {"a-poison.edi", "a-poison.edi.reason.txt"}
    assert "Nowhere/Land" in (aside / "a-poison.edi.reason.txt").read_text()


def test_nothing_is_taken_while_the_disk_is_nearly_full(
    inbox: Inbox, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(tmp_path, VEHICLES)
    disk = namedtuple("disk", "total used free")
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda _: disk(10**12, 10**12 - 1, 1))

    with pytest.raises(DiskNearlyFull):
        look(inbox, world)
    kept = path.exists()
    monkeypatch.undo()
    look(inbox, world, 1)

    assert kept
    assert JitCall.objects.count() == 2


def test_a_pipe_in_the_inbox_hangs_nobody(inbox: Inbox, world: World, tmp_path: Path) -> None:
    os.mkfifo(folders.inbox_folder(tmp_path, "OEM01") / "pipe.edi")
    drop(tmp_path, VEHICLES)

    look(inbox, world)

    assert JitCall.objects.count() == 2


def test_a_message_that_cannot_be_taken_over_is_given_up_with_its_reason_and_the_others_go_on(
    inbox: Inbox, world: World, tmp_path: Path
) -> None:
    ShipTo.objects.update(zone="Nowhere/Land")
    drop(tmp_path, VEHICLES)
    look(inbox, world, ATTEMPTS + 1)
    world.later(5)
    behind = LeftBehind()

    for _ in range(ATTEMPTS):
        behind(world.later())

    message = Message.objects.get()
    assert message.state == "failed"
    assert message.findings[-1]["code"] == "not_taken_over"
    assert "Nowhere/Land" in message.findings[-1]["text"]


def test_a_message_left_behind_is_taken_over_once_the_cause_is_gone(inbox: Inbox, world: World, tmp_path: Path) -> None:
    zone = ShipTo.objects.get().zone
    ShipTo.objects.update(zone="Nowhere/Land")
    drop(tmp_path, VEHICLES)
    look(inbox, world, 2)
    ShipTo.objects.update(zone=zone)
    behind = LeftBehind()

    behind(world.later(5))

    assert Message.objects.get().state == "taken"
    assert JitCall.objects.count() == 2


def test_one_partner_whose_folder_is_in_the_way_does_not_hold_up_another(
    inbox: Inbox, world: World, tmp_path: Path
) -> None:
    second_partner(world)
    drop(tmp_path, VEHICLES, partner="OEM02")
    drop(tmp_path, VEHICLES)
    look(inbox, world)
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "OEM02").write_text("a file where a folder should be")

    Outbox(tmp_path)(world.later() + timedelta(seconds=1))

    states = dict(OutboxMessage.objects.values_list("partner__code", "state"))
    failed = OutboxMessage.objects.get(partner__code="OEM02")
    assert states == {"OEM01": "sent", "OEM02": "queued"}
    assert "cannot be written" in failed.last_error
    assert failed.attempts == 1
