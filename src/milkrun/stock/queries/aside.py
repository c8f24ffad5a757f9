"""Scans that phones set aside, and where loose goods stand that a scan names."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import moment
from milkrun.stock.models import Balance, SetAsideScan
from milkrun.stock.states import REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A scan that was set aside: what, whose, why, and what was done about it."""

    id: int
    public_id: str
    mode: str
    subject: str
    scan: str
    message: str
    scanned_by: str
    handed_over_by: str
    at: str
    state: str
    settled: str
    note: str
    content: dict[str, str]


@dataclass(frozen=True, slots=True)
class Loose:
    """Loose goods at one place."""

    location_id: int
    location: str
    part_id: int
    part_number: str
    unit: str
    lot_id: int | None
    free: Decimal


def aside(site_id: int, zone: str, state: str = "open", after: str = "", limit: int = 50) -> Page[AsideRow]:
    """List scans that were set aside, the newest first."""
    rows = SetAsideScan.objects.filter(site_id=site_id).order_by("-id")
    if state:
        rows = rows.filter(state=state)
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_row(row, zone) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def aside_id(site_id: int, public_id: str) -> int:
    """Return the key of a scan that was set aside.

    Raises:
        NotFound: there is none at this site.
    """
    key = SetAsideScan.objects.filter(site_id=site_id, public_id=public_id).values_list("pk", flat=True).first()
    if key is None:
        raise NotFound(_("This scan does not exist at this site."), public_id=public_id)
    return key


def _row(row: SetAsideScan, zone: str) -> AsideRow:
    settled = f"{row.settled_by}, {moment(row.settled_at, zone)}" if row.settled_by else ""
    other = row.actor if row.actor != row.scanned_by else ""
    return AsideRow(
        row.pk, row.public_id, row.mode, row.subject, row.scan, row.message, row.scanned_by, other,
        moment(row.at, zone), row.state, settled, row.note, row.content,
    )  # fmt: skip


def loose(site_id: int, part_id: int, lot_id: int | None = None) -> list[Loose]:
    """List where free goods of a part stand loose (not in a handling unit); of one lot where it is named."""
    rows = Balance.objects.filter(
        site_id=site_id, part_id=part_id, location__kind__in=REAL_LOCATION_KINDS, on_hand__gt=0, hu=None, owner=None
    )
    if lot_id is not None:
        rows = rows.filter(lot_id=lot_id)
    return [
        Loose(row.location_id, row.location.code, row.part_id, row.part.number, row.part.base_unit, row.lot_id,
              row.on_hand - row.reserved)
        for row in rows.select_related("location", "part").order_by("location__code", "id")
        if row.on_hand > row.reserved
    ]  # fmt: skip
