"""The page of the API works in a browser under the site's policy, with nothing from elsewhere."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_the_page_of_the_api_shows_every_operation_without_a_foreign_file(live_url: str, page: Page) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))

    page.goto(f"{live_url}/api/docs")
    page.wait_for_selector(".opblock")

    assert page.locator(".opblock").count() >= 40
    assert hosts == {urlsplit(live_url).netloc}
