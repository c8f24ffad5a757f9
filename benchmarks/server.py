"""A private PostgreSQL with Milkrun's tables and a small plant, for the rows that write and read."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from benchmarks.measure import Row

# Rows read and write more than the default 128 MB would keep; every contender has the same.
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "4GB", "checkpoint_timeout": "30min"}
MODULES = {
    "calls": "calls",
    "intake": "intake",
    "post": "posting",
    "post500": "posting",
    "hot": "hot",
    "list": "lists",
    "verify": "proof",
    "release": "line",
    "issue": "line",
    "growth": "growth",
}


@dataclass
class Server:
    """The running server: its main process, and what the report says about it."""

    pid: int
    facts: dict[str, Any]
    plant: Any

    def rows(self, name: str, quick: bool) -> Iterator[Row]:
        """Prepare the rows of one name."""
        module = import_module(f"benchmarks.rows.{MODULES[name]}")
        make = getattr(module, name if hasattr(module, name) else "rows")
        yield from make(self.plant, quick)


def start(stack: ExitStack) -> Server | None:
    """Start the server for as long as the stack stands; None where PostgreSQL is missing."""
    from postgres import NoServer, private_postgres

    try:
        url = stack.enter_context(private_postgres(durable=True, settings=SETTINGS))
    except NoServer:
        return None
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "milkrun.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    stack.callback(connection.close)
    with connection.cursor() as cursor:
        cursor.execute("SELECT version(), pg_backend_pid()")
        text, backend = cursor.fetchone()
    from benchmarks.plant import build

    plant = build()
    return Server(_parent(backend), {"postgresql": text.split(" on ")[0], "fsync": _flushes()}, plant)


def _parent(pid: int) -> int:
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


def _flushes() -> float:
    """Count how often a second the disk can be waited for, as each commit does."""
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        count, until = 0, time.perf_counter() + 0.5
        began = time.perf_counter()
        while time.perf_counter() < until:
            file.write(b"x" * 512)
            file.flush()
            os.fdatasync(file.fileno())
            count += 1
        return count / (time.perf_counter() - began)
