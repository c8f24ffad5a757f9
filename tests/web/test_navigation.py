"""Where the navigation leads, and by which key."""

from collections import Counter
from collections.abc import Callable

from milkrun.web.navigation import TREE
from tests.web.door import Door


def test_a_key_after_g_leads_to_one_place_only() -> None:
    keys = Counter(item.key for _title, items in TREE for item in items if item.key)

    assert [key for key, times in keys.items() if times > 1] == []


def test_the_help_lists_the_keys_of_the_places_that_this_person_may_open(door: Callable[[str], Door]) -> None:
    page = door("packer").get("/help").content.decode()

    assert "<kbd>g</kbd> <kbd>p</kbd></th><td>go to Packing</td>" in page
    assert "go to Billing" not in page
