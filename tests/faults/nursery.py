"""Starts workers to be killed: a process that has everything loaded and forks a worker for each line it reads.

A line says where the worker kills itself with SIGKILL: "module:name:before" or "module:name:after" a function is
called, or nothing. The tasks are the product's own; only their pauses are short, and the clock runs two hundred times
as fast, so that a lease of a dead worker runs out in a third of a second.
"""

import importlib
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

FASTER = 200
FIRST_DAY = datetime(2026, 11, 23, tzinfo=UTC)


def clock_from(start: float) -> Any:
    """Make a clock that is the same for all workers of one run."""
    return lambda: FIRST_DAY + timedelta(seconds=FASTER * (time.monotonic() - start))


def die_at(point: str) -> None:
    """Replace a function by one that kills the process before or after it does its work."""
    module_name, name, when = point.split(":")
    module = importlib.import_module(module_name)
    real = getattr(module, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(module, name, deadly)


def work(point: str, start: float) -> None:
    """Be a worker until killed."""
    from django.conf import settings

    from milkrun.jobs.clockwork import Clockwork
    from milkrun.jobs.worker import tasks

    if point:
        die_at(point)
    todo = [replace(task, every=0.02) for task in tasks(Path(settings.MILKRUN_HOME)) if task.name != "verify"]
    Clockwork(todo, clock=clock_from(start)).run(lambda seconds: threading.Event().wait(seconds))


def main() -> None:
    """Fork a worker for each line; say its number, then how it ended."""
    django.setup()
    for name in ("milkrun.jobs.worker", "milkrun.gateway.send", "milkrun.gateway.inbox"):
        importlib.import_module(name)
    start = float(sys.argv[1])
    for line in sys.stdin:
        worker = os.fork()
        if worker == 0:
            work(line.strip(), start)
            os._exit(0)
        print(worker, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
