"""Reservations: goods at a balance kept for one purpose, until they are posted or given free."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.stock.errors import ReservationTaken, ShortStock
from milkrun.stock.models import Balance, Reservation
from milkrun.stock.states import RESERVATION_MOVES
from milkrun.stock.steps.ages import free_layers, layers
from milkrun.stock.steps.ledger import Posted, change_balances, hold_balances, post
from milkrun.stock.steps.line import Key, Line
from milkrun.stock.steps.lots import held_lots, refuse_held_lot

Purpose = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Want:
    """So many base units of a part, for one purpose."""

    purpose: Purpose
    part_id: int
    qty: Decimal


def reserve(
    wants: Sequence[Want], *, site_id: int, at: datetime, leaving_out: Collection[int] = ()
) -> dict[Purpose, Decimal]:
    """Keep free goods in storage for purposes, what expires first before the rest, then what was received first.

    Lots that are blocked, in quarantine or expired are left where they are.

    Args:
        wants: what is wanted, in the order it is served.
        site_id: the site whose storage is looked at.
        at: when.
        leaving_out: balances that are no offer, because the goods were not found there.

    Returns:
        The quantity reserved by purpose, in base units; less than wanted where stock is short.
    """
    held = _usable(site_id, {want.part_id for want in wants}, at)
    offers = _offers(site_id, [row for row in held if row.pk not in leaving_out])
    taken: dict[int, int] = {}
    shares: dict[tuple[Purpose, int], int] = {}
    given: dict[Purpose, int] = {want.purpose: 0 for want in wants}
    for want in wants:
        open_micro = to_micro(want.qty)
        for offer in offers.get(want.part_id, ()):
            share = min(open_micro, offer.micro)
            if share > 0:
                offer.micro -= share
                open_micro -= share
                taken[offer.balance_id] = taken.get(offer.balance_id, 0) + share
                given[want.purpose] += share
                key = want.purpose, offer.balance_id
                shares[key] = shares.get(key, 0) + share
    change_balances([(pk, 0, micro) for pk, micro in sorted(taken.items())])
    Reservation.objects.bulk_create(
        [_reservation(site_id, balance, micro, purpose, at) for (purpose, balance), micro in shares.items()]
    )
    return {purpose: from_micro(micro) for purpose, micro in given.items()}


@dataclass(slots=True)
class _Offer:
    """Free goods of one age at one balance, in micro-units."""

    balance_id: int
    micro: int


def _offers(site_id: int, rows: Sequence[Balance]) -> dict[int, list[_Offer]]:
    """Take usable balances apart by age; what expires first stands first, then what was received first."""
    by_part: dict[int, list[Balance]] = {}
    for row in rows:
        if row.on_hand > row.reserved:
            by_part.setdefault(row.part_id, []).append(row)
    found: dict[int, list[_Offer]] = {}
    for part_id, offered in by_part.items():
        mixed = [row for row in offered if row.lot_id is None]
        # A single place leaves nothing to choose, so nobody asks how old its goods are.
        ages = layers(site_id, part_id, mixed) if len(offered) > 1 and mixed else {}
        ordered = sorted(
            (row.lot.expires_on if row.lot and row.lot.expires_on else date.max, received, row.pk, micro)
            for row in offered
            for received, micro in (
                [(row.lot.created_at, to_micro(row.on_hand) - to_micro(row.reserved))]
                if row.lot
                else free_layers(ages, row)
            )
        )
        found[part_id] = [_Offer(key, micro) for _, _, key, micro in ordered]
    return found


def _usable(site_id: int, part_ids: set[int], at: datetime) -> list[Balance]:
    """Hold the loose goods in storage that may be used: of no lot that is held back or expired."""
    stored = Balance.objects.filter(
        site_id=site_id, part_id__in=part_ids, location__kind="storage", hu=None, owner=None
    )
    # Lots before balances, in one order for everybody; a lot that comes up meanwhile waits for the next reservation.
    lots = set(stored.filter(lot__isnull=False, on_hand__gt=0).values_list("lot_id", flat=True))
    lots -= {lot.pk for lot in held_lots(sorted(lots))}
    rows = [row for row in lock(stored.select_related("lot", "site")) if row.lot_id is None or row.lot_id in lots]
    if not any(row.lot and row.lot.expires_on for row in rows):
        return rows
    today = at.astimezone(ZoneInfo(rows[0].site.zone)).date()
    return [row for row in rows if not (row.lot and row.lot.expires_on and row.lot.expires_on < today)]


def hold_parts(part_ids: Iterable[int], *, site_id: int) -> None:
    """Hold all loose stock of some parts before several postings in one transaction.

    Each posting holds its balances in key order; two transactions with several postings each could still wait for one
    another in a ring unless they hold everything at once first.
    """
    lock(Balance.objects.filter(site_id=site_id, part_id__in=list(part_ids), hu=None))


def reserve_at(
    key: Key, qty: Decimal, purpose: Purpose, *, site_id: int, at: datetime, as_before: bool = False
) -> Reservation:
    """Keep goods at one balance for a purpose; `as_before` where they were kept for it already, whatever their lot is.

    Raises:
        ShortStock: less is free there.
        LotHeld: its lot is not free.
    """
    if key[2] and not as_before:
        refuse_held_lot(key[2])
    held = hold_balances(site_id, [key])
    if key not in held:
        raise ShortStock(_("Nothing is left at this place."), shortages=[])
    change_balances([(held[key][0], 0, to_micro(qty))])
    row = _reservation(site_id, held[key][0], to_micro(qty), purpose, at)
    row.save(force_insert=True)
    return row


def void(reservations: Iterable[Reservation]) -> None:
    """Give reserved goods free."""
    rows = lock(Reservation.objects.filter(pk__in=[row.pk for row in reservations]))
    if not rows:
        return
    if any(row.state != "open" for row in rows):
        raise ReservationTaken(_("The reserved goods were taken or given free by somebody else."))
    sums: dict[int, int] = {}
    for row in rows:
        sums[row.balance_id] = sums.get(row.balance_id, 0) + to_micro(row.qty)
    lock(Balance.objects.filter(pk__in=sums))
    move(rows, RESERVATION_MOVES, "void", noun="Reservation")
    change_balances([(pk, 0, -micro) for pk, micro in sorted(sums.items())])


def with_quantity(
    purpose: Purpose, qty: Decimal, *, site_id: int, at: datetime, balance_id: int | None = None
) -> list[Reservation]:
    """Find open reservations of loose goods that sum to exactly this quantity, splitting the last one if needed.

    With `balance_id` only those at one balance are looked at.

    Raises:
        ShortStock: less is reserved.
    """
    kept = Reservation.objects.filter(
        site_id=site_id, purpose_kind=purpose[0], purpose_id=purpose[1], state="open", balance__hu=None
    )
    if balance_id is not None:
        kept = kept.filter(balance_id=balance_id)
    rows = lock(kept.select_related("balance"))
    chosen: list[Reservation] = []
    open_micro = to_micro(qty)
    for row in rows:
        if open_micro == 0:
            break
        micro = to_micro(row.qty)
        if micro > open_micro:
            # A reservation's quantity never changes: the old one is voided, two new ones take its place.
            move([row], RESERVATION_MOVES, "void", noun="Reservation")
            parts = [
                _reservation(site_id, row.balance_id, share, purpose, at) for share in (open_micro, micro - open_micro)
            ]
            Reservation.objects.bulk_create(parts)
            row, micro = Reservation.objects.select_related("balance").get(pk=parts[0].pk), open_micro
        chosen.append(row)
        open_micro -= micro
    if open_micro:
        missing = from_micro(open_micro)
        raise ShortStock(
            _("{missing} of {qty} are not reserved: the stock posting is missing or failed.").format(
                missing=missing, qty=qty
            ),
            wanted=str(qty),
            missing=str(missing),
        )
    return chosen


def relocate(
    reservations: Sequence[Reservation],
    *,
    to_location_id: int,
    to_hu_id: int | None = None,
    with_their_units: bool = False,
    site_id: int,
    kind: str,
    document: Purpose,
    actor: Actor,
    at: datetime,
) -> Posted:
    """Move reserved goods and keep them reserved at the new place for the same purposes.

    They go into the handling unit `to_hu_id`, or stay in their own ones (`with_their_units`).
    """
    lines = [
        Line(
            part_id=row.balance.part_id,
            qty=row.qty,
            from_location_id=row.balance.location_id,
            from_hu_id=row.balance.hu_id,
            to_location_id=to_location_id,
            to_hu_id=row.balance.hu_id if with_their_units else to_hu_id,
            lot_id=row.balance.lot_id,
            owner_id=row.balance.owner_id,
            reservation_id=row.pk,
        )
        for row in reservations
    ]
    posted = post(lines, site_id=site_id, kind=kind, document=document, actor=actor, at=at)
    held = hold_balances(site_id, sorted({line.target() for line in lines}))
    sums: dict[int, int] = {}
    made = []
    for row, line in zip(reservations, lines, strict=True):
        balance_id, micro = held[line.target()][0], to_micro(line.qty)
        sums[balance_id] = sums.get(balance_id, 0) + micro
        made.append(_reservation(site_id, balance_id, micro, (row.purpose_kind, row.purpose_id), at))
    change_balances([(pk, 0, micro) for pk, micro in sorted(sums.items())])
    Reservation.objects.bulk_create(made)
    return posted


def _reservation(site_id: int, balance_id: int, micro: int, purpose: Purpose, at: datetime) -> Reservation:
    return Reservation(
        site_id=site_id,
        balance_id=balance_id,
        qty=from_micro(micro),
        purpose_kind=purpose[0],
        purpose_id=purpose[1],
        created_at=at,
    )
