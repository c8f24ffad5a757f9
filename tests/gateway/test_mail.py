"""E-mails leave through a real SMTP server: each once, in the bytes that were fixed, whatever the server does."""

from datetime import timedelta
from pathlib import Path

import pytest

from milkrun.exchange.commands.send_again import send_again
from milkrun.exchange.models import Mail, OutboxMessage
from milkrun.exchange.queries import due_partners, telling
from milkrun.gateway.mail import NO_SERVER, MailServerAway, send_mail
from milkrun.gateway.send import send_due
from tests.exchange.telling import contact, tell
from tests.exchange.waiting_files import despatch
from tests.gateway.mail_server import MailServer, mail_server
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with mail_server() as running:
        settings.MILKRUN_MAIL_SERVER = running.settings
        yield running


def send(world: World, minutes: int = 1) -> int:
    return send_mail(actor=world.actor, at=world.later(minutes))


def test_a_demo_sends_nothing_whatever_is_set_and_keeps_its_messages_as_files(
    world: World, server: MailServer, settings, tmp_path: Path
) -> None:
    settings.MILKRUN_DEMO, settings.MILKRUN_HOME = True, tmp_path
    contact(world)
    tell(world)

    sent = send(world)

    row = OutboxMessage.objects.get()
    assert (sent, server.taken, row.state) == (1, [], "sent")
    assert [file.read_bytes() for file in (tmp_path / "mail").rglob("*") if file.is_file()] == [bytes(row.payload)]


def test_a_message_is_handed_over_byte_for_byte_and_shown_as_delivered(world: World, server: MailServer) -> None:
    contact(world)
    told = tell(world)

    sent = [send(world), send(world)]

    row = OutboxMessage.objects.get()
    assert sent == [1, 0]
    assert server.taken == [("plan@oem.example", bytes(row.payload))]
    assert (row.state, telling.notification(told.public_id, "UTC").copies[0].state) == ("sent", "sent")


def test_an_address_that_does_not_exist_is_held_with_the_servers_words_and_stops_nobody(
    world: World, server: MailServer
) -> None:
    contact(world, "a-gone@oem.example")
    contact(world, "b-there@oem.example")
    server.refuses["a-gone@oem.example"] = "550 5.1.1 No such user"
    tell(world)

    assert send(world) == 1

    held = OutboxMessage.objects.get(state="held")
    assert held.last_error == "The mail server answered 550: 5.1.1 No such user"
    assert [to for to, _ in server.taken] == ["b-there@oem.example"]


def test_a_refusal_for_now_is_tried_again_by_the_ladder(world: World, server: MailServer) -> None:
    contact(world)
    server.refuses["plan@oem.example"] = "451 4.7.1 Try again later"
    tell(world)

    first = send(world)
    failed_at = world.now
    server.refuses.clear()
    too_early = send(world)
    row = OutboxMessage.objects.get()
    waits = row.due_at - failed_at

    assert (first, too_early, row.state, row.attempts) == (0, 0, "queued", 1)
    assert waits == timedelta(minutes=2)
    assert send(world, 2) == 1


def test_an_answer_that_is_lost_leads_to_the_same_message_once_more(world: World, server: MailServer) -> None:
    contact(world)
    tell(world)
    server.silent_after_data = 1

    with pytest.raises(MailServerAway):
        send(world)
    send(world, 5)

    (_, first), (_, second) = server.taken
    assert first == second
    assert OutboxMessage.objects.get().state == "sent"


def test_a_server_that_is_away_leaves_messages_waiting_with_the_reason(world: World, settings) -> None:
    with mail_server() as gone:
        settings.MILKRUN_MAIL_SERVER = gone.settings
    contact(world)
    tell(world)

    with pytest.raises(MailServerAway):
        send(world)

    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts) == ("queued", 1)
    assert row.last_error.startswith("The mail server cannot be reached: ")


def test_without_a_mail_server_messages_are_held_visibly_and_can_be_released(world: World, server, settings) -> None:
    settings.MILKRUN_MAIL_SERVER = None
    contact(world)
    told = tell(world)

    assert send(world) == 0

    (copy,) = telling.notification(told.public_id, "UTC").copies
    assert (copy.state, copy.last_error) == ("held", NO_SERVER)
    settings.MILKRUN_MAIL_SERVER = server.settings
    send_again(outbox_id=Mail.objects.get().outbox_id, actor=world.actor, at=world.later())
    assert send(world) == 1


def test_all_held_emails_are_released_at_once_and_files_are_left_alone(world: World, server, settings) -> None:
    from milkrun.exchange.commands.release_held import release_held

    settings.MILKRUN_MAIL_SERVER = None
    contact(world)
    for _ in range(3):
        tell(world)
    send(world)
    despatch(world, 1)
    OutboxMessage.objects.filter(channel="folder").update(state="held")
    settings.MILKRUN_MAIL_SERVER = server.settings

    done = release_held(actor=world.actor, at=world.later())

    assert (done.count, send(world)) == (3, 5)
    assert OutboxMessage.objects.get(channel="folder").state == "held"


def test_mail_and_files_of_one_partner_do_not_wait_for_each_other(world: World, server: MailServer, home) -> None:
    contact(world)
    server.refuses["plan@oem.example"] = "451 later"
    tell(world)
    send(world)
    despatch(world, 1)

    assert send_due(home=home, actor=world.actor, at=world.now) == 1
    assert due_partners(world.later(5), "email") == [world.partner_id]
