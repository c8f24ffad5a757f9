"""A buyer calls goods off on a phone, in three taps, and the planner's open list shows the call by itself."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import accessibility_violations
from tests.web.door import PASSWORD

if TYPE_CHECKING:
    from tests.world import World

pytestmark = pytest.mark.browser


def let_in(world: "World", email: str, **given: object) -> None:
    from milkrun.partners.commands.create_user import create_user

    create_user(email=email, name="Berta", password=PASSWORD, actor=world.actor, at=world.later(), **given)


def sign_in(page: Page, live_url: str, email: str) -> None:
    page.goto(f"{live_url}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def test_goods_are_called_off_on_a_phone_in_three_taps(page: Page, chromium: Browser, live_url: str) -> None:
    from tests.world import SEAT, build_world

    world = build_world()
    world.packed(world.summarized("DON1", qty="2"))
    let_in(world, "buyer@oem.example", roles=(), customer="OEM01")
    let_in(world, "planner@plant.example", roles=("material_planner",))
    desk = chromium.new_context().new_page()
    sign_in(desk, live_url, "planner@plant.example")
    desk.goto(f"{live_url}/calls?state=created")
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, live_url, "buyer@oem.example")
    assert page.url == f"{live_url}/portal"
    objections = accessibility_violations(page)

    page.get_by_role("link", name=f"Call off {SEAT}").click()
    objections += accessibility_violations(page)
    page.get_by_role("button", name="One more").click()
    heights = page.evaluate(
        "[...document.querySelectorAll('main button, main input, main select')]"
        ".filter(e => e.offsetParent).map(e => e.getBoundingClientRect().height)"
    )
    page.get_by_role("button", name="Call off").click()

    expect(page.get_by_role("status").first).to_contain_text("has arrived with us")
    expect(page.locator("main")).to_contain_text("3 pcs")
    expect(desk.locator("main")).to_contain_text("in the portal", timeout=20_000)
    for place in ("calls", "deliveries", "invoices", "help"):
        page.goto(f"{live_url}/portal/{place}")
        objections += accessibility_violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, place
    assert objections == []
    assert min(heights) >= 48
    desk.context.close()
