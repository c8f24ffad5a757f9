"""A picker on a phone with a scanner: follows the route, is stopped by a wrong scan, reports a short pick, is done."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from milkrun.demand.models import JitCall
from milkrun.partners.commands.create_user import create_user
from tests.browser.conftest import accessibility_violations
from tests.shipping.picking import ready, warehouse, wave_of
from tests.world import SEAT, build_world

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite_only]
PASSWORD = "correct-horse-battery"


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A phone's page; a refusal is an answer with its own status, anything else in the console is an error."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    errors: list[str] = []
    page.on(
        "console",
        lambda line: errors.append(line.text) if line.type == "error" and "a status of 4" not in line.text else None,
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, "\n".join(errors)


def scan(page: Page, code: str) -> None:
    """Scan as a hand scanner does: into the field that has the focus, ended by Enter."""
    field = page.locator("[data-scan]")
    expect(field).to_be_focused()
    field.fill(code)
    field.press("Enter")


def asks(page: Page, question: str) -> None:
    """See the one question of the screen."""
    expect(page.locator(".next")).to_contain_text(question)


@pytest.mark.requirement("SAP-26")
def test_a_picker_walks_a_route_with_a_wrong_scan_and_a_short_pick(committed_db, live_url: str, phone: Page) -> None:
    world = build_world()
    create_user(
        email="packer@plant.example", name="Packer", password=PASSWORD, roles=["packer"], actor=world.actor,
        at=world.now,
    )  # fmt: skip
    warehouse(world, A1="2", B1="3", C1="9")
    call = ready(world, "DON1", "5")
    wave = wave_of(world, call)
    phone.goto(f"{live_url}/picking/{wave.public_id}/walk")
    phone.get_by_label("E-mail").fill("packer@plant.example")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in").click()

    asks(phone, "Go to A1")
    assert accessibility_violations(phone) == []
    scan(phone, "B1")
    expect(phone.locator(".stop")).to_contain_text("Stop: this is B1. Go to A1.")
    scan(phone, "A1")
    asks(phone, "Take 2 pcs of SEAT-105A")
    scan(phone, SEAT)
    asks(phone, "How many? 2 pcs are asked for")
    scan(phone, "2")
    asks(phone, "Go to B1")
    expect(phone.get_by_text("1 of 2 picked")).to_be_visible()

    scan(phone, "B1")
    asks(phone, "Take 3 pcs of SEAT-105A")
    phone.get_by_text("Less is here").click()
    phone.get_by_label("How many did you find and take?").fill("1")
    assert accessibility_violations(phone) == []
    phone.get_by_role("button", name="Report a short pick").click()
    asks(phone, "Go to C1")
    for code, question in (("C1", "Take 2 pcs"), (SEAT, "How many?"), ("2", "Everything on this wave is done.")):
        scan(phone, code)
        asks(phone, question)

    assert JitCall.objects.get(pk=call).state == "packed"
