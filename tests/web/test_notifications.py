"""What a person was told, what partners were told, and the link that an e-mail carries, as pages."""

from collections.abc import Callable

import pytest
from django.test import Client

from milkrun.exchange.models import Contact, Mail
from tests.exchange.telling import contact, tell
from tests.web.door import Door, text_of


def test_the_bell_counts_what_waits_and_opening_reads_it(world, door: Callable[[str], Door]) -> None:
    row = tell(world, role="shipping", site_id=world.site_id, subject="Car 7 is not needed")
    person, other = door("shipping"), door("operator")

    before = text_of(person.get("/notifications"))
    shown = text_of(person.get(f"/notifications/{row.public_id}"))
    after = text_of(person.get("/notifications"))

    assert "Notifications 1 unread" in before
    assert "Car 7 is not needed Promised time moved" in before
    assert "Read by shipping," in shown
    assert "1 unread" not in after
    assert "Car 7" not in text_of(other.get("/notifications"))
    assert other.get(f"/notifications/{row.public_id}").status_code == 403


def test_everything_is_marked_as_read_at_once(world, door: Callable[[str], Door]) -> None:
    for _ in range(3):
        tell(world, role="shipping")
    person = door("shipping")

    page = text_of(person.send("/notifications/all-read"))

    assert "3 notifications marked as read." in page
    assert "unread" not in text_of(person.get("/"))


def test_an_address_is_added_and_removed_on_the_page(world, planner: Door) -> None:
    added = text_of(
        planner.send("/notifications/contacts/add", partner="OEM01", email="x@oem.example", kind="call_short")
    )
    wrong = planner.send("/notifications/contacts/add", partner="OEM01", email="nobody", kind="")
    removed = text_of(planner.send("/notifications/contacts/remove", contact=Contact.objects.get().pk))

    assert "x@oem.example Call short" in added
    assert (wrong.status_code, "“nobody” is no e-mail address." in text_of(wrong)) == (422, True)
    assert "Nothing is sent to x@oem.example for this any more." in removed


@pytest.mark.django_db
def test_whoever_has_the_link_reads_the_message_and_the_list_shows_it(world, planner: Door) -> None:
    contact(world)
    tell(world)
    stranger = Client()

    waiting = text_of(planner.get("/notifications/partners?partner=OEM01"))
    opened = text_of(stranger.get(f"/read/{Mail.objects.get().token}"))
    read = text_of(planner.get("/notifications/partners?state=read"))

    assert "plan@oem.example Waiting to be sent" in waiting
    assert "Was 10:00, is 11:00." in opened
    assert "The sender sees that this page was opened" in opened
    assert "plan@oem.example Read" in read
    assert stranger.get("/read/0000000000000000").status_code == 404
