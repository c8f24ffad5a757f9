"""`make run` fills a new database once, as a whole, and never one that the user brought."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import run

# Stands in for the installed command: notes how it was called, and creates the database it is told to.
PROGRAM = """#!/bin/sh
echo "$* ${DATABASE_URL##*/}" >> "$MILKRUN_HOME/../calls"
case "$1" in init) touch "${DATABASE_URL#sqlite:///}" 2>/dev/null; exit ${CODE:-0};; esac
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder that looks like the environment's `bin`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python").symlink_to(Path(sys.executable).resolve())
    (folder / "milkrun").write_text(PROGRAM)
    (folder / "milkrun").chmod(0o755)
    return folder


def start(programs: Path, **environment: str) -> list[str]:
    """Run the tool once; return how `milkrun` was called in it."""
    own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    home = programs.parent / "home"
    calls = programs.parent / "calls"
    calls.unlink(missing_ok=True)
    subprocess.run(
        [programs / "python", run.__file__, "--port", "8000"],
        env={**own, "MILKRUN_HOME": str(home), **environment},
        capture_output=True,
    )
    return [line.strip() for line in calls.read_text().splitlines()]


def test_the_first_start_fills_and_the_second_keeps(programs: Path) -> None:
    first = start(programs)
    second = start(programs)

    assert first == ["init --demo unfinished.sqlite3", "serve --port 8000"]
    assert second == ["init", "serve --port 8000"]


def test_only_a_database_with_demo_people_is_served_as_a_demo(programs: Path) -> None:
    home = programs.parent / "home"
    home.mkdir()
    with closing(sqlite3.connect(home / "milkrun.sqlite3")) as database, database:
        database.execute("CREATE TABLE partners_user (email TEXT)")
        before = start(programs)
        database.execute("INSERT INTO partners_user VALUES ('packer@demo.milkrun.example')")
        database.commit()
        after = start(programs)

    assert before == ["init", "serve --port 8000"]
    assert after == ["init", "serve --demo --port 8000"]


def test_a_first_start_that_fails_is_no_first_start(programs: Path) -> None:
    failed = start(programs, CODE="1")
    again = start(programs)

    assert failed == ["init --demo unfinished.sqlite3"]
    assert again == ["init --demo unfinished.sqlite3", "serve --port 8000"]


def test_a_database_of_the_user_is_upgraded_and_not_filled(programs: Path) -> None:
    (programs.parent / "home").mkdir()

    calls = start(programs, DATABASE_URL="postgres://localhost/plant")

    assert calls == ["init plant", "serve --port 8000 plant"]
