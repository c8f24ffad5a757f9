"""Reads of stock: items with what is on hand, balances, reservations, movements, handling units."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Hit, Page, cursor, page_of, position
from milkrun.measure.gs1 import read_sscc
from milkrun.measure.wording import moment, quantity
from milkrun.parts.models import Part
from milkrun.stock.errors import NoVirtualLocation, UnknownLocation
from milkrun.stock.models import Balance, HandlingUnit, Location, Movement, Posting, Reservation
from milkrun.stock.states import REAL_LOCATION_KINDS

# Postings that a person made by hand and may take back by hand.
HAND_MADE = (
    "receipt", "move", "put_away", "write_off", "release", "scrap", "supplier_return",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A part with its stock at a site."""

    public_id: str
    number: str
    description: str
    on_hand: str
    reserved: str
    free: str
    empty: bool


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What stands at one place."""

    id: int
    location: str
    location_id: int
    lot: str
    lot_id: int | None
    owner: str
    hu: str
    hu_public_id: str
    hu_id: int | None
    on_hand: str
    reserved: str
    free: str


@dataclass(frozen=True, slots=True)
class ReservationRow:
    """Goods kept for a purpose."""

    qty: str
    location: str
    purpose_kind: str
    purpose_id: int
    since: str


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One movement as people read it; `reversible` where a person made it by hand and nobody took it back."""

    posting_id: int
    kind: str
    at: str
    qty: str
    entered: str
    source: str
    target: str
    lot: str
    hu: str
    actor: str
    reason: str
    document_kind: str
    document_id: int | None
    reversible: bool


@dataclass(frozen=True, slots=True)
class LocationView:
    """A place that goods can be at."""

    id: int
    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class HandlingUnitView:
    """A rack, pallet or box with what is in it."""

    id: int
    public_id: str
    sscc: str
    kind: str
    state: str
    location: str
    parent: str
    parent_public_id: str
    children: tuple[tuple[str, str], ...]
    contents: tuple[tuple[str, str, str], ...]
    handled: str


def items(site_id: int, text: str = "", after: str = "", limit: int = 50) -> Page[ItemRow]:
    """List parts by number with their stock at a site, two statements a page."""
    rows = Part.objects.order_by("number")
    if text.strip():
        key = "".join(text.split()).upper()
        rows = rows.filter(
            Q(number__icontains=text.strip()) | Q(description__icontains=text.strip())
            | Q(customer_numbers__number_key__startswith=key)
        ).distinct()  # fmt: skip
    start = position(after, str)
    if start:
        rows = rows.filter(number__gt=start[0])
    parts = list(rows[: limit + 1])
    sums = {
        row["part_id"]: (row["there"], row["kept"])
        for row in _real(site_id)
        .filter(part__in=parts[:limit])
        .values("part_id")
        .annotate(there=Sum("on_hand"), kept=Sum("reserved"))
    }
    shown = [_item(row, sums.get(row.id, (Decimal(0), Decimal(0)))) for row in parts]
    return page_of(shown, limit, cursor(parts[:limit][-1].number) if parts else "")


def _item(row: Part, sums: tuple[Decimal, Decimal]) -> ItemRow:
    there, kept = sums
    return ItemRow(
        row.public_id, row.number, row.description, quantity(there, row.base_unit), quantity(kept, row.base_unit),
        quantity(there - kept, row.base_unit), not there,
    )  # fmt: skip


def _real(site_id: int) -> QuerySet[Balance]:
    return Balance.objects.filter(site_id=site_id, location__kind__in=REAL_LOCATION_KINDS)


def balances(site_id: int, part_id: int) -> list[BalanceRow]:
    """List where a part stands at a site; places that became empty are left out."""
    return _balance_rows(_real(site_id).filter(part_id=part_id, on_hand__gt=0))


def balance(site_id: int, balance_id: int) -> BalanceRow:
    """Read one place of one part.

    Raises:
        NotFound: nothing stands there any more.
    """
    found = _balance_rows(_real(site_id).filter(pk=balance_id, on_hand__gt=0))
    if not found:
        raise NotFound(_("Nothing stands at this place any more. Load the page again."), balance_id=balance_id)
    return found[0]


