"""The feed of movements shows each committed movement exactly once, although transactions end out of order."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction

from milkrun.kernel.identity import Actor
from milkrun.kernel.paging import position
from milkrun.stock.models import Movement
from milkrun.stock.queries.feed import movement_feed
from milkrun.stock.steps import Line, post
from tests.waiting import until
from tests.world import World, build_world

WRITERS, POSTINGS = 8, 25


def read_on(site_id: int, cursor: str, seen: list[str]) -> str:
    """Read what is new and return where to go on."""
    page = movement_feed(site_id, cursor, 50)
    seen += [row.cursor for row in page.rows]
    return page.next_cursor


def receipt(world: World, qty: int = 1) -> None:
    """Write one posting of two movements inside the caller's transaction."""
    line = Line(world.parts["FOAM"], Decimal(qty), world.places["SUPPLIER"], world.places["LINE1"])
    post([line, line], site_id=world.site_id, kind="receipt", actor=Actor("W", "cli"), at=world.now)


@pytest.mark.django_db
def test_the_feed_ends_with_a_cursor_that_is_asked_again() -> None:
    world = build_world()
    first = movement_feed(world.site_id)

    again = movement_feed(world.site_id, first.next_cursor)
    receipt(world)
    more = movement_feed(world.site_id, again.next_cursor)

    assert again.rows == ()
    assert again.next_cursor == first.next_cursor
    assert len(more.rows) == 2


@pytest.mark.postgres_only
def test_a_movement_under_way_holds_back_what_was_committed_after_it(committed_db) -> None:
    world = build_world()
    start = movement_feed(world.site_id).next_cursor
    started, finish = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                receipt(world)
                started.set()
                finish.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow)
        assert started.wait(20)
        # Another part, so that its balance does not wait for the slow one.
        world.receive("FRAME", "1", "LINE1")
        held = movement_feed(world.site_id, start)
        committed_after = Movement.objects.order_by("-id").values_list("id", flat=True)[0]
        finish.set()
        running.result(20)
    seen = movement_feed(world.site_id, start)

    assert held.rows == ()
    assert (position(seen.rows[-1].cursor, int) or (0,))[0] == committed_after
    assert len(seen.rows) == 3


@pytest.mark.postgres_only
def test_a_poller_beside_many_writers_sees_everything_once(committed_db) -> None:
    world = build_world()
    cursor, seen = read_on(world.site_id, "", []), []
    before = Movement.objects.count()

    def write(number: int) -> None:
        chance = random.Random(number)
        try:
            for _ in range(POSTINGS):
                with transaction.atomic():
                    hold = chance.random() < 0.3
                    place = world.places["FG" if number % 2 else "PACK"]
                    line = Line(world.parts["FOAM"], Decimal(1), world.places["SUPPLIER"], place)
                    post([line], site_id=world.site_id, kind="receipt", actor=Actor("W", "cli"), at=world.now)
                    if hold:
                        with connection.cursor() as database:
                            database.execute("SELECT pg_sleep(%s)", [chance.random() / 100])
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(write, number) for number in range(WRITERS)]
        while not all(task.done() for task in running):
            cursor = read_on(world.site_id, cursor, seen)
        for task in running:
            task.result()

    def everything() -> bool:
        nonlocal cursor
        cursor = read_on(world.site_id, cursor, seen)
        return len(seen) >= WRITERS * POSTINGS

    until(everything, "the rest of the feed")
    assert len(seen) == len(set(seen)) == Movement.objects.count() - before == WRITERS * POSTINGS
