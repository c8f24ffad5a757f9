"""The monitor's counts and pages stay cheap however many calls there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milkrun.demand import queries
from milkrun.demand.commands.receive_jit_calls import receive_jit_calls
from milkrun.demand.queries import CallFilter, monitor
from tests.world import SEAT, UNKNOWN, World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def receive(world: World, count: int, part: str = SEAT) -> None:
    receive_jit_calls.__wrapped__(
        calls=[world.summarized(f"{part}{number}", (part,)) for number in range(count)],
        site_id=world.site_id,
        partner_id=world.partner_id,
        source="api",
        actor=world.actor,
        at=world.later(),
    )


def test_calls_are_counted_by_state(world: World) -> None:
    receive(world, 3)

    assert queries.call_counts(world.site_id) == {"created": 3}


def test_counting_ends_where_nobody_reads_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(world, 6)
    receive(world, 6, UNKNOWN)
    monkeypatch.setattr(monitor, "COUNTED", 4)

    assert queries.call_counts(world.site_id) == {"created": 5}
    assert queries.unmatched_count(world.site_id) == 5
    assert queries.counted(5) == "4+"


@pytest.mark.parametrize("calls", [2, 60])
def test_a_page_of_the_monitor_takes_as_many_statements_for_many_calls_as_for_few(world: World, calls: int) -> None:
    receive(world, calls)

    with CaptureQueriesContext(connection) as seen:
        page = queries.calls(world.site_id, CallFilter(), "UTC")

    assert len(page.rows) == min(calls, 50)
    assert len(seen) <= 12


@pytest.mark.parametrize("calls", [3, 80])
def test_taking_many_calls_over_takes_as_many_statements_as_few(world: World, calls: int) -> None:
    with CaptureQueriesContext(connection) as seen:
        receive(world, calls)

    # PostgreSQL has one more: it locks the rows that SQLite has to itself.
    assert len(seen) <= (17 if connection.vendor == "postgresql" else 16)
