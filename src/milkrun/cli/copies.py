"""Copies of the database: made while everything runs, brought back into an empty one.

A copy of the embedded database is a database file of its own; a copy of PostgreSQL is what `pg_dump` writes in its
custom format. Both are readable for their owner only, complete or not there at all.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from milkrun.cli.ending import Ended

SQLITE_MARK, POSTGRES_MARK = b"SQLite format 3\0", b"PGDMP"


def make(target: Path) -> int:
    """Write a copy of the database; returns its size in bytes.

    Raises:
        Ended: the file exists, cannot be written, or the tool of PostgreSQL is missing or fails.
    """
    if target.exists():
        raise Ended("file_exists", f"{target} exists. Choose another name; a copy is never written over.")
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        draft.touch(mode=0o600)
        facts = _database()
        if facts["vendor"] == "sqlite":
            with closing(sqlite3.connect(facts["NAME"])) as source, closing(sqlite3.connect(draft)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
        else:
            _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={draft}"], facts)
        os.link(draft, target)
    except (OSError, sqlite3.Error) as problem:
        raise Ended("backup_failed", f"The copy could not be written: {problem}.") from None
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def bring_back(copy: Path) -> None:
    """Put a copy into the database of the settings, which must be empty.

    Raises:
        Ended: the copy is none, is of the other kind of database, or the target is not empty.
    """
    try:
        mark = copy.open("rb").read(16)
    except OSError as problem:
        raise Ended("no_copy", f"{copy} cannot be read: {problem.strerror}.") from None
    facts = _database()
    wanted = SQLITE_MARK if facts["vendor"] == "sqlite" else POSTGRES_MARK
    if not mark.startswith(wanted):
        raise Ended("wrong_copy", f"{copy} is no copy of this kind of database ({facts['vendor']}). See DATABASE_URL.")
    if rows := _rows_there():
        raise Ended("not_empty", f"The database has {rows}. A copy is brought back into an empty one only.")
    if facts["vendor"] == "sqlite":
        _into_file(copy, Path(facts["NAME"]))
    else:
        _into_server(copy, facts)


def _into_file(copy: Path, target: Path) -> None:
    from django.db import connections

    connections.close_all()
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in (target, target.with_name(f"{target.name}-wal"), target.with_name(f"{target.name}-shm")):
        left.unlink(missing_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(draft)) as made:
        source.backup(made)
    draft.replace(target)


def _into_server(copy: Path, facts: dict[str, Any]) -> None:
    from django.db import connection, connections

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connections.close_all()
    name = str(facts["NAME"])
    _run("pg_restore", ["--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={name}", str(copy)], facts)


def _rows_there() -> str:
    """Say what the target holds, "" where it is empty: no tables, or tables without sites and people."""
    from django.db import connection

    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return ""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for table, noun in (
            ("partners_site", "sites"),
            ("partners_user", "people"),
            ("kernel_journalentry", "a journal"),
        ):
            if table in tables:
                cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608 - constant names
                if cursor.fetchone():
                    return noun
        strangers = [table for table in tables if not table.startswith(("django_", "auth_", "axes_"))]
    known = ("kernel_", "partners_", "parts_", "stock_")
    return "" if not strangers or any(t.startswith(known) for t in strangers) else f"tables of others ({strangers[0]})"


def _database() -> dict[str, Any]:
    from django.db import connection

    return {**connection.settings_dict, "vendor": connection.vendor}


def _run(tool: str, arguments: list[str], facts: dict[str, Any]) -> None:
    program = shutil.which(tool)
    if program is None:
        raise Ended(
            f"{tool}_missing",
            f"{tool} is not installed here. Install the client tools of PostgreSQL (postgresql-client).",
        )
    environment = {
        **os.environ, "PGHOST": str(facts["HOST"]), "PGPORT": str(facts["PORT"] or 5432), "PGUSER": str(facts["USER"]),
        "PGPASSWORD": str(facts["PASSWORD"]), "PGDATABASE": str(facts["NAME"]),
    }  # fmt: skip
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason given"]
        raise Ended(f"{tool}_failed", f"{tool}: {said[0]}")
