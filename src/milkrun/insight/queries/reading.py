"""One consistent look at the raw tables that keeps nobody from writing.

SQLite: a connection of its own, opened read-only, with a deferred transaction: in WAL mode it sees one moment and
writers go on. PostgreSQL: one REPEATABLE READ transaction that may not write. Inside a transaction of the caller its
own connection is read instead, so that a command or a test sees what it has not committed yet.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.db import connection, transaction

Row = tuple[Any, ...]


class Reader:
    """Runs plain SQL and hands the rows out one by one, so that a large table never stands in memory whole."""

    def __init__(self, open_cursor: Callable[[], Any]) -> None:
        self._open_cursor = open_cursor

    def rows(self, sql: str) -> Iterator[Row]:
        """Run one statement without parameters."""
        with closing(self._open_cursor()) as cursor:
            cursor.execute(sql)
            while chunk := cursor.fetchmany(2000):
                yield from chunk


Finder = Callable[[Reader], Iterable[str]]


@contextmanager
def one_moment() -> Iterator[Reader]:
    """Hold one state of the database for reading."""
    if connection.in_atomic_block:
        yield Reader(connection.cursor)
    elif connection.vendor == "sqlite":
        place = f"file:{quote(str(connection.settings_dict['NAME']))}?mode=ro"
        with closing(sqlite3.connect(place, uri=True, isolation_level=None, timeout=20)) as own:
            own.execute("BEGIN DEFERRED")
            yield Reader(own.cursor)
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield Reader(connection.chunked_cursor)


def sql(statement: str) -> Finder:
    """Make a finder of a statement whose rows are the violations; the first column names each."""

    def find(reader: Reader) -> Iterator[str]:
        return (str(row[0]) for row in reader.rows(statement))

    return find


def moment(value: Any) -> datetime:
    """Read an instant as either database hands it out."""
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return read if read.tzinfo else read.replace(tzinfo=UTC)
