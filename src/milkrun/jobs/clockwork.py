"""Runs tasks again and again, each in a thread of its own, so that a slow or failing one never holds up another.

A task that fails is logged, reported and tried again after a growing pause. Nothing is remembered in this process that
would be missed after kill -9: what a task works on is leased or found again in the database and the folders.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.db import close_old_connections, connection

from milkrun.kernel.tasks import HEARTBEAT, TaskReport, report, reports

LOG = logging.getLogger("milkrun.worker")
LONGEST_PAUSE = 60.0
HEARTBEAT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Task:
    """Something done every so many seconds; `run` gets the time and returns what it found, to be shown."""

    name: str
    every: float
    run: Callable[[datetime], Mapping[str, Any]]


@dataclass
class Clockwork:
    """Tasks in threads, and the heartbeat that tells of them.

    Args:
        tasks: what is to be done.
        clock: tells the time; the only one in the worker.
    """

    tasks: Sequence[Task]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    stopping: threading.Event = field(default_factory=threading.Event)
    _reports: dict[str, TaskReport] = field(default_factory=dict)

    def run(self, ended: Callable[[float], bool]) -> None:
        """Run all tasks until it is time to end; returns when the last one has finished what it was at.

        Args:
            ended: waits so many seconds and tells whether to end.
        """
        self._remember()
        threads = [threading.Thread(target=self._repeat, args=(task,), name=task.name) for task in self.tasks]
        for thread in threads:
            thread.start()
        self.beat()
        while not ended(HEARTBEAT_SECONDS):
            self.beat()
        self.stopping.set()
        for thread in threads:
            thread.join()
        self.beat()
        connection.close()

    def _remember(self) -> None:
        """Go on from what was last reported, so that a restart does not blank what a task found hours ago."""
        try:
            self._reports.update(reports())
        except Exception as problem:
            LOG.error("reports not read", extra={"error": _sentence(problem)})

    def beat(self) -> None:
        """Report that the worker is alive and how its tasks do; a database that is away is no reason to die."""
        now = self.clock()
        running = {task.name for task in self.tasks}
        known = [one for one in self._reports.values() if one.name in running]
        try:
            close_old_connections()
            report([TaskReport(HEARTBEAT, now, done_at=now), *known])
        except Exception as problem:
            LOG.error("heartbeat failed", extra={"error": _sentence(problem)})

    def turn(self, task: Task) -> bool:
        """Do a task once and keep how it went; tells whether it went well."""
        at = self.clock()
        before = self._reports.get(task.name, TaskReport(task.name, at))
        try:
            close_old_connections()
            found = task.run(at)
        except Exception as problem:
            LOG.error("task failed", extra={"task": task.name, "error": _sentence(problem)}, exc_info=problem)
            self._reports[task.name] = replace(before, seen_at=at, failed_at=at, error=_sentence(problem))
            return False
        if before.failing:
            LOG.info("task works again", extra={"task": task.name})
        result = {**before.result, **found}
        self._reports[task.name] = replace(before, seen_at=at, done_at=at, error="", result=result)
        return True

    def _repeat(self, task: Task) -> None:
        failures = 0
        while not self.stopping.is_set():
            failures = 0 if self.turn(task) else failures + 1
            pause = task.every if not failures else min(max(task.every, 1.0) * 2 ** (failures - 1), LONGEST_PAUSE)
            self.stopping.wait(max(pause, task.every) if failures else pause)
        connection.close()


def _sentence(problem: Exception) -> str:
    return f"{type(problem).__name__}: {' '.join(str(problem).split())}"[:400]
