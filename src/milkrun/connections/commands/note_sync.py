"""Count what came or went by a connection, how late it was, and what went wrong."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.connections.steps import count_sync
from milkrun.kernel.command import command


@dataclass(frozen=True, slots=True)
class SyncNoted:
    """It was counted."""

    kind: str
    key: str


@command
def note_sync(
    *,
    kind: str,
    key: str,
    at: datetime,
    done: int = 0,
    failed: int = 0,
    event_at: datetime | None = None,
    what: str = "",
    code: str = "",
    detail: str = "",
) -> SyncNoted:
    """Count for a connection on its day; see `connections.steps.count_sync` for what is meant."""
    count_sync(kind, key, at=at, done=done, failed=failed, event_at=event_at, what=what, code=code, detail=detail)
    return SyncNoted(kind, key)
