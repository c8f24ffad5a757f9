"""The feed of movements: a reader that goes on from its last cursor sees every committed movement exactly once.

How far it may be read at any moment, and why not simply to the highest number, says `kernel.horizon`.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from milkrun.kernel.horizon import horizon
from milkrun.kernel.paging import Page, cursor, position
from milkrun.stock.models import Movement

# The top 16 bits of the lock's key, as in the migration that makes the trigger; the rest is the movement's number.
LOCK_CLASS = 0x4D52


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
    rows = rows.filter(id__lte=horizon(Movement._meta.db_table, LOCK_CLASS))
    found = rows.select_related(
        "posting__reverses", "part", "lot", "owner", "from_location", "from_hu", "to_location", "to_hu"
    )[:limit]
    records = tuple(_record(row) for row in found)
    return Page(records, records[-1].cursor if records else after)


def latest_movement() -> int:
    """Return the number up to which the feed of all sites may be read now."""
    return horizon(Movement._meta.db_table, LOCK_CLASS)


def _record(row: Movement) -> MovementRecord:
    posting = row.posting
    return MovementRecord(
        posting.public_id, posting.kind, posting.at, posting.actor, posting.reason, row.part.public_id,
        row.part.number, row.qty, row.part.base_unit, row.entered_qty, row.entered_unit,
        row.lot.number if row.lot else "", row.owner.code if row.owner else "", row.from_location.code,
        row.from_hu.sscc if row.from_hu else "", row.to_location.code, row.to_hu.sscc if row.to_hu else "",
        posting.reverses.public_id if posting.reverses else "", cursor(row.id),
    )  # fmt: skip
