"""Somebody who comes for the first time: into the demo without an account, and help from every page."""

from typing import Any

import pytest
from django.test import Client

from milkrun.kernel.models import JournalEntry
from milkrun.partners.commands.assign_roles import assign_roles
from milkrun.partners.commands.create_user import create_user
from milkrun.partners.models import User
from milkrun.partners.queries import DEMO_VISITOR, demo_visitor
from milkrun.stock.models import Movement
from tests.web.door import Door, text_of
from tests.web.test_access import pages
from tests.world import World

BUTTON = "Look around the demo"


@pytest.mark.requirement("JIC-23")
@pytest.mark.usefixtures("demo")
def test_a_first_time_visitor_opens_the_demo_without_signing_up_and_finds_help_on_every_page(
    settings: Any,
) -> None:
    settings.MILKRUN_DEMO = settings.MILKRUN_DEMO_VISITORS = True
    settings.MILKRUN_SUPPORT = "help@plant.example"
    visitor = Door()
    first = visitor.get("/sign-in")
    assert BUTTON in text_of(first)
    assert 'href="/help/support"' in first.content.decode()
    assert "help@plant.example" in text_of(visitor.get("/help/support"))

    inside = visitor.send("/look-around")

    assert inside.redirect_chain
    assert "OEM01" in text_of(visitor.get("/calls"))
    opened = 0
    for page in pages():
        if "<" in page.whole:
            continue
        answer = visitor.get(page.whole)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        html = answer.content.decode()
        if "<!doctype html>" in html:
            opened += 1
            assert 'href="/help' in html, page.whole
    assert opened > 30
    assert 'href="/help' in visitor.get("/no-such-page").content.decode()

    before = JournalEntry.objects.count(), Movement.objects.count()
    refused = [visitor.post(page.whole).status_code for page in pages() if _writes(page)]
    assert len(refused) > 60
    assert set(refused) <= {403, 404, 405}
    assert (JournalEntry.objects.count(), Movement.objects.count()) == before


def _writes(page: Any) -> bool:
    """Tell the forms that do something; those of one's own account and language change nothing of the plant."""
    asked = page.callback.milkrun_permission
    return asked not in ("public", "signed_in") and not asked.startswith(("view_", "export_"))


def test_a_visitor_s_language_is_his_device_s_alone(world: World, settings: Any) -> None:
    settings.MILKRUN_DEMO_VISITORS = True
    who = {"actor": world.actor, "at": world.later()}
    create_user(email=DEMO_VISITOR, name="Auditor", password="long enough 99", roles=["auditor"], **who)
    visitor = Door()
    visitor.send("/look-around")
    before = JournalEntry.objects.count()

    answer = visitor.post("/language", {"language": "de"})

    assert answer.cookies["milkrun_language"].value == "de"
    assert User.objects.get(email=DEMO_VISITOR).language == ""
    assert JournalEntry.objects.count() == before


def test_there_is_no_such_door_in_a_normal_installation_or_where_it_is_switched_off(
    world: World, settings: Any
) -> None:
    who = {"actor": world.actor, "at": world.later()}
    made = create_user(email=DEMO_VISITOR, name="Auditor", password="long enough 99", roles=["auditor"], **who)
    stranger = Client()
    for allowed in (False, True):
        settings.MILKRUN_DEMO_VISITORS = allowed
        assert (BUTTON in text_of(stranger.get("/sign-in"))) is allowed
    settings.MILKRUN_DEMO_VISITORS = False

    refused = stranger.post("/look-around")

    assert refused.status_code == 404
    assert stranger.get("/calls").status_code == 302
    # Whoever may do more than look is nobody to look around as.
    settings.MILKRUN_DEMO_VISITORS = True
    assign_roles(email=made.email, roles=[("auditor", ""), ("admin", "")], active=True, **who)
    assert demo_visitor() is None
    assert stranger.post("/look-around").status_code == 404
