"""The journal as a feed: what commits late is held back for, never lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from milkrun.kernel import journal
from milkrun.kernel.identity import Actor
from tests.world import NOW

ACTOR = Actor("W", "cli")


def write(number: int) -> None:
    """Write one entry inside the caller's transaction."""
    journal.write([journal.Entry("receive_jit_call", "call", number)], actor=ACTOR, at=NOW)


@pytest.mark.django_db
def test_the_journal_is_read_on_by_kind_of_subject() -> None:
    start = journal.feed_end()
    write(1)
    journal.write([journal.Entry("create_part", "part", 7)], actor=ACTOR, at=NOW)
    write(2)

    first, middle = journal.feed(start, ["call"], limit=1)
    rest, end = journal.feed(middle, ["call"])

    assert [entry.subject_id for entry in (*first, *rest)] == [1, 2]
    assert journal.feed(end, ["call"]) == ([], end)


@pytest.mark.postgres_only
def test_entries_of_many_writers_that_end_out_of_order_are_each_read_once(committed_db) -> None:
    start, seen = journal.feed_end(), []
    started, finish = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                write(1)
                started.set()
                finish.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow)
        assert started.wait(20)
        with transaction.atomic():
            write(2)
        held, start = journal.feed(start, ["call"])
        seen += held
        finish.set()
        running.result(20)
    late, _ = journal.feed(start, ["call"])

    assert [entry.subject_id for entry in seen] == []
    assert [entry.subject_id for entry in late] == [1, 2]
