"""What must move now: ranked by the clock, in the customer's zone and ours, live, on a desk and on a wall."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from tests.insight.watching import SOON, look
from tests.web.door import Door, text_of
from tests.world import NOW


@pytest.fixture
def line(world):
    """A rack being packed, a summarised call of another zone that is needed sooner, a delivery that waits."""
    ids = [world.call(world.sequenced(number)) for number in (3, 4)]
    world.finish(ids)
    world.pack(ids[0])
    world.call(replace(world.summarized("DON-LATE"), required_at=NOW + timedelta(hours=13), zone="America/Chicago"))
    with time_machine.travel(SOON, tick=False):
        yield world


def test_loads_are_ranked_by_the_clock_with_both_zones_and_the_next_step(line, planner: Door) -> None:
    look(SOON)

    page = text_of(planner.get("/move"))

    first, second = page.index("Call DON-LATE"), page.index("Rack SV 1")
    assert first < second
    assert "2026-11-22 02:50 CST" in page
    assert "ours 2026-11-22 09:50 CET" in page
    assert "0003 – 0004" in page
    assert "2 calls" in page
    assert "Call not released in time" in page
    assert "Release : DON-LATE" in page


def test_the_monitor_is_narrowed_to_a_customer_s_zone_and_shows_our_clock_first(line, planner: Door) -> None:
    page = text_of(planner.get("/move?zone=America/Chicago&clock=ours"))

    assert "Call DON-LATE" in page
    assert "Rack SV 1" not in page
    assert "theirs 2026-11-22 02:50 CST" in page


def test_the_monitor_says_not_modified_until_something_happens(line, planner: Door) -> None:
    first = planner.get("/move/rows")
    unchanged = planner.get("/move/rows", headers={"If-None-Match": first["ETag"]})
    line.receive("FOAM", "1", "LINE1")
    changed = planner.get("/move/rows", headers={"If-None-Match": first["ETag"]})

    assert [answer.status_code for answer in (first, unchanged, changed)] == [200, 304, 200]


def test_the_wall_shows_few_rows_and_turns_its_pages_by_hand_only(line, planner: Door) -> None:
    for number in range(8):
        line.call(replace(line.summarized(f"MORE{number}"), required_at=NOW + timedelta(hours=20 + number)))

    wall = planner.get("/wall/").content.decode()
    second = text_of(planner.get("/wall/?page=2"))

    assert wall.count("<li>") == 6
    assert "DON-LATE" in wall
    assert "data-pause" in wall
    assert "MORE7" in second
    assert "DON-LATE" not in second


def test_the_statements_of_the_monitor_do_not_grow_with_the_plant(line, django_assert_max_num_queries) -> None:
    from milkrun.insight.queries import moving

    for number in range(20):
        line.call(line.summarized(f"MORE{number}"))

    with django_assert_max_num_queries(13):
        rows = moving(line.site_id, "UTC")

    assert len(rows) == 22
