"""The feed of movements: a reader that goes on from its last cursor sees every committed movement exactly once.

Numbers are given out before the commit, so on PostgreSQL a movement with a lower number may appear after one with a
higher number was read; whoever asks for "all above the last one" loses it. Therefore each transaction that writes
movements holds, until it ends, a shared advisory lock that says which number it started above (a trigger of the
ledger sets it), and the feed ends below the lowest number that is still under way. The order of reading matters:
first the highest number given out, then the locks, then the rows. A transaction that is in none of the locks has
either ended, and then its rows are seen, or will get numbers above the ones this page ends with.

SQLite has one writer at a time, so there numbers appear in the order of their commits.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from milkrun.kernel.paging import Page, cursor, position
from milkrun.stock.models import Movement

# The top 16 bits of the lock's key, as in the migration that makes the trigger; the rest is the movement's number.
LOCK_CLASS = 0x4D52
_FLOORS = (
    "SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) FROM pg_locks "
    "WHERE locktype = 'advisory' AND mode = 'ShareLock' AND objsubid = 1 AND (classid::bigint >> 16) = %s "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True, slots=True)
class MovementRecord:
    """One movement; `cursor` is where a reader goes on that has taken this one in."""

    posting_id: str
    kind: str
    at: datetime
    actor: str
    reason: str
    part_id: str
    part: str
    qty: Decimal
    unit: str
    entered_qty: Decimal | None
    entered_unit: str
    lot_no: str
    owner: str
    from_location: str
    from_sscc: str
    to_location: str
    to_sscc: str
    reverses: str
    cursor: str


def movement_feed(site_id: int, after: str = "", limit: int = 50) -> Page[MovementRecord]:
    """Read the movements of a site after a cursor, oldest first.

    Returns:
        The page; its cursor is never empty once anything was read, so that a reader asks with it again later.

    Raises:
        Invalid: this is no cursor of the feed.
    """
    start = position(after, int)
    rows = Movement.objects.filter(site_id=site_id, id__gt=start[0] if start else 0).order_by("id")
    if connection.vendor == "postgresql":
        rows = rows.filter(id__lte=_horizon())
    found = rows.select_related(
        "posting__reverses", "part", "lot", "owner", "from_location", "from_hu", "to_location", "to_hu"
    )[:limit]
    records = tuple(_record(row) for row in found)
    return Page(records, records[-1].cursor if records else after)


def _horizon() -> int:
    """Return the number up to which every movement is either committed or will never be."""
    table = Movement._meta.db_table
    with connection.cursor() as database:
        database.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        database.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {database.fetchone()[0]}")  # noqa: S608
        given_out: int = database.fetchone()[0]
        database.execute(_FLOORS, [LOCK_CLASS])
        floor: int | None = database.fetchone()[0]
    return given_out if floor is None else min(given_out, floor)


def _record(row: Movement) -> MovementRecord:
    posting = row.posting
    return MovementRecord(
        posting.public_id, posting.kind, posting.at, posting.actor, posting.reason, row.part.public_id,
        row.part.number, row.qty, row.part.base_unit, row.entered_qty, row.entered_unit,
        row.lot.number if row.lot else "", row.owner.code if row.owner else "", row.from_location.code,
        row.from_hu.sscc if row.from_hu else "", row.to_location.code, row.to_hu.sscc if row.to_hu else "",
        posting.reverses.public_id if posting.reverses else "", cursor(row.id),
    )  # fmt: skip
