"""`make run`: create and fill the demo database on the first start, then serve."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

DEMO_PEOPLE = "SELECT 1 FROM partners_user WHERE email LIKE '%@demo.milkrun.example' LIMIT 1"
MILKRUN = Path(sys.executable).parent / "milkrun"


def main(arguments: Sequence[str]) -> int:
    """Prepare the database and hand this process over to `milkrun serve`."""
    # A database that the user names is upgraded, but never filled unasked.
    database = Path(os.environ["MILKRUN_HOME"]).resolve() / "milkrun.sqlite3"
    own = not os.environ.get("DATABASE_URL")
    code = _create_demo(database) if own and not database.exists() else _milkrun("init")
    if code != 0:
        return code
    demo = ["--demo"] if own and _is_demo(database) else []
    # The server takes this process's place, so that Ctrl-C and signals reach it directly.
    os.execv(str(MILKRUN), [str(MILKRUN), "serve", *demo, *arguments])


def _is_demo(database: Path) -> bool:
    """Tell whether the people of the demo are in a database, so that the sign-in page may name them."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return bool(connection.execute(DEMO_PEOPLE).fetchone())
    except sqlite3.Error:
        return False


def _create_demo(database: Path) -> int:
    """Fill a new database under another name and move it into place when it is complete.

    A first start that is broken off leaves nothing that a second start would take for the finished database.
    """
    print("First start: creating the database with demo data ...", file=sys.stderr, flush=True)
    database.parent.mkdir(parents=True, exist_ok=True)
    unfinished = database.with_name("unfinished.sqlite3")
    for suffix in ("", "-wal", "-shm"):
        Path(f"{unfinished}{suffix}").unlink(missing_ok=True)
    code = _milkrun("init", "--demo", DATABASE_URL=f"sqlite:///{unfinished}")
    if code == 0:
        # What still stands in the write-ahead log beside the file must move with it.
        with closing(sqlite3.connect(unfinished)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        unfinished.rename(database)
    return code


def _milkrun(*arguments: str, **environment: str) -> int:
    """Run one verb and return its exit code."""
    return subprocess.run([str(MILKRUN), *arguments], env={**os.environ, **environment}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
