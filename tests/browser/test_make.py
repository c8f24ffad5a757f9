"""The operator's tablet by scanner, and the supervisor's retry by key, in a real browser."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import accessibility_violations
from tests.web.door import PASSWORD

if TYPE_CHECKING:
    from tests.world import World

pytestmark = pytest.mark.browser


def signed_in(page: Page, live_url: str, world: "World", role: str) -> None:
    from milkrun.partners.commands.create_user import create_user

    email = f"{role}@plant.example"
    create_user(email=email, name=role, password=PASSWORD, roles=[role], actor=world.actor, at=world.later())
    page.goto(f"{live_url}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url(f"{live_url}/")


def test_a_job_is_scanned_and_made_on_a_tablet_and_a_failed_posting_retried_by_key(page: Page, live_url: str) -> None:
    from milkrun.production.models import Confirmation, Job
    from tests.world import build_world

    world = build_world()
    good = Job.objects.get(pk=world.release(world.call(world.summarized("DON1", qty="10"))).jobs[0].job_id)
    short = world.release(world.call(world.summarized("DON2", qty="1500"))).jobs[0].job_id
    world.make(short, "1500")
    page.set_viewport_size({"width": 800, "height": 1100})
    signed_in(page, live_url, world, "supervisor")

    page.goto(f"{live_url}/jobs/card")
    page.keyboard.type(good.number, delay=3)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_url}/jobs/card/{good.public_id}")
    card = accessibility_violations(page)
    targets = page.evaluate(
        "[...document.querySelectorAll('main button, main .figures input')].map(e => e.getBoundingClientRect().height)"
    )
    page.get_by_label("Good").fill("10")
    page.locator(".thumb").get_by_role("button", name="Confirm").click()
    expect(page.locator("main")).to_contain_text("Everything is made.")

    world.receive("FRAME", "1500", "LINE1")
    page.goto(f"{live_url}/jobs/failed")
    page.get_by_label("Choose all postings on this page").check()
    failed = accessibility_violations(page)
    page.keyboard.press("t")
    expect(page.locator("main")).to_contain_text("1 of 1 posting went through.")

    assert (card, failed) == ([], [])
    assert min(targets) >= 48
    assert not Confirmation.objects.exclude(state="posted").exists()
