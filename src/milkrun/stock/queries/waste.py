"""Waste: what was written off, by cause, item and month."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from milkrun.measure.wording import zone_of
from milkrun.stock.models import WriteOff


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
