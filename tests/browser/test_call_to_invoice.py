"""The whole line, played in a real browser: two files in the inbox, five people, goods on the road, bills sent."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from milkrun import edi
from milkrun.demand.models import JitCall
from milkrun.gateway.folders import inbox_folder
from milkrun.gateway.inbox import take_arrivals
from milkrun.gateway.send import send_due
from milkrun.kernel.identity import Actor
from milkrun.partners.commands.create_user import create_user
from tests.browser.conftest import accessibility_violations
from tests.world import REST, SEAT, World, build_world

# Once, on the embedded database: the story without a browser runs on both.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite_only]

SAMPLES = Path(__file__).parent.parent / "edi" / "samples"
PASSWORD = "correct-horse-battery"
PEOPLE = {
    "planner": ["material_planner", "production_planner"],
    "operator": ["operator"],
    "packer": ["packer"],
    "shipping": ["shipping"],
    "billing": ["billing"],
}


class Play:
    """A person at a browser; every page that is looked at is checked for accessibility and for errors."""

    def __init__(self, context: BrowserContext, url: str, role: str) -> None:
        self.url = url
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.go("/")
        self.page.get_by_label("E-mail").fill(f"{role}@plant.example")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.look("Today")

    def _note(self, line: object) -> None:
        # A refusal is a page with its own status; the browser reports each such status as an error of the network.
        text = getattr(line, "text", "")
        if getattr(line, "type", "") == "error" and "the server responded with a status of 4" not in text:
            self.errors.append(text)

    def go(self, path: str) -> None:
        """Open an address of ours."""
        self.page.goto(self.url + path)

    def look(self, heading: str | re.Pattern[str]) -> None:
        """See the page with this heading, and that nothing is wrong with it."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        assert accessibility_violations(self.page) == []
        assert self.errors == []

    def press(self, name: str) -> None:
        """Press the first button of this name."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def scan(self, text: str) -> None:
        """Scan into the field that waits for a scan."""
        field = self.page.locator("[data-scan]").first
        expect(field).to_be_focused()
        field.fill(text)
        field.press("Enter")

    def choose_calls(self, *numbers: str) -> None:
        """Tick calls in the monitor."""
        for number in numbers:
            self.page.get_by_role("checkbox", name=f"Choose call {number}").check()

    def says(self, text: str) -> None:
        """See a message."""
        expect(self.page.get_by_text(text).first).to_be_visible()


@pytest.fixture
def plant(committed_db: object) -> World:
    world = build_world()
    for role, roles in PEOPLE.items():
        create_user(
            email=f"{role}@plant.example",
            name=role.capitalize(),
            password=PASSWORD,
            roles=roles,
            actor=world.actor,
            at=world.now,
        )
    return world


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def people(chromium: Browser, live_url: str, plant: World) -> Iterator[dict[str, Play]]:
    contexts = {role: chromium.new_context(viewport={"width": 1280, "height": 800}) for role in PEOPLE}
    yield {role: Play(context, live_url, role) for role, context in contexts.items()}
    for context in contexts.values():
        context.close()


def drop(home: Path, name: str) -> None:
    (inbox_folder(home, "OEM01") / name).write_bytes((SAMPLES / name).read_bytes())


def worker(home: Path) -> None:
    now, actor = datetime.now(UTC), Actor("worker", "worker")
    take_arrivals(home=home, actor=actor, at=now)
    send_due(home=home, actor=actor, at=now)


def test_two_files_become_goods_on_the_road_and_invoices(people: dict[str, Play], home: Path) -> None:
    planner, shipping = people["planner"], people["shipping"]
    drop(home, "deljit_jis_two_vehicles.edi")
    drop(home, "deljit_summarized.edi")
    worker(home)
    first, second, loads = "CALL000123/2611220471", "CALL000123/2611220472", "DON4711"

    planner.go("/messages")
    planner.look("Messages")
    planner.go("/calls")
    planner.look("Calls")
    make_the_unknown_part_known(planner, loads)
    planner.go("/calls")
    planner.choose_calls(first, second, loads)
    planner.press("Release")
    planner.says("Released")

    make_everything(people["operator"])

    shipping.go("/calls")
    shipping.choose_calls(first, second, loads)
    shipping.press("Release for packing")

    pack_everything(people["packer"])

    deliver(shipping, first, second)
    deliver(shipping, loads)

    bill_everything(people["billing"])
    worker(home)

    assert set(JitCall.objects.values_list("state", flat=True)) == {"completed"}
    sent = sorted((home / "outbox" / "OEM01").glob("*.edi"))
    types = [message.type for file in sent for message in edi.read(file.read_bytes()).interchanges[0].messages]
    assert sorted(types) == ["CONTRL", "CONTRL", "DESADV", "DESADV", "INVOIC", "INVOIC"]
    planner.go("/messages/out")
    planner.look("Files to partners")


def make_the_unknown_part_known(planner: Play, number: str) -> None:
    planner.page.get_by_role("link", name=number).click()
    planner.look(f"Call {number}")
    planner.page.get_by_role("link", name="Make this part known").click()
    planner.look("Make a part known")
    planner.page.get_by_label("Our part number").fill("HEAD-999Z")
    planner.page.get_by_label("Price", exact=True).fill("9.99")
    planner.press("Save")
    planner.says("The call is matched and can be released.")
    planner.look(f"Call {number}")


def make_everything(operator: Play) -> None:
    operator.go("/jobs")
    operator.look("Jobs")
    while operator.page.locator("tr[data-row] a").count():
        operator.page.locator("tr[data-row] a").first.click()
        operator.look("Job")
        operator.press("Confirm")
        operator.says("The job is done.")
        operator.go("/jobs")


def pack_everything(packer: Play) -> None:
    packer.go("/packing")
    packer.look("Packing")
    packer.page.get_by_role("link", name="SV 48").click()
    packer.look("SV 48")
    packer.scan("5N0 000 000 X")
    packer.says("does not belong into this rack")
    packer.look("SV 48")
    packer.page.get_by_role("link", name="Understood, go on").click()
    for part in (SEAT, REST, SEAT):
        packer.scan(part)
    packer.says("Everything here is packed.")
    packer.look("SV 48")
    packer.go("/packing")
    packer.page.get_by_role("link", name=re.compile("Load")).click()
    for part in (SEAT, "HEAD-999Z"):
        packer.scan(part)
    packer.says("Everything here is packed.")


def deliver(shipping: Play, *numbers: str) -> None:
    shipping.go("/calls?state=packed")
    shipping.choose_calls(*numbers)
    shipping.press("Create delivery")
    shipping.look("Delivery")
    if shipping.page.get_by_role("button", name="Pick all").count():
        sscc = shipping.page.locator("td.key.mono").first.inner_text()
        shipping.scan(sscc)
        shipping.look("Delivery")
    shipping.press("Post goods issue")
    expect(shipping.page.get_by_role("heading", name=re.compile("^ASN "))).to_be_visible()
    shipping.look("Delivery")


def bill_everything(billing: Play) -> None:
    billing.go("/billing")
    billing.look("Billing")
    while billing.page.get_by_role("button", name=re.compile("^Bill")).count():
        billing.page.get_by_role("button", name=re.compile("^Bill")).first.click()
        expect(billing.page.get_by_role("heading", level=1)).to_be_visible()
        billing.go("/billing")
    billing.go("/billing/invoices")
    billing.look("Invoices")
    billing.page.locator("tr[data-row] a").first.click()
    billing.look("Invoice")
