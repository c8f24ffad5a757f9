"""The migrated SQLite database, kept from one run of the tests to the next.

Making it costs ten seconds of a core, copying it a hundredth of one. What is kept is found by a fingerprint of
everything the making depends on: the migrations, what they import, the settings and the versions beneath. One change
in them makes another file, so a kept database is never an old one. The folder is in the system's temporary files.
"""

import fcntl
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import django

SOURCE = Path(__file__).parent.parent / "src" / "milkrun"
MADE_FROM = ("*/migrations/*.py", "*/models.py", "*/apps.py", "kernel/**/*.py", "config/**/*.py")
KEPT = 5


def recalled(make: Callable[[], str], target: Path) -> None:
    """Put the migrated database at `target`: copied where it was made before, else made now and kept.

    Args:
        make: makes the database and returns its file; runs in one process at a time.
        target: where the copy belongs.
    """
    folder = Path(tempfile.gettempdir()) / f"milkrun-test-databases-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        # The second worker waits for the first one's database instead of making its own.
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = folder / f"{fingerprint()}.sqlite3"
        if not kept.exists():
            _copy(Path(make()), kept.with_suffix(".new"))
            kept.with_suffix(".new").rename(kept)
        kept.touch()
        for old in sorted(folder.glob("*.sqlite3"), key=lambda file: file.stat().st_mtime)[:-KEPT]:
            old.unlink()
        _copy(kept, target)


def fingerprint() -> str:
    """Name everything that decides how the database looks."""
    told = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for file in sorted({file for pattern in MADE_FROM for file in SOURCE.glob(pattern)}):
        told.update(str(file.relative_to(SOURCE)).encode())
        told.update(file.read_bytes())
    return told.hexdigest()[:32]


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as from_file, closing(sqlite3.connect(target)) as to_file:
        from_file.backup(to_file)
