"""The floor page on a phone: scans without a network are kept, replayed in order and have one effect each."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

import system_packages
from milkrun.partners.models import User
from milkrun.production.models import Confirmation, Job
from tests.browser.conftest import QUIET, accessibility_violations
from tests.waiting import until
from tests.web.door import PASSWORD
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite_only]
PIECES = 50


@pytest.fixture
def plant(committed_db: object) -> World:
    from milkrun.partners.commands.create_user import create_user

    world = build_world()
    for role in ("operator", "packer"):
        create_user(email=f"{role}@plant.example", name=role, password=PASSWORD, roles=[role], actor=world.actor,
                    at=world.now)  # fmt: skip
    return world


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    yield context
    context.close()


@pytest.fixture
def job(plant: World) -> Job:
    """A job with more pieces than there will be scans, so that a scan that counts twice is seen."""
    plant.release(plant.call(plant.summarized("DON50", qty=str(2 * PIECES))))
    return Job.objects.get()


def open_floor(context: BrowserContext, url: str, role: str, mode: str) -> Page:
    page = context.new_page()
    page.goto(f"{url}/floor")
    sign_in(page, role)
    page.goto(f"{url}/floor")
    page.get_by_role("button", name=mode, exact=True).click()
    return page


def sign_in(page: Page, role: str) -> None:
    page.get_by_label("E-mail").fill(f"{role}@plant.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def scan(page: Page, text: str) -> None:
    field = page.locator("#floor-scan")
    field.fill(text)
    field.press("Enter")
    expect(field).to_have_value("")


def ready_to_start_without_network(page: Page) -> None:
    """Wait until the page and its files are kept on the phone."""
    kept = (
        "async () => { const [name] = await caches.keys(); if (!name) return false;"
        " const paths = (await (await caches.open(name)).keys()).map(request => new URL(request.url).pathname);"
        " return ['/floor', '/static/floor/queue.js', '/static/layout/scan.js'].every(path => paths.includes(path)); }"
    )
    until(lambda: page.evaluate(kept), "the floor page on the phone")


def test_fifty_scans_without_a_network_have_fifty_effects_although_every_third_answer_is_lost(
    phone: BrowserContext, live_url: str, plant: World, job: Job
) -> None:
    page = open_floor(phone, live_url, "operator", "Make")
    ready_to_start_without_network(page)
    phone.set_offline(True)
    for _ in range(PIECES // 2):
        scan(page, job.number)
    expect(page.get_by_text(f"{PIECES // 2} waiting")).to_be_visible()
    page.close()
    page = phone.new_page()
    page.goto(f"{live_url}/floor")
    for _ in range(PIECES // 2):
        scan(page, job.number)
    expect(page.get_by_text(f"{PIECES} waiting")).to_be_visible()
    assert accessibility_violations(page) == []
    assert Confirmation.objects.count() == 0
    arrived = lose_every_third_answer(page)

    phone.set_offline(False)

    expect(page.get_by_text("Nothing waits")).to_be_visible(timeout=60_000)
    assert len(arrived) > PIECES
    assert Confirmation.objects.filter(state="posted").count() == PIECES
    job.refresh_from_db()
    assert job.lines.get().good_qty == PIECES
    assert page.locator("#floor-cards").is_hidden()


def lose_every_third_answer(page: Page) -> list[str]:
    """Let every third scan arrive and its answer get lost on the way back."""
    arrived: list[str] = []

    def route(door: Route) -> None:
        arrived.append(str(door.request.post_data))
        if len(arrived) % 3:
            door.continue_()
        else:
            door.fetch()
            door.abort()

    page.route(re.compile("/floor/actions$"), route)
    return arrived


def test_what_the_plant_refuses_becomes_a_card_and_nothing_behind_it_is_sent(
    phone: BrowserContext, live_url: str, plant: World
) -> None:
    first, second = (plant.call(plant.sequenced(number)) for number in (471, 472))
    plant.finish([first, second])
    from milkrun.shipping.commands.release_for_packing import release_for_packing

    rack = release_for_packing(call_ids=[first, second], actor=plant.actor, at=plant.later()).packing_groups[0]
    page = open_floor(phone, live_url, "packer", "Pack")
    scan(page, rack.sscc)
    phone.set_offline(True)

    scan(page, "NO SUCH PART")
    scan(page, "5N0 881 105 A")
    expect(page.get_by_text("2 waiting")).to_be_visible()
    phone.set_offline(False)

    expect(page.get_by_role("heading", name="To decide")).to_be_visible(timeout=10_000)
    expect(page.locator("#floor-answer")).to_contain_text("Stop")
    expect(page.get_by_text("1 waiting")).to_be_visible()
    assert accessibility_violations(page) == []
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    expect(page.locator("#floor-answer")).to_contain_text("slot")


def test_the_queue_of_a_disabled_person_is_refused_in_one_sentence_and_stays_on_the_phone(
    phone: BrowserContext, live_url: str, plant: World, job: Job
) -> None:
    page = open_floor(phone, live_url, "operator", "Make")
    User.objects.filter(email="operator@plant.example").update(is_active=False)

    scan(page, job.number)

    expect(page.locator("#floor-answer")).to_contain_text("is switched off: none of these scans is booked")
    expect(page.get_by_text("1 waiting")).to_be_visible()
    assert Confirmation.objects.count() == 0


def test_scans_are_never_booked_as_those_of_another_person(
    phone: BrowserContext, live_url: str, plant: World, job: Job
) -> None:
    from milkrun.partners.commands.create_user import create_user

    create_user(email="night@plant.example", name="Night", password=PASSWORD, roles=["operator"], actor=plant.actor,
                at=plant.later())  # fmt: skip
    page = open_floor(phone, live_url, "operator", "Make")
    ready_to_start_without_network(page)
    phone.set_offline(True)
    scan(page, job.number)
    expect(page.get_by_text("1 waiting")).to_be_visible()
    page.close()
    phone.clear_cookies()
    phone.set_offline(False)

    page = open_floor(phone, live_url, "night", "Make")

    expect(page.locator("#floor-answer")).to_contain_text("Sign in again")
    assert Confirmation.objects.count() == 0


def test_the_camera_reads_a_code_where_the_browser_has_no_reader_of_its_own(
    chromium: Browser, live_url: str, plant: World, job: Job, tmp_path: Path
) -> None:
    film = tmp_path / "code.y4m"
    film_of(film, job.number)
    eyes = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}")  # fmt: skip
    program = system_packages.find_chromium()
    with chromium.browser_type.launch(executable_path=program, args=[*QUIET, *eyes]) as seeing:
        page = open_floor(seeing.new_context(permissions=["camera"]), live_url, "operator", "Make")
        page.get_by_role("button", name="Camera", exact=True).click()

        expect(page.locator("#floor-answer")).to_contain_text(f"Job {job.number}: 1 good", timeout=20_000)

    assert Confirmation.objects.count() == 1


def film_of(file: Path, text: str) -> None:
    """Film a Code 128 that is held before the camera: two equal pictures in the browser's own film format."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_image(scale=1)
    rows, columns = code.shape
    bars = memoryview(code).tolist()[rows // 2]
    width, height, scale = 640, 480, 600 // columns
    line = bytes(value for value in bars for _ in range(scale)).center(width, b"\xff")
    white = b"\xff" * width
    bright = b"".join(line if 140 <= row < 340 else white for row in range(height))
    frame = b"FRAME\n" + bright + b"\x80" * (width * height // 2)
    file.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 2)


class Phone:
    """A browser of its own with its profile on disk, whose process can be killed and started again."""

    def __init__(self, chromium: Browser, profile: Path) -> None:
        self.chromium, self.profile = chromium, profile
        self.start()

    def start(self) -> None:
        """Start the process on the profile."""
        program = system_packages.find_chromium()
        self.context = self.chromium.browser_type.launch_persistent_context(
            str(self.profile), executable_path=program, args=list(QUIET), viewport={"width": 360, "height": 740}
        )

    def process(self) -> int:
        """Find the browser's own process: the one of this profile that is nobody's part."""
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    words = (folder / "cmdline").read_bytes().split(b"\0")
                except OSError:
                    continue
                if f"--user-data-dir={self.profile}".encode() in words and not any(
                    word.startswith(b"--type=") for word in words
                ):
                    return int(folder.name)
        raise LookupError("the browser's process is not there")

    def kill(self) -> None:
        """End the process as a flat battery does: without a word to it."""
        process = self.process()
        os.kill(process, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{process}").exists() or _is_dead(process), "the end of the browser's process")


def _is_dead(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_fifty_scans_survive_the_killing_of_the_browser_s_process_and_have_fifty_effects(
    chromium: Browser, live_url: str, plant: World, job: Job, tmp_path: Path
) -> None:
    phone = Phone(chromium, tmp_path / "profile")
    page = open_floor(phone.context, live_url, "operator", "Make")
    ready_to_start_without_network(page)
    phone.context.set_offline(True)
    for _ in range(PIECES // 2):
        scan(page, job.number)
    expect(page.get_by_text(f"{PIECES // 2} waiting")).to_be_visible()
    phone.kill()

    phone.start()
    phone.context.set_offline(True)
    page = phone.context.new_page()
    page.goto(f"{live_url}/floor")
    page.get_by_role("button", name="Make", exact=True).click()
    expect(page.get_by_text(f"{PIECES // 2} waiting")).to_be_visible()
    for _ in range(PIECES // 2):
        scan(page, job.number)
    expect(page.get_by_text(f"{PIECES} waiting")).to_be_visible()
    phone.kill()
    assert Confirmation.objects.count() == 0

    phone.start()
    page = phone.context.new_page()
    arrived = lose_every_third_answer(page)
    page.goto(f"{live_url}/floor")
    if page.get_by_label("Password").count():
        # The cookie of the session had not reached the disk: the person signs in again, what waited is there.
        sign_in(page, "operator")
        page.goto(f"{live_url}/floor")

    expect(page.get_by_text("Nothing waits")).to_be_visible(timeout=60_000)
    assert len(arrived) > PIECES
    assert Confirmation.objects.filter(state="posted").count() == PIECES
    job.refresh_from_db()
    assert job.lines.get().good_qty == PIECES
    assert page.locator("#floor-cards").is_hidden()
    phone.context.close()


def test_a_packer_without_a_network_keeps_his_slot_and_is_told_when_somebody_else_packed_it(
    phone: BrowserContext, live_url: str, plant: World
) -> None:
    from milkrun.shipping.commands.confirm_packing import confirm_packing
    from milkrun.shipping.commands.release_for_packing import release_for_packing
    from milkrun.stock.models import SetAsideScan

    calls = [plant.call(plant.sequenced(number, parts=("5N0 881 105 A",))) for number in (471, 472)]
    plant.finish(calls)
    rack = release_for_packing(call_ids=calls, actor=plant.actor, at=plant.later()).packing_groups[0]
    page = open_floor(phone, live_url, "packer", "Pack")
    scan(page, rack.sscc)
    expect(page.locator("#floor-next")).to_contain_text("Next: slot 1")
    phone.set_offline(True)
    scan(page, "5N0 881 105 A")
    expect(page.locator("#floor-next")).to_contain_text("Next: slot 2")
    confirm_packing(packing_group_id=rack.packing_group_id, scan="5N0 881 105 A", actor=plant.actor, at=plant.later())

    phone.set_offline(False)

    expect(page.locator("#floor-answer")).to_contain_text("was packed by Anna Test", timeout=10_000)
    assert accessibility_violations(page) == []
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    expect(page.locator("#floor-answer")).to_contain_text("Handed over")
    assert (SetAsideScan.objects.get().code, SetAsideScan.objects.get().content["slot"]) == ("slot_taken", "1")
    scan(page, "5N0 881 105 A")
    expect(page.locator("#floor-answer")).to_contain_text("slot 2")
    expect(page.locator("#floor-next")).to_contain_text("Nothing more waits")


def test_what_a_storekeeper_receives_puts_away_moves_and_counts_without_a_network_is_booked_in_that_order(
    phone: BrowserContext, live_url: str, plant: World
) -> None:
    from milkrun.partners.commands.create_user import create_user
    from milkrun.stock.commands.create_locations import Place, create_locations
    from milkrun.stock.models import Balance, CountLine

    create_user(email="storekeeper@plant.example", name="Store", password=PASSWORD, roles=["storekeeper"],
                actor=plant.actor, at=plant.later())  # fmt: skip
    places = tuple(Place(code, kind) for code, kind in (("IN", "staging"), ("B-01", "storage"), ("B-02", "storage")))
    create_locations(site_id=plant.site_id, places=places, actor=plant.actor, at=plant.later())
    page = open_floor(phone, live_url, "storekeeper", "Receive")
    ready_to_start_without_network(page)
    phone.set_offline(True)

    page.get_by_role("button", name="Without an order").click()
    page.get_by_label("Quantity (empty: as the label says)").fill("12")
    scan(page, "FOAM")
    for mode, place, beside in (("Put away", "B-01", None), ("Move", "B-02", ("From place", "B-01")),
                                ("Count", "B-02", ("Counted", "11"))):  # fmt: skip
        page.get_by_role("button", name=mode, exact=True).click()
        scan(page, place)
        if beside:
            page.get_by_label(beside[0]).fill(beside[1])
        scan(page, "FOAM")
    expect(page.get_by_text("4 waiting")).to_be_visible()
    targets = page.evaluate(
        "[...document.querySelectorAll('#floor button, #floor input')].filter(e => e.offsetParent)"
        ".map(e => e.getBoundingClientRect()).map(box => Math.min(box.height, box.width))"
    )
    phone.set_offline(False)

    expect(page.get_by_text("Nothing waits")).to_be_visible(timeout=20_000)
    expect(page.locator("#floor-answer")).to_contain_text("−1")
    assert min(targets) >= 48
    assert accessibility_violations(page) == []
    assert Balance.objects.get(location__code="B-02").on_hand == 12
    assert CountLine.objects.get().state == "differs"


def test_the_next_person_hands_the_queue_of_a_switched_off_account_over_and_nothing_of_it_is_lost(
    phone: BrowserContext, live_url: str, plant: World, job: Job
) -> None:
    from milkrun.partners.commands.create_user import create_user
    from milkrun.stock.models import SetAsideScan

    create_user(email="night@plant.example", name="Night", password=PASSWORD, roles=["operator"], actor=plant.actor,
                at=plant.later())  # fmt: skip
    page = open_floor(phone, live_url, "operator", "Make")
    ready_to_start_without_network(page)
    phone.set_offline(True)
    for _ in range(3):
        scan(page, job.number)
    User.objects.filter(email="operator@plant.example").update(is_active=False)
    phone.set_offline(False)
    sentence = "The account of operator@plant.example is switched off: none of these scans is booked"
    expect(page.locator("#floor-answer")).to_contain_text(sentence, timeout=10_000)
    expect(page.get_by_text("3 waiting")).to_be_visible()
    page.close()
    phone.clear_cookies()

    page = open_floor(phone, live_url, "night", "Make")
    expect(page.locator("#floor-answer")).to_contain_text(sentence, timeout=10_000)
    page.get_by_role("button", name="Hand them over to the planners").click()

    expect(page.get_by_text("Nothing waits")).to_be_visible(timeout=10_000)
    assert Confirmation.objects.count() == 0
    assert list(SetAsideScan.objects.values_list("scanned_by", "scan")) == [("operator@plant.example", job.number)] * 3
