"""The tour of the demo, played as the README tells it: sixteen steps, each by the person whose work it is."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from milkrun import edi
from milkrun.demand.models import JitCall
from milkrun.gateway.folders import inbox_folder
from milkrun.gateway.inbox import take_arrivals
from milkrun.gateway.send import send_due
from milkrun.insight.queries import verify
from milkrun.kernel.identity import Actor
from tests.browser.conftest import accessibility_violations
from tests.database_copies import DatabaseCopies
from tests.demo.day import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite_only]

# What leaves by itself is done before the visitor comes to look at it.
BY_ITSELF = (14, 16)
FIRST, SECOND, LOADS, STOCKED = "CALL000201.+0101", "CALL000201.+0102", "DON4712", "DON4713"


@pytest.fixture
def home(
    database_copies: DatabaseCopies,
    django_db_blocker: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> Iterator[Path]:
    """A demo that was made just now, with its sample files."""
    from milkrun.demo.build import build

    folder = tmp_path / "home"
    monkeypatch.setenv("MILKRUN_HOME", str(folder))
    settings.MILKRUN_HOME, settings.MILKRUN_DEMO, settings.MILKRUN_DEMO_PASSWORD = folder, True, PASSWORD
    with django_db_blocker.unblock(), database_copies.copy():
        build(at=datetime.now(UTC), seed=1, home=folder, password=PASSWORD)
        yield folder


@pytest.fixture
def visitor(chromium: Browser, home: Path) -> Iterator["Visitor"]:
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("127.0.0.1")
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield Visitor(context.new_page(), server.url, home)
    context.close()
    server.stop()


class Visitor:
    """One visitor who plays everybody, as the guided tour leads."""

    def __init__(self, page: Page, url: str, home: Path) -> None:
        self.page, self.url, self.home = page, url, home
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{url}/sign-in")
        self.press("Aud Prüfer")

    def tour(self) -> None:
        """Let files come and go as the worker does, then look at the guided tour."""
        now, actor = datetime.now(UTC), Actor("worker", "worker")
        take_arrivals(home=self.home, actor=actor, at=now)
        send_due(home=self.home, actor=actor, at=now)
        self.page.goto(f"{self.url}/help/tour")

    def step(self, number: int) -> None:
        """Follow the tour to a step, in the person whose step it is."""
        self.tour()
        step = self.page.locator("ol.tour > li").nth(number - 1)
        if number in BY_ITSELF:
            expect(step.get_by_role("heading")).to_contain_text("Done")
        else:
            expect(step).to_have_attribute("aria-current", "step")
        there = step.get_by_role("link", name="Go there")
        (there if there.count() else step.get_by_role("button", name=re.compile("^Go there as"))).click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def open(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, *numbers: str) -> None:
        for number in numbers:
            self.page.get_by_role("checkbox", name=re.compile(number)).check()

    def pick_from(self, label: str, choice: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=choice)

    def to_the_delivery(self) -> None:
        """Go from the first call of the list to its delivery."""
        self.page.locator("tr[data-row] td.key a").first.click()
        self.heading("Call")
        self.page.locator("main a[href*='/deliveries/']").first.click()
        self.heading("Delivery")

    def scan(self, text: str) -> None:
        field = self.page.locator("[data-scan]").first
        expect(field).to_be_focused()
        field.fill(text)
        field.press("Enter")

    def reads(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()
        assert self.errors == []

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)


@pytest.mark.requirement("SAP-31")
def test_the_sixteen_steps_lead_from_the_customers_files_to_sent_invoices(visitor: Visitor) -> None:
    for number, play in enumerate(PLAY, 1):
        visitor.step(number)
        play(visitor)

    visitor.tour()
    visitor.reads("16 of 16 steps done")
    assert accessibility_violations(visitor.page) == []
    ours = JitCall.objects.filter(external_no__in=[LOADS, STOCKED]) | JitCall.objects.filter(
        external_no__startswith="CALL000201"
    )
    assert set(ours.values_list("state", flat=True)) == {"completed"}
    sent = [edi.read(file.read_bytes()) for file in (visitor.home / "outbox" / "OEM01").glob("*.edi")]
    assert {m.type for read in sent for i in read.interchanges for m in i.messages} >= {"CONTRL", "DESADV", "INVOIC"}
    assert not list(inbox_folder(visitor.home, "OEM01").glob("*.edi"))
    assert verify().ok


def calls_arrive(visitor: Visitor) -> None:
    visitor.tour()
    visitor.press("Let the customer's files arrive")
    visitor.reads("3 files are in the inbox.")
    visitor.tour()
    visitor.open(LOADS)
    visitor.open("Make this part known")
    visitor.type("Our part number", "HEAD-999Z")
    visitor.type("Price", "9.99")
    visitor.press("Save")
    visitor.reads("The call is matched and can be released.")


def release(visitor: Visitor) -> None:
    visitor.page.goto(f"{visitor.url}/calls?state=created&text=CALL000201")
    visitor.choose(FIRST, SECOND)
    visitor.press("Release")
    for number in (LOADS, STOCKED):
        visitor.page.goto(f"{visitor.url}/calls?state=created&text={number}")
        visitor.choose(number)
        visitor.press("Release")


def confirm(visitor: Visitor) -> None:
    for number in ("CALL000201", LOADS):
        visitor.page.goto(f"{visitor.url}/jobs?text={number}")
        while visitor.page.locator("tr[data-row] a").count():
            visitor.page.locator("tr[data-row] a").first.click()
            visitor.press("Confirm")
            visitor.reads("The job is done.")
            visitor.page.goto(f"{visitor.url}/jobs?text={number}")


def reprocess(visitor: Visitor) -> None:
    visitor.heading("Failed postings")
    visitor.open("Move or receive CHROME-CAP")
    move = visitor.page.get_by_role("region", name="Move", exact=True)
    move.get_by_label("From").select_option(move.locator("option", has_text="RAW").first.get_attribute("value"))
    move.get_by_label("Quantity").fill("100")
    move.get_by_label("To location").select_option("LINE1")
    move.get_by_role("button", name="Move").click()
    visitor.page.goto(f"{visitor.url}/jobs/failed")
    visitor.page.get_by_role("button", name=re.compile("^Retry J")).first.click()
    visitor.reads("Nothing failed.")


def release_for_packing(visitor: Visitor) -> None:
    for number, chosen in (("CALL000201", (FIRST, SECOND)), (LOADS, (LOADS,))):
        visitor.page.goto(f"{visitor.url}/calls?state=ready&text={number}")
        visitor.choose(*chosen)
        visitor.press("Release for packing")


def pack(visitor: Visitor) -> None:
    visitor.open("SV 11")
    visitor.scan("5N0 881 106 D")
    visitor.reads("does not belong into this rack")
    visitor.open("Understood, go on")
    for part in ("5N0 881 105 A", "5N0 881 106 B", "5N0 881 105 A"):
        visitor.scan(part)
    visitor.reads("Everything here is packed.")
    visitor.page.goto(f"{visitor.url}/packing")
    visitor.page.locator("tr[data-row]").filter(has_text="5N0 881 999 Z").get_by_role("link").first.click()
    for part in ("5N0 881 105 A", "HEAD-999Z"):
        visitor.scan(part)
    visitor.reads("Everything here is packed.")


def create_delivery(visitor: Visitor) -> None:
    visitor.heading("Calls")
    visitor.choose(FIRST, SECOND, LOADS)
    visitor.press("Create delivery")
    visitor.heading("Delivery")


def split(visitor: Visitor) -> None:
    visitor.to_the_delivery()
    visitor.page.locator("tr[data-row]").filter(has_text="HEAD-999Z").get_by_role("checkbox").check()
    visitor.press("Put on a delivery of their own")
    visitor.reads("1 handling unit is on delivery")


def reorder(visitor: Visitor) -> None:
    visitor.page.locator("tr[data-row] td.key a").first.click()
    visitor.page.get_by_text("Order parts again").first.click()
    form = visitor.page.locator("form").filter(has=visitor.page.get_by_role("button", name="Order again"))
    form.locator("input[name=line]").first.check()
    form.locator("input[name=reason]").first.fill("scratched on the way")
    form.get_by_role("button", name="Order again").first.click()
    visitor.reads("/R1")


def make_unit(visitor: Visitor) -> None:
    visitor.page.get_by_label("Where it stands").select_option("PACK")
    visitor.press("Make it")
    visitor.page.get_by_label("Printer").select_option("browser")
    visitor.press("Print label")
    visitor.reads("Printed")


def to_the_warehouse(visitor: Visitor) -> None:
    visitor.page.get_by_text("Where summarised calls are picked").click()
    visitor.page.get_by_label("For", exact=True).select_option("OEM01")
    visitor.page.get_by_label("Picked", exact=True).select_option("warehouse")
    visitor.press("Set the rule")
    visitor.choose(STOCKED)
    visitor.press("Make one wave of the chosen")
    visitor.heading("Wave")


def walk(visitor: Visitor) -> None:
    visitor.open(re.compile(r"^W\d"))
    visitor.open("Start walking")
    for answer in ("FG", "CUSH-121A", "12"):
        visitor.scan(answer)
    visitor.reads("Everything on this wave is done.")


def goods_issue(visitor: Visitor) -> None:
    visitor.choose(STOCKED)
    visitor.press("Create delivery")
    for number in (STOCKED, LOADS, "CALL000201"):
        visitor.page.goto(f"{visitor.url}/calls?text={number}")
        visitor.to_the_delivery()
        if visitor.page.get_by_role("button", name="Pick all").count():
            visitor.press("Pick all")
        visitor.press("Post goods issue")
        visitor.reads(re.compile("^ASN "))


def look_at_the_notice(visitor: Visitor) -> None:
    visitor.to_the_delivery()
    visitor.reads("DESADV")


def bill(visitor: Visitor) -> None:
    visitor.press("Bill everything that is due")


def look_at_the_invoice(visitor: Visitor) -> None:
    visitor.page.locator("tr[data-row] a").first.click()
    visitor.reads("INVOIC")


PLAY = (
    calls_arrive, release, confirm, reprocess, release_for_packing, pack, create_delivery, split, reorder, make_unit,
    to_the_warehouse, walk, goods_issue, look_at_the_notice, bill, look_at_the_invoice,
)  # fmt: skip
