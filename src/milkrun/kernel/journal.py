"""The one log of what happened: written in the transaction of what it tells of, never changed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from milkrun.kernel import bulk
from milkrun.kernel.horizon import horizon
from milkrun.kernel.identity import Actor
from milkrun.kernel.models import JournalEntry

_COLUMNS = (
    "at", "actor", "user_id", "via", "request_id", "action", "subject_kind", "subject_id", "site_id", "before",
    "after", "reason", "facts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to one row; `before` and `after` are states where a state moved."""

    action: str
    subject_kind: str
    subject_id: int
    site_id: int | None = None
    before: str = ""
    after: str = ""
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def write(entries: Iterable[Entry], *, actor: Actor, at: datetime) -> None:
    """Append entries to the journal, all by one actor at one instant."""
    when = bulk.instant(at)
    bulk.insert(
        JournalEntry._meta.db_table,
        _COLUMNS,
        [
            (
                when,
                actor.name,
                actor.user_id,
                actor.via,
                actor.request_id,
                entry.action,
                entry.subject_kind,
                entry.subject_id,
                entry.site_id,
                entry.before,
                entry.after,
                entry.reason[:400],
                json.dumps(dict(entry.facts)),
            )
            for entry in entries
        ],
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A journal entry as people read it."""

    at: datetime
    actor: str
    via: str
    action: str
    before: str
    after: str
    reason: str
    facts: Mapping[str, Any]


def history(subjects: Iterable[tuple[str, int]], *, limit: int = 200) -> list[Line]:
    """Read what happened to some rows, newest first.

    Args:
        subjects: (kind, id) pairs; the entries of all of them are merged.
        limit: at most so many entries.
    """
    by_kind: dict[str, list[int]] = {}
    for kind, key in subjects:
        by_kind.setdefault(kind, []).append(key)
    lines: list[tuple[int, Line]] = []
    for kind, keys in by_kind.items():
        rows = JournalEntry.objects.filter(subject_kind=kind, subject_id__in=keys).order_by("-id")[:limit]
        lines += [(r.id, Line(r.at, r.actor, r.via, r.action, r.before, r.after, r.reason, r.facts)) for r in rows]
    return [line for _, line in sorted(lines, key=lambda pair: -pair[0])][:limit]


@dataclass(frozen=True, slots=True)
class Happening:
    """A journal entry as a reader of the whole journal gets it."""

    id: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: int
    site_id: int | None
    before: str
    after: str
    reason: str
    facts: Mapping[str, Any]


# The top 16 bits of the lock that a writer of the journal holds, as in the migration that makes the trigger.
FEED_LOCK_CLASS = 0x4D53


def feed_end() -> int:
    """Return the number up to which the journal may be read now without missing what commits late."""
    return horizon(JournalEntry._meta.db_table, FEED_LOCK_CLASS)


def feed(after: int, subject_kinds: Iterable[str], limit: int = 500) -> tuple[list[Happening], int]:
    """Read entries about some kinds of rows, oldest first, each committed one exactly once over all readings.

    Returns:
        The entries, and the number to go on from: everything up to it was looked at.
    """
    end = feed_end()
    rows = JournalEntry.objects.filter(id__gt=after, id__lte=end, subject_kind__in=list(subject_kinds)).order_by("id")
    found = [
        Happening(
            row.id, row.at, row.actor, row.action, row.subject_kind, row.subject_id, row.site_id, row.before, row.after,
            row.reason, row.facts,
        )
        for row in rows[:limit]
    ]  # fmt: skip
    return found, found[-1].id if len(found) == limit else max(end, after)


def latest_at() -> datetime | None:
    """Return when the newest entry was written; None where there is none."""
    return JournalEntry.objects.order_by("-id").values_list("at", flat=True).first()


def latest() -> int:
    """Return the number of the newest entry; it changes whenever anything happened."""
    return JournalEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
