"""A visitor with a CSV and ten minutes: dropped, checked, analysed, read, without an account."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from milkrun.jobs.analyses import Analyses
from milkrun.web import analyse
from tests.browser.conftest import accessibility_violations

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite_only]
SAMPLES = sorted((Path(analyse.__file__).parent / "samples").glob("*.csv"))
MINUTE = 60_000


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.MILKRUN_HOME = tmp_path
    return tmp_path


@pytest.mark.requirement("GDE-200")
@pytest.mark.parametrize("width", [1280, 360])
def test_a_dropped_csv_gives_eight_measures_classes_and_just_in_time_candidates(
    chromium: Browser, live_url: str, home: Path, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.set_default_timeout(MINUTE)
    page.goto(f"{live_url}/sign-in")
    page.get_by_role("link", name="Analyse a CSV without an account").click()
    checked(page)

    page.get_by_label("Files").set_input_files(SAMPLES)
    assert page.locator(".chosen li").count() == len(SAMPLES)
    page.get_by_role("button", name="Look at it").click()
    checked(page)
    Analyses(home, "look")(datetime.now(UTC))

    page.wait_for_selector("#answers")
    checked(page)
    page.get_by_role("button", name="Analyse", exact=True).click()
    Analyses(home, "run")(datetime.now(UTC))

    page.wait_for_selector("h1:has-text('What was found')")
    checked(page)
    assert page.locator(".strip li").count() == 8
    assert page.get_by_text("Kanban").is_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Read the report").click()
    report = opened.value
    report.wait_for_load_state()
    assert report.get_by_text("ABC by use a year").first.is_visible()
    assert report.evaluate("document.querySelectorAll('script, link, img[src^=http]').length") == 0
    page.context.close()


def checked(page: Page) -> None:
    """See that the page can be used by everybody and stays within its width."""
    assert accessibility_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
