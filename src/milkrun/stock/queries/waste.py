"""Waste: what was written off, by cause, item and month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.money import from_minor
from milkrun.measure.wording import moment, zone_of
from milkrun.stock.models import WriteOff

COLUMNS = ("at", "month", "part", "lot", "cause", "qty", "unit", "value", "currency", "by", "reason")


@dataclass(frozen=True, slots=True)
class WasteSum:
    """The waste of one month, item and cause; a value of None: the part had no standard cost."""

    month: str
    part_number: str
    part_public_id: str
    cause: str
    qty: Decimal
    unit: str
    value_minor: int | None
    currency: str
    times: int


@dataclass(frozen=True, slots=True)
class WasteRow:
    """One write-off that stands."""

    posting_id: int
    at: str
    part_number: str
    part_public_id: str
    lot: str
    cause: str
    qty: Decimal
    unit: str
    value_minor: int | None
    currency: str
    by: str
    reason: str


def waste_sums(site_id: int, zone: str, since: datetime) -> list[WasteSum]:
    """Add up the waste since an instant by month of the site's calendar, item and cause, the newest month first."""
    sums: dict[tuple[str, str, str, str], list[WriteOff]] = {}
    for row in _standing(site_id).filter(at__gte=since).iterator(chunk_size=2000):
        key = (f"{row.at.astimezone(zone_of(zone)):%Y-%m}", row.part.number, row.cause, row.currency)
        sums.setdefault(key, []).append(row)
    found = [_sum(key, rows) for key, rows in sums.items()]
    found.sort(key=lambda one: (one.part_number, one.cause))
    return sorted(found, key=lambda one: (one.month, one.value_minor or 0), reverse=True)


def by_cause(sums: list[WasteSum]) -> list[tuple[str, str, int]]:
    """Add value up by (cause, currency), the largest first."""
    found: dict[tuple[str, str], int] = {}
    for one in sums:
        if one.value_minor is not None:
            key = (one.cause, one.currency)
            found[key] = found.get(key, 0) + one.value_minor
    return sorted(((cause, currency, value) for (cause, currency), value in found.items()), key=lambda row: -row[2])


def write_offs(site_id: int, zone: str, after: str = "", limit: int = 50) -> Page[WasteRow]:
    """List write-offs that were not taken back, the newest first."""
    rows = _standing(site_id).order_by("-id")
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_row(row, zone) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def waste_rows(site_id: int, zone: str) -> Iterator[dict[str, object]]:
    """Give every write-off that stands, oldest first, for an export."""
    for row in _standing(site_id).order_by("id").iterator(chunk_size=2000):
        told = _row(row, zone)
        value = None if row.value_minor is None else from_minor(row.value_minor, row.currency)
        yield dict(
            zip(
                COLUMNS,
                (told.at, told.at[:7], told.part_number, told.lot, told.cause, told.qty, told.unit, value,
                 told.currency, told.by, told.reason),
                strict=True,
            )
        )  # fmt: skip


def _standing(site_id: int) -> QuerySet[WriteOff]:
    rows = WriteOff.objects.filter(site_id=site_id, posting__reversed_by=None)
    return rows.select_related("part", "lot", "posting")


def _sum(key: tuple[str, str, str, str], rows: list[WriteOff]) -> WasteSum:
    part = rows[0].part
    worth = [row.value_minor for row in rows if row.value_minor is not None]
    return WasteSum(
        key[0], part.number, part.public_id, key[2], sum((row.qty for row in rows), Decimal(0)), part.base_unit,
        sum(worth) if worth else None, key[3], len(rows),
    )  # fmt: skip


def _row(row: WriteOff, zone: str) -> WasteRow:
    return WasteRow(
        row.posting_id, moment(row.at, zone), row.part.number, row.part.public_id, row.lot.number if row.lot else "",
        row.cause, row.qty, row.part.base_unit, row.value_minor, row.currency, row.posting.actor, row.posting.reason,
    )  # fmt: skip
