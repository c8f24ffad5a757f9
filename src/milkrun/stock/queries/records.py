"""Stock as other systems read it: plain values, public ids, nothing worded for people."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.parts.models import Part
from milkrun.stock.errors import UnknownLot
from milkrun.stock.models import Balance, Lot, Posting
from milkrun.stock.states import REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """A part with its stock at a site, in its base unit."""

    id: str
    part: str
    description: str
    unit: str
    lot_tracked: bool
    on_hand: Decimal
    reserved: Decimal
    free: Decimal


@dataclass(frozen=True, slots=True)
class BalanceRecord:
    """What stands at one place, by lot, owner and handling unit; empty texts stand for none."""

    part_id: str
    part: str
    unit: str
    location: str
    lot_no: str
    owner: str
    sscc: str
    on_hand: Decimal
    reserved: Decimal
    free: Decimal


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """A part's stock with the places where it stands."""

    item: ItemRecord
    balances: tuple[BalanceRecord, ...]


def item_records(site_id: int, text: str = "", after: str = "", limit: int = 50) -> Page[ItemRecord]:
    """List parts by number with their stock at a site; `text` is looked for in numbers and descriptions."""
    rows = Part.objects.order_by("number")
    if text.strip():
        rows = rows.filter(Q(number__icontains=text.strip()) | Q(description__icontains=text.strip()))
    start = position(after, str)
    if start:
        rows = rows.filter(number__gt=start[0])
    found = list(rows[: limit + 1])
    sums = _sums(site_id, [row.id for row in found])
    return page_of([_item(row, sums) for row in found], limit, cursor(found[:limit][-1].number) if found else "")


def item_record(site_id: int, part_public_id: str) -> ItemDetail:
    """Read one part's stock at a site; places that became empty are left out.

    Raises:
        NotFound: there is no such part.
    """
    row = Part.objects.filter(public_id=part_public_id).first()
    if row is None:
        raise NotFound(_("This part does not exist."), part_id=part_public_id)
    there = _real(site_id).filter(part=row, on_hand__gt=0).order_by("location__code", "id")
    return ItemDetail(_item(row, _sums(site_id, [row.id])), tuple(_balance(balance) for balance in _with_names(there)))


def balance_records(site_id: int, location: str = "", after: str = "", limit: int = 50) -> Page[BalanceRecord]:
    """List what stands where at a site, in the order in which the places were first used."""
    rows = _real(site_id).filter(on_hand__gt=0).order_by("id")
    if location:
        rows = rows.filter(location__code=location)
    start = position(after, int)
    if start:
        rows = rows.filter(id__gt=start[0])
    found = list(_with_names(rows)[: limit + 1])
    return page_of([_balance(row) for row in found], limit, cursor(found[:limit][-1].id) if found else "")


def lot_id(part_id: int, number: str) -> int | None:
    """Turn a part's lot number into its key; None for the empty number.

    Raises:
        UnknownLot: the part has no such lot.
    """
    if not number:
        return None
    found = Lot.objects.filter(part_id=part_id, number=number).values_list("id", flat=True).first()
    if found is None:
        raise UnknownLot(_("Lot {number} of this part is not known.").format(number=number), lot=number)
    return found


def posting_id(site_id: int, public_id: str) -> int:
    """Turn a posting's public id into its key.

    Raises:
        NotFound: there is none at this site.
    """
    found = Posting.objects.filter(site_id=site_id, public_id=public_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(_("This posting does not exist at this site."), posting_id=public_id)
    return found


def posting_public_id(key: int) -> str:
    """Turn a posting's key into its public id."""
    return Posting.objects.values_list("public_id", flat=True).get(pk=key)


def _real(site_id: int) -> QuerySet[Balance]:
    return Balance.objects.filter(site_id=site_id, location__kind__in=REAL_LOCATION_KINDS)


def _with_names(rows: QuerySet[Balance]) -> QuerySet[Balance]:
    return rows.select_related("part", "location", "lot", "owner", "hu")


def _sums(site_id: int, part_ids: Iterable[int]) -> dict[int, tuple[Decimal, Decimal]]:
    rows = _real(site_id).filter(part__in=list(part_ids)).values("part_id")
    summed = rows.annotate(there=Sum("on_hand"), kept=Sum("reserved")).order_by()
    return {row["part_id"]: (row["there"], row["kept"]) for row in summed}


def _item(row: Part, sums: dict[int, tuple[Decimal, Decimal]]) -> ItemRecord:
    there, kept = sums.get(row.id, (Decimal(0), Decimal(0)))
    return ItemRecord(
        row.public_id, row.number, row.description, row.base_unit, row.lot_tracked, there, kept, there - kept
    )


def _balance(row: Balance) -> BalanceRecord:
    return BalanceRecord(
        row.part.public_id, row.part.number, row.part.base_unit, row.location.code,
        row.lot.number if row.lot else "", row.owner.code if row.owner else "", row.hu.sscc if row.hu else "",
        row.on_hand, row.reserved, row.on_hand - row.reserved,
    )  # fmt: skip
