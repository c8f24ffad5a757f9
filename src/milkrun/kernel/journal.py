"""The one log of what happened: written in the transaction of what it tells of, never changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from milkrun.kernel.identity import Actor
from milkrun.kernel.models import JournalEntry


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
    JournalEntry.objects.bulk_create(
        [
            JournalEntry(
                at=at,
                actor=actor.name,
                user_id=actor.user_id,
                via=actor.via,
                request_id=actor.request_id,
                action=entry.action,
                subject_kind=entry.subject_kind,
                subject_id=entry.subject_id,
                site_id=entry.site_id,
                before=entry.before,
                after=entry.after,
                reason=entry.reason[:400],
                facts=dict(entry.facts),
            )
            for entry in entries
        ],
        batch_size=2000,
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


def latest() -> int:
    """Return the number of the newest entry; it changes whenever anything happened."""
    return JournalEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