def _balance_rows(rows: QuerySet[Balance]) -> list[BalanceRow]:
    rows = rows.select_related("part", "location", "lot", "owner", "hu")
    return [
        BalanceRow(
            row.id, row.location.code, row.location_id, row.lot.number if row.lot else "", row.lot_id,
            row.owner.code if row.owner else "", row.hu.sscc if row.hu else "",
            row.hu.public_id if row.hu else "", row.hu_id, quantity(row.on_hand, row.part.base_unit),
            quantity(row.reserved, row.part.base_unit), quantity(row.on_hand - row.reserved, row.part.base_unit),
        )
        for row in rows.order_by("location__code", "lot__number", "id")
    ]  # fmt: skip


def reservations(site_id: int, part_id: int, zone: str, limit: int = 100) -> list[ReservationRow]:
    """List the open reservations of a part, oldest first."""
    rows = Reservation.objects.filter(site_id=site_id, balance__part_id=part_id, state="open")
    rows = rows.select_related("balance__location", "balance__part").order_by("id")
    return [
        ReservationRow(
            quantity(row.qty, row.balance.part.base_unit), row.balance.location.code, row.purpose_kind,
            row.purpose_id, moment(row.created_at, zone),
        )
        for row in rows[:limit]
    ]  # fmt: skip


def movements(site_id: int, part_id: int, zone: str, after: str = "", limit: int = 50) -> Page[MovementRow]:
    """List the movements of a part, newest first."""
    rows = Movement.objects.filter(site_id=site_id, part_id=part_id).order_by("-id")
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(
        rows.select_related("posting__reversed_by", "part", "lot", "from_location", "to_location", "from_hu", "to_hu")[
            : limit + 1
        ]
    )
    return page_of([_movement(row, zone) for row in found], limit, cursor(found[:limit][-1].id) if found else "")


def _movement(row: Movement, zone: str) -> MovementRow:
    posting = row.posting
    hu = row.to_hu or row.from_hu
    taken_back = hasattr(posting, "reversed_by")
    return MovementRow(
        posting.id, posting.kind, moment(posting.at, zone), quantity(row.qty, row.part.base_unit),
        quantity(row.entered_qty, row.entered_unit) if row.entered_unit not in ("", row.part.base_unit) else "",
        row.from_location.code, row.to_location.code, row.lot.number if row.lot else "", hu.sscc if hu else "",
        posting.actor, posting.reason, posting.document_kind, posting.document_id,
        posting.kind in HAND_MADE and posting.reverses_id is None and not taken_back,
    )  # fmt: skip


def hand_made_posting(site_id: int, posting_id: int) -> int:
    """Return the id of a posting at this site that may be taken back by hand.

    Raises:
        NotFound: there is none.
    """
    found = Posting.objects.filter(pk=posting_id, site_id=site_id, kind__in=HAND_MADE).first()
    if found is None:
        raise NotFound(_("There is no hand-made posting with this number at this site."), posting_id=posting_id)
    return found.id


def locations(site_id: int) -> list[LocationView]:
    """List the places of a site that goods can be at, by code."""
    rows = Location.objects.filter(site_id=site_id, kind__in=REAL_LOCATION_KINDS).order_by("code")
    return [LocationView(row.id, row.code, row.name, row.kind) for row in rows]


def handling_unit(site_id: int, public_id: str, zone: str) -> HandlingUnitView:
    """Read a handling unit with its contents.

    Raises:
        NotFound: there is none at this site.
    """
    row = HandlingUnit.objects.filter(site_id=site_id, public_id=public_id).select_related("location", "parent").first()
    if row is None:
        raise NotFound(_("This handling unit does not exist at this site. Scan its label again."), public_id=public_id)
    inside = row.contents.filter(on_hand__gt=0).select_related("part").order_by("part__number")
    handled = f"{row.handled_by}, {moment(row.handled_at, zone)}" if row.handled_by else ""
    return HandlingUnitView(
        row.id, row.public_id, row.sscc, row.kind, row.state, row.location.code,
        row.parent.sscc if row.parent else "", row.parent.public_id if row.parent else "",
        tuple(row.children.order_by("sscc").values_list("sscc", "public_id")),
        tuple((b.part.number, b.part.public_id, quantity(b.on_hand, b.part.base_unit)) for b in inside),
        handled,
    )  # fmt: skip


