"""The folders that partners' files come and go by: inbox, outbox and quarantine, one a partner.

File names from outside are data. Only plain files directly inside a partner's inbox are looked at; links, folders and
pipes are passed over, and a name never decides where something is written.
"""

import os
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LARGEST = 64 * 1024 * 1024
LEAST_FREE = 512 * 1024 * 1024
_SAFE = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A complete file in a partner's inbox."""

    partner_code: str
    path: Path


def inbox_folder(home: Path, partner_code: str) -> Path:
    """Return a partner's inbox, made where missing."""
    return _folder(home, "inbox", partner_code)


def outbox_folder(home: Path, partner_code: str) -> Path:
    """Return a partner's outbox, made where missing."""
    return _folder(home, "outbox", partner_code)


def quarantine_folder(home: Path, partner_code: str) -> Path:
    """Return where a partner's refused files are put, made where missing."""
    return _folder(home, "quarantine", partner_code)


def _folder(home: Path, kind: str, partner_code: str) -> Path:
    folder = home / kind / safe_name(partner_code)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def safe_name(name: str) -> str:
    """Bring a name from outside into one that cannot leave its folder.

    Example:
        >>> safe_name("../../etc/passwd")
        '_.._etc_passwd'
    """
    return _SAFE.sub("_", name).lstrip(".")[:120] or "unnamed"


def arrivals(home: Path, partner_codes: list[str]) -> Iterator[Arrival]:
    """List complete files, oldest first by partner; names ending in .tmp or starting with a dot are not complete."""
    for code in partner_codes:
        entries = []
        with os.scandir(inbox_folder(home, code)) as listing:
            for entry in listing:
                if entry.name.startswith(".") or entry.name.endswith(".tmp"):
                    continue
                if entry.is_file(follow_symlinks=False):
                    entries.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.name))
        for _, name in sorted(entries):
            yield Arrival(code, inbox_folder(home, code) / name)


def read_whole(path: Path) -> bytes | None:
    """Read a file without following a link; None where it is larger than an interchange may be."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            return None
        return file.read(LARGEST + 1)


def put_aside(path: Path, home: Path, partner_code: str) -> Path:
    """Move a refused file into quarantine, never over another one."""
    folder = quarantine_folder(home, partner_code)
    name = safe_name(path.name)
    target = folder / name
    count = 1
    while target.exists():
        count += 1
        target = folder / f"{count}-{name}"
    path.replace(target)
    return target


def enough_space(home: Path) -> bool:
    """Tell whether the data folder's disk has room to keep what comes in: half a gigabyte, or a twentieth of it."""
    disk = shutil.disk_usage(home)
    return disk.free >= min(LEAST_FREE, disk.total // 20)
