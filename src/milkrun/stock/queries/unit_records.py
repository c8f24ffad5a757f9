"""Handling units as other systems read them: plain values, codes, nothing worded for people."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.gs1 import read_sscc
from milkrun.stock.models import Balance, HandlingUnit
from milkrun.stock.states import HANDLING_UNIT_STATES


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A handling unit; `stands_in` is the SSCC of the outer one, empty where it stands on its own."""

    id: str
    sscc: str
    kind: str
    state: str
    location: str
    stands_in: str
    handled_by: str
    handled_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnitContentRecord:
    """What lies directly in a unit, in base units; `free` is not kept for a call or a delivery."""

    part_id: str
    part: str
    unit: str
    lot_no: str
    on_hand: Decimal
    free: Decimal


@dataclass(frozen=True, slots=True)
class UnitDetail:
    """A unit with what lies in it and the units that stand in it."""

    handling_unit: UnitRecord
    contents: tuple[UnitContentRecord, ...]
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitDeed:
    """What happened to a unit: who, when, why; `facts` are those of the deed."""

    at: datetime
    by: str
    via: str
    deed: str
    before: str
    after: str
    reason: str
    facts: dict[str, str]


def unit_records(
    site_id: int, state: str = "", location: str = "", after: str = "", limit: int = 50
) -> Page[UnitRecord]:
    """List handling units of a site, the newest first; without a state those that are here."""
    rows = HandlingUnit.objects.filter(site_id=site_id).order_by("-id").select_related("location", "parent")
    here = tuple(name for name in HANDLING_UNIT_STATES if name not in ("issued", "emptied"))
    rows = rows.filter(state=state) if state else rows.filter(state__in=here)
    if location:
        rows = rows.filter(location__code=location.strip().upper())
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_record(row) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def unit_key(site_id: int, sscc: str) -> int:
    """Turn an SSCC into the unit's key.

    Raises:
        NotFound: there is none at this site.
    """
    return _found(site_id, sscc).pk


def unit_record(site_id: int, sscc: str) -> UnitDetail:
    """Read one handling unit.

    Raises:
        NotFound: there is none at this site.
    """
    row = _found(site_id, sscc)
    inside = Balance.objects.filter(hu=row, on_hand__gt=0).select_related("part", "lot")
    contents = tuple(
        UnitContentRecord(
            b.part.public_id, b.part.number, b.part.base_unit, b.lot.number if b.lot else "", b.on_hand,
            b.on_hand - b.reserved,
        )
        for b in inside.order_by("part__number", "lot__number", "id")
    )  # fmt: skip
    return UnitDetail(_record(row), contents, tuple(row.children.order_by("sscc").values_list("sscc", flat=True)))


def unit_deeds(site_id: int, sscc: str, limit: int = 100) -> list[UnitDeed]:
    """List what happened to a unit, the newest first.

    Raises:
        NotFound: there is none at this site.
    """
    return [
        UnitDeed(line.at, line.actor, line.via, line.action, line.before, line.after, line.reason,
                 {name: str(value) for name, value in line.facts.items()})
        for line in journal.history([("hu", unit_key(site_id, sscc))], limit=limit)
    ]  # fmt: skip


def _found(site_id: int, sscc: str) -> HandlingUnit:
    rows = HandlingUnit.objects.filter(site_id=site_id, sscc=read_sscc(sscc)).select_related("location", "parent")
    row = rows.first()
    if row is None:
        raise NotFound(
            _("There is no handling unit {scan} at this site. Scan its label again.").format(scan=sscc[:24]),
            sscc=sscc[:24],
        )
    return row


def _record(row: HandlingUnit) -> UnitRecord:
    return UnitRecord(
        row.public_id, row.sscc, row.kind, row.state, row.location.code, row.parent.sscc if row.parent else "",
        row.handled_by, row.handled_at,
    )  # fmt: skip
