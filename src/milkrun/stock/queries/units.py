"""Handling units as lists, with what is in them and what moved into and out of them."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.gs1 import read_sscc
from milkrun.measure.wording import moment, quantity
from milkrun.stock.models import Balance, HandlingUnit, Movement


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A handling unit in a list."""

    id: int
    public_id: str
    sscc: str
    kind: str
    state: str
    location: str
    parent: str
    parent_public_id: str
    handled: str


@dataclass(frozen=True, slots=True)
class ContentRow:
    """A part in a handling unit; `free` is what is not kept for a call or a delivery."""

    part_id: int
    part_public_id: str
    number: str
    description: str
    lot: str
    lot_id: int | None
    on_hand: str
    free: str
    takeable: bool


@dataclass(frozen=True, slots=True)
class UnitMovementRow:
    """Goods that went into a unit or out of it."""

    at: str
    kind: str
    inward: bool
    number: str
    part_public_id: str
    qty: str
    place: str
    actor: str


def units(
    site_id: int, state: str = "", text: str = "", after: str = "", zone: str = "UTC", limit: int = 50
) -> Page[UnitRow]:
    """List handling units of a site, newest first; without a state those that are here and used."""
    rows = HandlingUnit.objects.filter(site_id=site_id).order_by("-id")
    rows = rows.filter(state=state) if state else rows.filter(state__in=("open", "closed", "picked", "rejected"))
    if text.strip():
        word = text.strip()
        rows = rows.filter(Q(sscc__endswith=word) | Q(location__code=word.upper()) | Q(kind=word.lower()))
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows.select_related("location", "parent")[: limit + 1])
    return page_of([_row(row, zone) for row in found], limit, cursor(found[:limit][-1].id) if found else "")


def _row(row: HandlingUnit, zone: str) -> UnitRow:
    return UnitRow(
        row.id, row.public_id, row.sscc, row.kind, row.state, row.location.code, row.parent.sscc if row.parent else "",
        row.parent.public_id if row.parent else "",
        f"{row.handled_by}, {moment(row.handled_at, zone)}" if row.handled_by else "",
    )  # fmt: skip


def unit_by_scan(site_id: int, scan: str) -> UnitRow:
    """Find one handling unit by its SSCC, with or without the identifier 00 before it.

    Raises:
        NotFound: there is none at this site.
    """
    row = (
        HandlingUnit.objects.filter(site_id=site_id, sscc=read_sscc(scan)).select_related("location", "parent").first()
    )
    if row is None:
        raise NotFound(
            _("There is no handling unit {scan} at this site. Scan its label again.").format(scan=scan[:24]),
            scanned=scan[:24],
        )
    return _row(row, "UTC")


def contents(site_id: int, hu_id: int) -> list[ContentRow]:
    """List what lies in a unit, without the units inside it."""
    rows = Balance.objects.filter(site_id=site_id, hu_id=hu_id, on_hand__gt=0).select_related("part", "lot")
    return [
        ContentRow(
            row.part_id, row.part.public_id, row.part.number, row.part.description, row.lot.number if row.lot else "",
            row.lot_id, quantity(row.on_hand, row.part.base_unit),
            quantity(row.on_hand - row.reserved, row.part.base_unit), row.on_hand > row.reserved,
        )
        for row in rows.order_by("part__number", "lot__number", "id")
    ]  # fmt: skip


def unit_movements(site_id: int, hu_id: int, zone: str, limit: int = 40) -> list[UnitMovementRow]:
    """List what went into a unit and out of it, newest first."""
    all_rows = Movement.objects.filter(site_id=site_id).order_by("-id")
    both = all_rows.select_related("posting", "part", "from_location", "to_location")
    rows = [*both.filter(to_hu_id=hu_id)[:limit], *both.filter(from_hu_id=hu_id)[:limit]]
    newest = sorted({row.pk: row for row in rows}.values(), key=lambda row: -row.pk)[:limit]
    return [
        UnitMovementRow(
            moment(row.posting.at, zone), row.posting.kind, row.to_hu_id == hu_id, row.part.number, row.part.public_id,
            quantity(row.qty, row.part.base_unit),
            row.to_location.code if row.from_hu_id == hu_id else row.from_location.code, row.posting.actor,
        )
        for row in newest
    ]  # fmt: skip
