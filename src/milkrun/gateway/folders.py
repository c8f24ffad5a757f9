"""The folders that partners' files come and go by: inbox, outbox and quarantine, one a partner.

File names from outside are data. Only plain files directly inside a partner's inbox are looked at; links, folders and
pipes are passed over, and a name never decides where something is written.
"""

import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LARGEST = 64 * 1024 * 1024
LEAST_FREE = 512 * 1024 * 1024
_TAKEN = re.compile(r"\.([0-9]{1,9})\.[0-9a-f]{16}\.done", re.ASCII)
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


def mail_folder(home: Path) -> Path:
    """Return where the demo keeps its e-mails instead of sending them, made where missing."""
    return _folder(home, "mail", "sent")


def bring_samples(home: Path, partner_code: str) -> int:
    """Put copies of the demo's sample files into a partner's inbox, as the partner would; return how many."""
    inbox = inbox_folder(home, partner_code)
    samples = sorted((home / "samples").glob("*.edi"))
    for sample in samples:
        draft = inbox / f"{sample.name}.tmp"
        shutil.copyfile(sample, draft)
        draft.replace(inbox / sample.name)
    return len(samples)


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
                if entry.name.endswith(".tmp") or (entry.name.startswith(".") and not _left_by_the_dead(entry.name)):
                    continue
                if entry.is_file(follow_symlinks=False):
                    entries.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.name))
        for _, name in sorted(entries):
            yield Arrival(code, inbox_folder(home, code) / name)


def _left_by_the_dead(name: str) -> bool:
    """Tell whether a file was on its way out when its process died: it is taken in once more, which changes nothing."""
    found = _TAKEN.fullmatch(name)
    if found is None:
        return False
    try:
        os.kill(int(found[1]), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was read: its bytes (None where it is too large) and what tells it from a newer one."""

    content: bytes | None
    identity: tuple[int, int, int]


def read_whole(path: Path) -> Seen:
    """Read a file without following a link; no content where it is larger than an interchange may be."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        fits = stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST
        return Seen(file.read(LARGEST + 1) if fits else None, _identity(found))


def _identity(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


def take_away(path: Path, seen: Seen) -> Path | None:
    """Take a file that was read out of the inbox; None where it is gone, or a newer one has come under its name.

    The partner may put the next file over this one at any moment. So the file is moved first and looked at then; a
    newer one goes back, and never over yet another one.
    """
    away = path.with_name(f".{os.getpid()}.{secrets.token_hex(8)}.done")
    try:
        path.rename(away)
    except FileNotFoundError:
        return None
    if _identity(away.stat(follow_symlinks=False)) == seen.identity:
        return away
    back = path
    while True:
        try:
            os.link(away, back, follow_symlinks=False)
            break
        except FileExistsError:
            back = path.with_name(f"{secrets.token_hex(4)}-{path.name}")
    away.unlink()
    return None


def put_aside(path: Path, home: Path, partner_code: str, name: str = "") -> Path:
    """Move a refused file into quarantine under its own (or the given) name, never over another one."""
    folder = quarantine_folder(home, partner_code)
    name = safe_name(name or path.name)
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
