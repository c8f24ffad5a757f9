"""Tasks in the worker neither stop nor slow each other, and what goes wrong is seen."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from milkrun.jobs.clockwork import Clockwork, Task
from milkrun.kernel.tasks import HEARTBEAT, TaskReport, report, reports
from tests.waiting import until

NOW = datetime(2026, 11, 21, 19, 50, tzinfo=UTC)


class Counting:
    """A task that counts its turns, and fails in the first ones."""

    def __init__(self, failures: int = 0, found: Mapping[str, Any] | None = None) -> None:
        self.turns = 0
        self._failures = failures
        self._found = found or {}

    def __call__(self, at: datetime) -> Mapping[str, Any]:
        self.turns += 1
        if self.turns <= self._failures:
            raise LookupError("no such thing\nanywhere")
        return self._found


@contextmanager
def running(*tasks: Task) -> Iterator[Callable[[], None]]:
    """Run tasks in another thread; yields what ends them."""
    end = threading.Event()
    clockwork = Clockwork(tasks)
    thread = threading.Thread(target=clockwork.run, args=(lambda seconds: end.wait(min(seconds, 0.05)),))
    thread.start()
    try:
        yield end.set
    finally:
        end.set()
        thread.join(20)
        assert not thread.is_alive()


def test_a_failing_task_does_not_stop_the_others(committed_db) -> None:
    bad, good = Counting(failures=10**6), Counting()

    with running(Task("bad", 0.01, bad), Task("good", 0.01, good)):
        until(lambda: bad.turns >= 1 and good.turns >= 20, "twenty turns beside a failing task")

    assert bad.turns < good.turns


def test_a_task_that_hangs_does_not_stop_the_others(committed_db) -> None:
    release = threading.Event()

    def hangs(at: datetime) -> Mapping[str, Any]:
        release.wait(20)
        return {}

    good = Counting()

    with running(Task("hangs", 0.01, hangs), Task("good", 0.01, good)):
        until(lambda: good.turns >= 20, "twenty turns beside a hanging task")
        release.set()


def test_the_end_interrupts_a_long_pause(committed_db) -> None:
    rare = Counting()

    with running(Task("rare", 3600, rare)) as end:
        until(lambda: rare.turns == 1, "the first turn")
        end()

    assert rare.turns == 1


def test_a_failure_is_reported_and_gone_once_it_works_again(committed_db) -> None:
    flaky = Counting(failures=1)

    with running(Task("flaky", 0.01, flaky)):
        failed = until(lambda: reports().get("flaky"), "the first report")
        until(lambda: not reports()["flaky"].failing, "the report that it works again")

    assert failed.error in ("LookupError: no such thing anywhere", "")
    assert reports()["flaky"].failed_at is not None
    assert reports()["flaky"].done_at is not None


def test_a_failure_is_told_in_one_line(committed_db) -> None:
    clockwork = Clockwork([Task("flaky", 1, Counting(failures=1))], clock=lambda: NOW)

    went_well = clockwork.turn(clockwork.tasks[0])
    clockwork.beat()

    assert not went_well
    assert reports()["flaky"] == TaskReport(
        "flaky", NOW, failed_at=NOW, error="LookupError: no such thing anywhere", result={}
    )
    assert reports()[HEARTBEAT].seen_at == NOW


def test_a_restart_keeps_what_a_task_found_before(committed_db) -> None:
    report([TaskReport("verify", NOW, done_at=NOW, result={"violations": 3})])
    quiet = Counting()

    with running(Task("verify", 0.01, quiet)):
        until(lambda: reports()["verify"].seen_at > NOW + timedelta(seconds=1), "a report of the new worker")

    assert reports()["verify"].result == {"violations": 3}


def test_a_database_that_is_away_does_not_end_the_worker(committed_db, monkeypatch) -> None:
    from django.db import connections

    good = Counting()

    with running(Task("good", 0.01, good)):
        until(lambda: good.turns >= 2, "two turns")
        before = connections.settings["default"]["NAME"]
        connections.settings["default"]["NAME"] = "/nowhere/at/all"
        until(lambda: good.turns >= 10, "ten turns without a database")
        connections.settings["default"]["NAME"] = before
        until(lambda: reports().get(HEARTBEAT), "a heartbeat afterwards")

    assert not reports()["good"].failing
