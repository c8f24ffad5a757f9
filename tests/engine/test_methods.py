"""The worked examples of the method pages are run, and every page is in the list."""

import doctest
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = sorted((ROOT / "docs" / "methods").glob("*.md"))


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem != "index"], ids=lambda page: page.stem)
def test_the_worked_example_of_a_method_is_true(page: Path) -> None:
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")

    assert (result.failed, result.attempted > 0) == (0, True)
    assert "**Source.**" in page.read_text("utf-8") or page.stem in ("readiness", "twin", "step-down")


def test_every_method_page_is_in_the_list() -> None:
    listed = (ROOT / "docs" / "methods" / "index.md").read_text("utf-8")

    assert [page.name for page in PAGES if page.stem != "index" and f"({page.name})" not in listed] == []
