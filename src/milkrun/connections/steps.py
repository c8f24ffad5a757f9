"""Writes of connections, for use inside a command's transaction."""

from datetime import datetime

from django.db import connection

from milkrun.connections.models import ConnectionDay, ConnectionFault
from milkrun.kernel.bulk import instant

# One statement, because it runs beside every request of a machine; both databases know it.
_COUNT = """
INSERT INTO {table} (kind, key, day, done, failed, last_at, last_failed_at, event_at, lag_seconds, worst_lag_seconds)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (kind, key, day) DO UPDATE SET
  done = {table}.done + excluded.done,
  failed = {table}.failed + excluded.failed,
  last_at = COALESCE(excluded.last_at, {table}.last_at),
  last_failed_at = COALESCE(excluded.last_failed_at, {table}.last_failed_at),
  event_at = COALESCE(excluded.event_at, {table}.event_at),
  lag_seconds = COALESCE(excluded.lag_seconds, {table}.lag_seconds),
  worst_lag_seconds = CASE
    WHEN excluded.worst_lag_seconds IS NULL THEN {table}.worst_lag_seconds
    WHEN {table}.worst_lag_seconds > excluded.worst_lag_seconds THEN {table}.worst_lag_seconds
    ELSE excluded.worst_lag_seconds END
"""


def count_sync(
    kind: str,
    key: str,
    *,
    at: datetime,
    done: int = 0,
    failed: int = 0,
    event_at: datetime | None = None,
    what: str = "",
    code: str = "",
    detail: str = "",
) -> None:
    """Count what came or went by a connection today, how late it was, and what went wrong.

    Args:
        kind: edi, token, webhook or drop.
        key: which one of the kind.
        at: when it was recorded here.
        done: so many things went well.
        failed: so many did not.
        event_at: when the newest of them happened, where the other side says so; the lag is what lies between.
        what: what went wrong, in a few words; nothing is kept of an empty one.
        code: a code that programs compare.
        detail: one sentence.
    """
    # A clock that is ahead of ours is no lag.
    lag = None if event_at is None else max(int((at - event_at).total_seconds()), 0)
    now = instant(at)
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT.format(table=ConnectionDay._meta.db_table),
            [
                kind, key[:60], at.date(), done, failed, now if done else None, now if failed else None,
                instant(event_at) if event_at else None, lag, lag,
            ],
        )  # fmt: skip
    if what:
        ConnectionFault.objects.create(kind=kind, key=key[:60], at=at, what=what, code=code[:48], detail=detail[:400])
