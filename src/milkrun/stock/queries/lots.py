"""Lots that expire, by week with quantity and value, and what is known of one lot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.money import line_amount
from milkrun.measure.quantity import to_micro
from milkrun.stock.models import Balance, Lot
from milkrun.stock.states import REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class ExpiringLot:
    """A lot with goods at a site; the value is None where the part has no standard cost."""

    lot_id: int
    public_id: str
    part_id: int
    part_public_id: str
    part_number: str
    description: str
    unit: str
    lot: str
    state: str
    expires_on: date
    days_left: int
    qty: Decimal
    value_minor: int | None
    currency: str
    locations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpiryWeek:
    """The goods that expire in one week, Monday to Sunday; `from_day` is None for what has expired already."""

    from_day: date | None
    lots: tuple[ExpiringLot, ...]
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot with what its supplier says of it."""

    id: int
    public_id: str
    part_id: int
    part_public_id: str
    part_number: str
    number: str
    supplier: str
    supplier_lot: str
    heat: str
    made_on: date | None
    expires_on: date | None
    state: str
    state_reason: str


def expiring_lots(site_id: int, today: date, before: date, part_ids: Iterable[int] | None = None) -> list[ExpiringLot]:
    """List lots with goods at a site that expire before a day, the earliest first; expired ones too."""
    rows = _standing(site_id).filter(lot__expires_on__lt=before)
    if part_ids is not None:
        rows = rows.filter(part_id__in=list(part_ids))
    held = rows.select_related("lot", "part", "location").order_by("lot__expires_on", "part__number", "lot_id", "id")
    grouped: dict[int, list[Balance]] = {}
    for row in held:
        grouped.setdefault(row.lot_id or 0, []).append(row)
    return [_expiring(found, today) for found in grouped.values()]


def expiry_risk(site_id: int, today: date, weeks: int = 12) -> list[ExpiryWeek]:
    """Put lots that expire within some weeks together by week, with the value by currency."""
    monday = today - timedelta(days=today.weekday())
    found: dict[date | None, list[ExpiringLot]] = {}
    for lot in expiring_lots(site_id, today, monday + timedelta(weeks=weeks)):
        begin = lot.expires_on - timedelta(days=lot.expires_on.weekday()) if lot.days_left >= 0 else None
        found.setdefault(begin, []).append(lot)
    return [
        ExpiryWeek(begin, tuple(lots), _values(lots))
        for begin, lots in sorted(found.items(), key=lambda pair: pair[0] or date.min)
    ]


def lot_views(site_id: int, part_id: int, after: str = "", limit: int = 50) -> Page[LotView]:
    """List the lots of a part, the newest first; those that stand nowhere any more too."""
    rows = Lot.objects.filter(part_id=part_id).select_related("part", "supplier").order_by("-id")
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_view(row) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def lot(public_id: str) -> LotView:
    """Read one lot.

    Raises:
        NotFound: there is none.
    """
    row = Lot.objects.filter(public_id=public_id).select_related("part", "supplier").first()
    if row is None:
        raise NotFound(_("This lot does not exist."), public_id=public_id)
    return _view(row)


def find_lots(text: str, part_id: int | None = None, limit: int = 20) -> list[LotView]:
    """Find lots by our number, the supplier's, or the heat."""
    key = text.strip()
    rows = Lot.objects.filter(number__iexact=key) | Lot.objects.filter(supplier_lot__iexact=key)
    rows = rows | Lot.objects.filter(heat__iexact=key)
    if part_id is not None:
        rows = rows.filter(part_id=part_id)
    return [_view(row) for row in rows.select_related("part", "supplier").order_by("-id")[:limit]] if key else []


def _standing(site_id: int) -> QuerySet[Balance]:
    return Balance.objects.filter(
        site_id=site_id, location__kind__in=REAL_LOCATION_KINDS, on_hand__gt=0, lot__expires_on__isnull=False
    )


def _expiring(rows: list[Balance], today: date) -> ExpiringLot:
    first = rows[0]
    part, held = first.part, first.lot
    if held is None or held.expires_on is None:
        raise AssertionError("Only lots with an expiry are asked for.")
    qty = sum((row.on_hand for row in rows), Decimal(0))
    worth = None if part.cost_minor is None else line_amount(to_micro(qty), part.cost_minor, part.cost_basis)
    return ExpiringLot(
        held.pk, held.public_id, part.pk, part.public_id, part.number, part.description, part.base_unit, held.number,
        held.state, held.expires_on, (held.expires_on - today).days, qty, worth,
        part.cost_currency if worth is not None else "", tuple(dict.fromkeys(row.location.code for row in rows)),
    )  # fmt: skip


def _values(lots: Iterable[ExpiringLot]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for one in lots:
        if one.value_minor is not None:
            sums[one.currency] = sums.get(one.currency, 0) + one.value_minor
    return tuple(sorted(sums.items()))


def _view(row: Lot) -> LotView:
    return LotView(
        row.pk, row.public_id, row.part_id, row.part.public_id, row.part.number, row.number,
        row.supplier.code if row.supplier else "", row.supplier_lot, row.heat, row.made_on, row.expires_on, row.state,
        row.state_reason,
    )  # fmt: skip
