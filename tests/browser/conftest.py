"""A headless Chromium for tests: the system's own, driven by playwright, with an eye on errors and accessibility."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import system_packages

AXE = Path(__file__).parent.parent.parent / "src/milkrun/web/static/vendor/axe.min.js"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
FIND_VIOLATIONS = """async () => (await axe.run()).violations.map(
    found => `${found.id} (${found.impact}): ${found.help} at ${found.nodes.map(node => node.target).join(', ')}`)"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this run."""
    program = system_packages.find_chromium()
    if program is None:
        pytest.fail("chromium is needed for the browser tests: install it (apt-get install chromium).")
    # Playwright keeps an event loop running in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page without history; the test fails where the page writes an error to the console or a script dies."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, "\n".join(errors)


def accessibility_violations(page: Page) -> list[str]:
    """Return what axe-core objects to on the page as it stands, one sentence each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(FIND_VIOLATIONS)
    return found
