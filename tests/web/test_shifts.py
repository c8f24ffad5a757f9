"""The page of shifts."""

from datetime import time
from typing import Any

from milkrun.planning.models import Shift
from tests.web.door import text_of
from tests.world import World


def test_shifts_are_set_on_a_page_by_who_supervises(world: World, door: Any) -> None:
    office = door("admin")
    lines = {
        "title_1": "Night", "weekdays_1": ["1", "7"], "starts_1": "22:00", "ends_1": "06:00", "owner_1": "",
        "role_1": "", "title_2": "", "starts_2": "06:00", "ends_2": "14:00",
    }  # fmt: skip

    page = office.send("/setup/shifts/save", **lines)

    assert "The shifts are saved." in text_of(page)
    assert [(s.title, s.weekdays, s.starts, s.ends) for s in Shift.objects.all()] == [
        ("Night", "17", time(22), time(6))
    ]
    assert 'value="22:00"' in office.get("/setup/shifts").content.decode()
    wrong = office.send("/setup/shifts/save", **{**lines, "starts_1": "later"})
    assert "Write a time like 06:00." in text_of(wrong)
    assert Shift.objects.count() == 1
