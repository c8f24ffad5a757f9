"""The browser itself works here, and the check of accessibility can say no."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import accessibility_violations

PROPER = "<html lang=en><title>A page</title><main><h1>Calls</h1><label>Search <input></label></main></html>"
IMPROPER = "<html><main><h1>Calls</h1><input></main></html>"

pytestmark = pytest.mark.browser


def test_a_proper_page_has_no_violations(page: Page) -> None:
    page.set_content(PROPER)

    violations = accessibility_violations(page)

    assert violations == []


def test_an_improper_page_is_told_what_is_wrong(page: Page) -> None:
    page.set_content(IMPROPER)

    violations = accessibility_violations(page)

    assert {violation.split()[0] for violation in violations} >= {"document-title", "html-has-lang", "label"}
