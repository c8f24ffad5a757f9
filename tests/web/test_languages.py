"""The pages speak the language of the person: chosen here, else the browser's, else English."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from tests.web.door import Door


@pytest.fixture(autouse=True)
def _german_is_offered(settings: Any) -> None:
    """Offer German, whose catalogue has a few words already, for these tests."""
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]


def test_a_chosen_language_stays_on_the_device(door: Callable[[str], Door]) -> None:
    packer = door("packer")

    packer.post("/language", {"language": "de", "back": "/packing"})

    assert 'lang="de"' in packer.get("/packing").content.decode()


def test_the_browser_s_language_counts_where_none_was_chosen(door: Callable[[str], Door]) -> None:
    answer = door("packer").get("/", headers={"Accept-Language": "de-AT,de;q=0.9"})

    assert '<html lang="de">' in answer.content.decode()
    assert "Abmelden" in answer.content.decode()


@pytest.mark.parametrize(("language", "back"), [("xx", "/packing"), ("de", "https://elsewhere.example/"), ("", "")])
def test_an_unknown_language_or_a_foreign_way_back_is_not_taken(
    door: Callable[[str], Door], language: str, back: str
) -> None:
    answer = door("packer").post("/language", {"language": language, "back": back})

    assert answer["Location"] in {"/packing", "/"}
    assert (settings.LANGUAGE_COOKIE_NAME in answer.cookies) == (language == "de")


def test_a_part_that_follows_the_plant_is_sent_again_after_the_language_changed(door: Callable[[str], Door]) -> None:
    packer = door("packer")
    tag = packer.get("/today")["ETag"]

    packer.post("/language", {"language": "de"})

    assert packer.get("/today", headers={"If-None-Match": tag}).status_code == 200