def handling_units_by_id(ids: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """Return (SSCC, public id, state) of handling units by their key."""
    rows = HandlingUnit.objects.filter(pk__in=list(ids))
    return {row.id: (row.sscc, row.public_id, row.state) for row in rows}


def find(site_id: int, text: str, limit: int = 8) -> list[Hit]:
    """Find handling units by SSCC, with or without the application identifier 00 before it."""
    digits = read_sscc(text)
    if not digits.isascii() or not digits.isdigit() or len(digits) < 6:
        return []
    rows = HandlingUnit.objects.filter(site_id=site_id)
    rows = rows.filter(sscc=digits) if len(digits) == 18 else rows.filter(sscc__endswith=digits)
    return [
        Hit("handling_unit", row.sscc, row.state, row.public_id, row.sscc == digits)
        for row in rows.order_by("-id")[:limit]
    ]


def place(site_id: int, code: str) -> Location:
    """Find a location of a site by its code.

    Raises:
        UnknownLocation: the site has none with this code.
    """
    found = Location.objects.filter(site_id=site_id, code=code.strip().upper()).first()
    if found is None:
        raise UnknownLocation(_("Location {code} is not known at this site.").format(code=code), location=code)
    return found


def first_place(site_id: int, kind: str) -> Location:
    """Find the site's first location of a kind ("storage", "line", "packing", "dock" or a far end).

    Raises:
        NoVirtualLocation: the site was not set up with one.
    """
    found = Location.objects.filter(site_id=site_id, kind=kind).order_by("pk").first()
    if found is None:
        raise NoVirtualLocation(
            _("This site has no location of kind {kind}. Add one in the master data.").format(kind=kind), kind=kind
        )
    return found


def handling_unit_ids(site_id: int, public_ids: Iterable[str]) -> list[int]:
    """Turn public ids of handling units at a site into keys; unknown ones are left out."""
    rows = HandlingUnit.objects.filter(site_id=site_id, public_id__in=list(public_ids))
    return list(rows.order_by("id").values_list("id", flat=True))


def on_hand(site_id: int, part_id: int) -> tuple[str, str, str]:
    """Return (on hand, reserved, free) of a part at a site, written with its unit."""
    unit = Part.objects.filter(pk=part_id).values_list("base_unit", flat=True).first() or ""
    sums = _real(site_id).filter(part_id=part_id).aggregate(there=Sum("on_hand"), kept=Sum("reserved"))
    there, kept = sums["there"] or Decimal(0), sums["kept"] or Decimal(0)
    return quantity(there, unit), quantity(kept, unit), quantity(there - kept, unit)


LEDGER_COLUMNS = (
    "posting", "at", "site", "kind", "document_kind", "document_id", "reverses", "actor", "reason", "movement", "part",
    "lot", "from_location", "from_hu", "to_location", "to_hu", "qty", "unit", "entered_qty", "entered_unit",
)  # fmt: skip


def ledger_rows() -> Iterator[dict[str, object]]:
    """Give every movement with its posting, oldest first, for an export; quantities in base units of the part."""
    rows = Movement.objects.order_by("pk").values_list(
        "posting_id", "posting__at", "site__code", "posting__kind", "posting__document_kind", "posting__document_id",
        "posting__reverses_id", "posting__actor", "posting__reason", "pk", "part__number", "lot__number",
        "from_location__code", "from_hu__sscc", "to_location__code", "to_hu__sscc", "qty", "part__base_unit",
        "entered_qty", "entered_unit",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=2000):
        yield dict(zip(LEDGER_COLUMNS, row, strict=True))


def item_rows() -> Iterator[dict[str, object]]:
    """Give every part with what is on hand of it at each site's places, by number, for an export."""
    sums = Balance.objects.filter(location__kind__in=REAL_LOCATION_KINDS).values_list("part_id", "site__code")
    held: dict[int, list[tuple[str, Decimal, Decimal]]] = {}
    for part_id, site, on_hand, reserved in sums.annotate(Sum("on_hand"), Sum("reserved")).order_by("site__code"):
        held.setdefault(part_id, []).append((site, on_hand, reserved))
    for part in Part.objects.order_by("number").iterator(chunk_size=2000):
        for site, on_hand, reserved in held.get(part.pk, [("", Decimal(0), Decimal(0))]):
            yield {
                "part": part.number,
                "description": part.description,
                "base_unit": part.base_unit,
                "made_here": part.made_here,
                "lot_tracked": part.lot_tracked,
                "site": site,
                "on_hand": on_hand,
                "reserved": reserved,
            }
