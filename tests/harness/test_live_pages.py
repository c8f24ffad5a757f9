"""Pages served for a test see what the test commits, and the test sees what they commit."""

from urllib.request import urlopen

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from milkrun.partners.models import Site


def add_a_site(_request: HttpRequest) -> HttpResponse:
    before = Site.objects.count()
    Site.objects.create(code="by the page")
    return HttpResponse(f"{before} before")


urlpatterns = [path("add", add_a_site)]


@pytest.fixture
def own_pages(settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.STATIC_URL = "/static/"


def test_a_page_and_its_test_share_one_database(own_pages: None, live_url: str) -> None:
    Site.objects.create(code="by the test")

    with urlopen(f"{live_url}/add") as answer:
        text = answer.read().decode()

    assert (text, Site.objects.count()) == ("1 before", 2)
