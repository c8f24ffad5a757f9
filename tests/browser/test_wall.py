"""The wall: a change shows within two seconds, and what matters is readable from four metres."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from milkrun.partners.commands.create_user import create_user
from tests.browser.conftest import accessibility_violations
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite_only]
PASSWORD = "correct-horse-battery"
# A 55 inch screen of 1920 by 1080 points is 1,217.6 mm wide; a letter is read from 200 times its height.
POINT_MM = 55 * 25.4 * 16 / (16**2 + 9**2) ** 0.5 / 1920
DISTANCE_MM, READ_FROM = 4000, 200
# The height of the letter H of every text that matters, in points, with the text.
LETTERS = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const texts = document.createTreeWalker(document.getElementById("loads"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim(), holder = texts.currentNode.parentElement;
    if (!text || !holder.checkVisibility() || holder.closest(".hidden, .pager")) continue;
    const style = getComputedStyle(holder);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    found.push([pen.measureText("H").actualBoundingBoxAscent, text]);
  }
  return found;
}"""
OTHER_PROCESS = """
import sys, time
from datetime import UTC, datetime, timedelta
import django
django.setup()
from milkrun.demand.commands.receive_jit_call import receive_jit_call
from milkrun.kernel.identity import Actor
from tests.world import World
call = World().summarized("NEWS1", qty="5")
from dataclasses import replace
now = datetime.now(UTC)
receive_jit_call(call=replace(call, required_at=now + timedelta(minutes=30)), site_id=int(sys.argv[1]),
                 partner_id=int(sys.argv[2]), source="api", actor=Actor("ERP", "api"), at=now)
print(time.time())
"""


@pytest.fixture
def wall(chromium: Browser, committed_db, live_url: str) -> Iterator[tuple[Page, World]]:
    """The wall on a screen of its own, with calls of all kinds on it."""
    world = build_world()
    now = datetime.now(UTC)
    for number in range(1, 12):
        call = world.summarized(f"DON{number}") if number % 2 else world.sequenced(number)
        world.call(replace(call, required_at=now + timedelta(hours=number)))
    create_user(
        email="office@plant.example", name="Office", password=PASSWORD, roles=["material_planner"],
        actor=world.actor, at=world.now,
    )  # fmt: skip
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.goto(f"{live_url}/wall/")
    page.get_by_label("E-mail").fill("office@plant.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".loads li")).to_have_count(6)
    yield page, world
    context.close()


def test_everything_that_matters_is_readable_from_four_metres_without_scrolling(wall: tuple[Page, World]) -> None:
    page, _ = wall

    letters = page.evaluate(LETTERS)

    least = DISTANCE_MM / READ_FROM
    small = [f"{text}: {points * POINT_MM:.1f} mm" for points, text in letters if points * POINT_MM < least]
    if os.environ.get("SHOT"):
        page.screenshot(path=os.environ["SHOT"])
    print(f"smallest letter on the wall: {min(points for points, _ in letters) * POINT_MM:.1f} mm")
    assert len(letters) > 20
    assert small == []
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    assert accessibility_violations(page) == []


def test_what_another_process_writes_shows_on_the_wall_at_once(wall: tuple[Page, World]) -> None:
    page, world = wall
    page.evaluate("""() => new MutationObserver(() => {
        if (!window.seen && document.body.textContent.includes("NEWS1")) window.seen = Date.now() / 1000;
    }).observe(document.getElementById("loads"), {childList: true, subtree: true})""")

    written = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS, str(world.site_id), str(world.partner_id)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "milkrun.config.settings", "PYTHONPATH": os.getcwd()},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    expect(page.locator("#loads")).to_contain_text("NEWS1", timeout=20_000)

    took = page.evaluate("window.seen") - float(written.stdout.split()[-1])
    print(f"seen on the wall after {took:.2f} s")
    # The figure itself is taken on a quiet machine by `python -m benchmarks wall`; a busy one may be slower.
    assert -0.5 < took < 15
