"""The folder of one analysis of files: what was brought, what is wanted next, what came of it.

Nothing of it reaches the database. The folder's name is the only key to it, so it is long and never listed; an hour
after the last step the folder is removed. The page writes what is wanted, the worker takes that up, room by room.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEPT_SECONDS = 3600
# All folders together: nothing more is taken until some are gone.
MOST_ROOMS = 40
MOST_BYTES = 2 << 30
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")
_UNFIT = re.compile(r"[^\w.() -]")


@dataclass(frozen=True, slots=True)
class Room:
    """One analysis; notes about it lie as JSON beside the files."""

    folder: Path

    @property
    def key(self) -> str:
        """The secret name under which it is found."""
        return self.folder.name

    @property
    def files(self) -> tuple[Path, ...]:
        """What was brought, by name."""
        return tuple(sorted((self.folder / "files").iterdir()))

    @property
    def report(self) -> Path:
        """The folder of the result."""
        return self.folder / "report"

    @property
    def size(self) -> int:
        """Bytes of everything in it."""
        found = 0
        for place, _folders, names in os.walk(self.folder):
            for name in names:
                with suppress(OSError):
                    found += os.lstat(os.path.join(place, name)).st_size
        return found

    def bring(self, name: str, content: bytes) -> None:
        """Keep a file; where one of its name lies already, it gets a number."""
        kept = fitting(name)
        stem, dot, ending = kept.partition(".")
        for number in range(1, MOST_ROOMS * MOST_ROOMS):
            path = self.folder / "files" / (kept if number == 1 else f"{stem}-{number}{dot}{ending}")
            if not path.exists():
                path.write_bytes(content)
                return

    def note(self, name: str) -> Any:
        """Return a note, None where there is none."""
        try:
            return json.loads((self.folder / f"{name}.json").read_bytes())
        except FileNotFoundError:
            return None

    def write(self, name: str, note: Any) -> None:
        """Keep a note; whoever reads at the same time sees the old one or the new one."""
        draft = self.folder / f"{name}.{secrets.token_hex(4)}.new"
        draft.write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")
        draft.replace(self.folder / f"{name}.json")

    def want(self, step: str) -> None:
        """Ask for a step; the worker takes it up within a second."""
        self.write("wanted", {"step": step, "number": secrets.token_hex(8)})

    def forget(self, *names: str) -> None:
        """Remove notes."""
        for name in names:
            (self.folder / f"{name}.json").unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the room; False where another process does. The system lets go of it when the holder dies."""
        with (self.folder / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def remove(self) -> None:
        """Remove everything: out of sight at once, so that whoever still writes finds no folder."""
        gone = self.folder.with_name(f"removed-{secrets.token_hex(8)}")
        with suppress(OSError):
            self.folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def open_room(home: Path) -> Room:
    """Make an empty room."""
    room = Room(_place(home) / secrets.token_urlsafe(16))
    # The names of rooms are keys: nobody else on this machine may list them.
    for folder in (_place(home), room.folder, room.folder / "files"):
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    return room


def find_room(home: Path, key: str) -> Room | None:
    """Return the room of a key, None where it never was or is gone."""
    room = Room(_place(home) / key) if _KEY.fullmatch(key) else None
    return room if room and room.folder.is_dir() else None


def rooms(home: Path) -> list[Room]:
    """Return all rooms, the one that waits longest first; what is over its time is removed on the way."""
    place = _place(home)
    ages: list[tuple[float, Room]] = []
    for folder in place.iterdir() if place.is_dir() else ():
        try:
            ages.append((folder.stat().st_mtime, Room(folder)))
        except FileNotFoundError:
            continue
    for changed, room in ages:
        if time.time() - changed > KEPT_SECONDS:
            room.remove()
    there = [room for _changed, room in sorted(ages, key=lambda pair: pair[0]) if room.folder.is_dir()]
    return [room for room in there if _KEY.fullmatch(room.key)]


def is_full(home: Path) -> bool:
    """Tell whether no further analysis can be taken now."""
    there = rooms(home)
    return len(there) >= MOST_ROOMS or sum(room.size for room in there) >= MOST_BYTES


def fitting(name: str) -> str:
    """Turn a name from outside into one for a file here: no folders, letters of any language, not too long."""
    bare = _UNFIT.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")
    return bare[-60:].lstrip(". ") or "table.csv"


def _place(home: Path) -> Path:
    return home / "analyses"
