"""Who is told what: partners by e-mail, staff on their pages, and what is kept of it."""

import email
import hashlib
from email.policy import default

import pytest

from milkrun.exchange.commands.add_contact import add_contact
from milkrun.exchange.commands.read_mail import read_mail
from milkrun.exchange.commands.read_notifications import read_notifications
from milkrun.exchange.commands.remove_contact import remove_contact
from milkrun.exchange.errors import ContactTaken
from milkrun.exchange.models import Contact, Mail, OutboxMessage
from milkrun.exchange.queries import telling
from milkrun.kernel import journal
from milkrun.kernel.errors import Invalid, NotFound
from milkrun.kernel.identity import Actor
from tests.exchange.telling import contact, tell
from tests.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def test_each_address_for_the_kind_gets_a_copy_of_its_own_whose_bytes_are_fixed(world: World, settings) -> None:
    settings.MILKRUN_PUBLIC_URL = "https://plant.example"
    contact(world, "all@oem.example")
    contact(world, "all@oem.example", "promise_moved")
    contact(world, "times@oem.example", "promise_moved")
    contact(world, "bills@oem.example", "invoice_issued")

    row = tell(world)

    copies = list(Mail.objects.order_by("address"))
    assert [copy.address for copy in copies] == ["all@oem.example", "times@oem.example"]
    for copy in copies:
        sent = copy.outbox
        message = email.message_from_bytes(bytes(sent.payload), policy=default)
        text = message.get_body().get_content()
        assert (sent.channel, sent.state, sent.document_kind, sent.document_id) == (
            "email", "queued", "notification", row.pk)  # fmt: skip
        assert hashlib.sha256(bytes(sent.payload)).hexdigest() == sent.sha256
        assert message["To"] == copy.address
        assert message["Subject"] == "Call DON1: promised time moved"
        assert "Was 10:00, is 11:00. – Grüße" in text
        assert f"https://plant.example/read/{copy.token}" in text
        assert bytes(sent.payload).isascii()
    assert copies[0].token != copies[1].token


def test_without_a_public_address_an_email_carries_no_link(world: World) -> None:
    contact(world)

    tell(world)

    assert b"/read/" not in bytes(OutboxMessage.objects.get().payload)


def test_a_partner_without_an_address_stands_in_the_list_as_not_told(world: World) -> None:
    tell(world)

    (row,) = telling.partner_notifications("UTC", partner="OEM01", state="no_address").rows

    assert (row.partner, row.copies) == ("OEM01", ())
    assert not OutboxMessage.objects.exists()


def test_an_address_is_added_once_for_a_kind(world: World) -> None:
    done = add_contact(
        partner_id=world.partner_id, email=" Plan@OEM.example ", kind="call_short", name="Control desk",
        actor=world.actor, at=world.later(),
    )  # fmt: skip

    assert (done.email, done.kind) == ("plan@oem.example", "call_short")
    with refused(ContactTaken):
        contact(world, "plan@oem.example", "call_short")
    line = journal.history([("partner", world.partner_id)])[0]
    assert (line.action, line.facts["email"]) == ("add_contact", "plan@oem.example")


@pytest.mark.parametrize(
    "address", ["", "plan", "plan@", "a b@oem.example", "x@y\r\nBcc: z@z", "ä@oem.example", "a..b@oem.example"]
)
def test_what_is_no_address_is_refused(world: World, address: str) -> None:
    with refused(Invalid):
        contact(world, address)


def test_an_unknown_kind_and_an_unknown_partner_are_refused(world: World) -> None:
    with refused(Invalid):
        contact(world, kind="weather")
    with refused(NotFound):
        add_contact(partner_id=0, email="a@b.example", actor=world.actor, at=world.later())


def test_a_removed_address_gets_nothing_more_and_what_it_got_stays(world: World) -> None:
    key = contact(world)
    tell(world)

    done = remove_contact(contact_id=key, actor=world.actor, at=world.later())
    tell(world)

    assert done.email == "plan@oem.example"
    assert not Contact.objects.exists()
    assert Mail.objects.count() == 1
    with refused(NotFound):
        remove_contact(contact_id=key, actor=world.actor, at=world.later())


def test_opening_the_link_marks_that_copy_as_read_once(world: World) -> None:
    contact(world, "a@oem.example")
    contact(world, "b@oem.example")
    tell(world)
    first, second = Mail.objects.order_by("address")
    nobody = Actor("e-mail link", "web")

    opened = read_mail(token=first.token, actor=nobody, at=world.later())
    again = read_mail(token=first.token, actor=nobody, at=world.later())
    second.refresh_from_db()

    assert (opened.subject, opened.read_at) == ("Call DON1: promised time moved", again.read_at)
    assert second.read_at is None
    assert [line.action for line in journal.history([("notification", first.notification_id)])] == ["read_mail"]
    with refused(NotFound):
        read_mail(token="0" * 32, actor=nobody, at=world.later())


def person(world: World, role: str) -> int:
    from milkrun.partners.commands.create_user import create_user

    done = create_user(
        email=f"{role}{world.later():%H%M}@plant.example", name=role, password="correct horse battery", roles=[role],
        actor=world.actor, at=world.now,
    )  # fmt: skip
    return done.user_id


def test_a_role_is_told_and_each_person_reads_for_themselves(world: World) -> None:
    anna, ben = person(world, "shipping"), person(world, "shipping")
    told = tell(world, role="shipping", site_id=world.site_id)
    tell(world, role="billing", site_id=world.site_id)
    tell(world, user_id=ben)
    waiting = {who: telling.unread_count(who, ["shipping"], world.site_id, world.now) for who in (anna, ben)}

    done = read_notifications(
        user_id=anna, site_id=world.site_id, roles=["shipping"], actor=world.actor, at=world.later()
    )

    assert waiting == {anna: 1, ben: 2}
    assert done.count == 1
    assert telling.unread_count(anna, ["shipping"], world.site_id, world.now) == 0
    assert telling.unread_count(ben, ["shipping"], world.site_id, world.now) == 2
    assert telling.notification(told.public_id, "UTC", anna).readers[0].startswith("shipping, 2026-11-21")
