"""Fresh databases for tests that commit: copies of a template, made in a fraction of a second.

The ledger's rows can be neither updated nor deleted, by triggers on both databases, so a test that has committed
cannot be cleaned up behind it. It gets a database of its own instead: a file copy on SQLite, `CREATE DATABASE ..
TEMPLATE` on PostgreSQL. Django's default connection is pointed at the copy, in every thread, and `DATABASE_URL`
names it, so that child processes work on it too.
"""

import itertools
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import connection, connections


@dataclass(frozen=True)
class DatabaseCopy:
    """A database that belongs to one test: `url` is what DATABASE_URL says while it is in use."""

    url: str
    name: str


class DatabaseCopies:
    """Templates of one test run and the copies made from them.

    The template `empty` is the migrated database without any row of a test. Others are made on first demand by
    filling a copy of `empty` once, for example with the demo data.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engine = (
            _SqliteFiles(folder)
            if connection.vendor == "sqlite"
            else _PostgresDatabases(connection.settings_dict["NAME"])
        )
        self._templates = {"empty": self._freeze("empty")}
        self._numbers = itertools.count(1)

    @contextmanager
    def copy(self, template: str = "empty") -> Iterator[DatabaseCopy]:
        """Point Django and DATABASE_URL at a new copy of a template; drop the copy afterwards."""
        name = self._engine.duplicate(self._templates[template], f"copy_{next(self._numbers)}")
        try:
            with _pointed_at(name, self._engine.url(name)):
                yield DatabaseCopy(self._engine.url(name), name)
        finally:
            self._engine.drop(name)

    def template(self, name: str, fill: Callable[[], object]) -> str:
        """Make a template by running `fill` on a copy of `empty`, once per run; return its name for `copy`."""
        if name not in self._templates:
            with self.copy():
                fill()
                self._templates[name] = self._freeze(name)
        return name

    def close(self) -> None:
        """Drop the templates."""
        for name in self._templates.values():
            self._engine.drop(name)

    def _freeze(self, name: str) -> str:
        """Keep the present state of the current database as a template."""
        _disconnect()
        return self._engine.duplicate(connection.settings_dict["NAME"], f"template_{name}")


class _SqliteFiles:
    """Copies as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def duplicate(self, source: str, name: str) -> str:
        """Copy a database file with everything committed in it, also what still stands in its write-ahead log."""
        target = str(self._folder / f"{name}.sqlite3")
        with closing(sqlite3.connect(source)) as from_file, closing(sqlite3.connect(target)) as to_file:
            from_file.backup(to_file)
        return target

    def url(self, name: str) -> str:
        """Return the DATABASE_URL of a file."""
        return f"sqlite:///{name}"

    def drop(self, name: str) -> None:
        """Delete a file and what SQLite keeps beside it."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(name + suffix).unlink(missing_ok=True)


class _PostgresDatabases:
    """Copies as databases of the same server, named after the run's own test database."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def duplicate(self, source: str, name: str) -> str:
        """Copy a database that nobody is connected to."""
        target = f"{self._prefix}_{name}"
        self._execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        return target

    def url(self, name: str) -> str:
        """Return the DATABASE_URL of a database on this server."""
        return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()

    def drop(self, name: str) -> None:
        """Drop a database, ending what is still connected to it."""
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


@contextmanager
def _pointed_at(name: str, url: str) -> Iterator[None]:
    """Point every thread's default connection, and DATABASE_URL, at another database for the length of the block."""
    # Each thread makes its own connection object, but all of them share this one dictionary.
    shared = connections.settings["default"]
    before = shared["NAME"], os.environ.get("DATABASE_URL", "")
    _disconnect()
    shared["NAME"], os.environ["DATABASE_URL"] = name, url
    try:
        yield
    finally:
        _disconnect()
        shared["NAME"], os.environ["DATABASE_URL"] = before


def _disconnect() -> None:
    """Close this thread's connections and the pool, and forget what was cached from the database."""
    connections.close_all()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    cache.clear()
