"""What a refused command leaves behind: nothing. A fingerprint of the whole database, and the check that uses it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from milkrun.kernel.errors import Refusal

LEFT_OUT = {"django_migrations", "sqlite_sequence"}


def fingerprint() -> dict[str, str]:
    """Return a hash of every row of every table, by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - LEFT_OUT):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = sorted(repr([_plain(value) for value in row]) for row in cursor.fetchall())
            found[table] = f"{len(rows)} rows {hashlib.sha256(repr(rows).encode()).hexdigest()[:16]}"
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


@contextmanager
def refused(kind: type[Refusal]) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Expect exactly this refusal and a database without any change; the caught refusal is there to be asked."""
    before = fingerprint()
    with pytest.raises(kind) as caught:
        yield caught
    assert type(caught.value) is kind
    assert caught.value.message.endswith("."), "a refusal is a sentence"
    assert fingerprint() == before, "a refused command has changed something"
