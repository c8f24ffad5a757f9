"""The only writer of the movement ledger.

A posting of any size takes the same handful of statements: look at the places, hold the balances in key order, change
them, add missing ones, write the head, the movements and the day's summary. On PostgreSQL they are one statement
(`statement.py`). Balances are changed only where the result keeps `0 <= reserved <= on hand`; the database checks the
same once more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.parts.models import Part
from milkrun.stock.errors import AlreadyReversed, ReservationTaken, ShortStock
from milkrun.stock.models import Location, Movement, Posting, Reservation
from milkrun.stock.states import REAL_LOCATION_KINDS, RESERVATION_MOVES
from milkrun.stock.steps.line import Key, Line
from milkrun.stock.steps.lots import refuse_held
from milkrun.stock.steps.statement import write_at_once

Delta = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting that was written."""

    posting_id: int
    movements: int


def post(
    lines: Sequence[Line],
    *,
    site_id: int,
    kind: str,
    actor: Actor,
    at: datetime,
    document: tuple[str, int] | None = None,
    reverses_id: int | None = None,
    reason: str = "",
) -> Posted:
    """Write movements and bring the balances along, all or nothing.

    Args:
        lines: at least one; quantities in base units of the part, positive.
        site_id: the site all places belong to.
        kind: what kind of posting it is ("receipt", "goods_issue").
        actor: who posts.
        at: when it happened.
        document: (kind, id) of the document that caused it.
        reverses_id: the posting this one takes back.
        reason: why, where a person gave a reason.

    Raises:
        ShortStock: names every place where less is free than wanted.
        ReservationTaken: a reservation is no longer open.
        LotHeld: goods of a lot that is not free would be used (taking a posting back is always possible).
    """
    if reverses_id is None:
        refuse_held(lines, site_id=site_id)
    _post_reservations([line.reservation_id for line in lines if line.reservation_id])
    if connection.vendor == "postgresql":
        return _post_at_once(lines, site_id, kind, actor, at, document, reverses_id, reason[:400])
    places = _places(lines, site_id)
    _apply(site_id, _deltas(lines, places))

    head = Posting.objects.create(
        site_id=site_id,
        kind=kind,
        document_kind=document[0] if document else "",
        document_id=document[1] if document else None,
        reverses_id=reverses_id,
        at=at,
        actor=actor.name,
        reason=reason[:400],
    )
    Movement.objects.bulk_create(
        [
            Movement(
                site_id=site_id,
                posting=head,
                part_id=line.part_id,
                lot_id=line.lot_id,
                owner_id=line.owner_id,
                from_location_id=line.from_location_id,
                from_hu_id=line.from_hu_id,
                to_location_id=line.to_location_id,
                to_hu_id=line.to_hu_id,
                qty=line.qty,
                entered_qty=line.entered_qty,
                entered_unit=line.entered_unit,
                reservation_id=line.reservation_id,
            )
            for line in lines
        ],
        batch_size=1000,
    )
    zone = ZoneInfo(next(iter(places.values())).site.zone)
    _summarise(lines, site_id=site_id, kind=kind, day=at.astimezone(zone).date())
    return Posted(head.pk, len(lines))


def _post_at_once(
    lines: Sequence[Line],
    site_id: int,
    kind: str,
    actor: Actor,
    at: datetime,
    document: tuple[str, int] | None,
    reverses_id: int | None,
    reason: str,
) -> Posted:
    written = write_at_once(
        lines,
        site_id=site_id,
        kind=kind,
        document=document,
        reverses_id=reverses_id,
        at=at,
        actor_name=actor.name,
        reason=reason,
    )
    if not written.whole:
        # Balances that were not changed still say what was free; raising takes back the others.
        deltas = _deltas(lines, _places(lines, site_id))
        held = hold_balances(site_id, deltas)
        raise _short_stock(
            [short for short in _shortages(deltas, held) if held.get(short[0], (0,))[0] not in written.changed]
        )
    return Posted(written.posting_id, len(lines))


def _places(lines: Iterable[Line], site_id: int) -> dict[int, Location]:
    keys = {key for line in lines for key in (line.from_location_id, line.to_location_id)}
    return {row.pk: row for row in Location.objects.filter(site_id=site_id, pk__in=keys).select_related("site")}


def reverse(posting: Posting, *, actor: Actor, at: datetime, reason: str) -> Posted:
    """Take a posting back by the same movements the other way round; the first stays as it is.

    Raises:
        AlreadyReversed: it was taken back before.
        ShortStock: the goods are no longer where they would have to come from.
    """
    if Posting.objects.filter(reverses=posting).exists():
        raise AlreadyReversed(_("Posting {pk} was reversed before.").format(pk=posting.pk), posting=posting.pk)
    back = [
        Line(
            part_id=m.part_id,
            qty=m.qty,
            from_location_id=m.to_location_id,
            to_location_id=m.from_location_id,
            from_hu_id=m.to_hu_id,
            to_hu_id=m.from_hu_id,
            lot_id=m.lot_id,
            owner_id=m.owner_id,
        )
        for m in Movement.objects.filter(posting=posting).order_by("pk")
    ]
    document = (posting.document_kind, posting.document_id) if posting.document_id else None
    return post(
        back,
        site_id=posting.site_id,
        kind=f"{posting.kind}_reversal",
        actor=actor,
        at=at,
        document=document,
        reverses_id=posting.pk,
        reason=reason,
    )


def _post_reservations(keys: list[int]) -> None:
    if not keys:
        return
    held = lock(Reservation.objects.filter(pk__in=keys))
    if len(held) != len(keys) or any(row.state != "open" for row in held):
        raise ReservationTaken(_("The reserved goods were taken or given free by somebody else."), reservations=keys)
    move(held, RESERVATION_MOVES, "post", noun="Reservation")


def _deltas(lines: Iterable[Line], places: dict[int, Location]) -> dict[Key, Delta]:
    real = {key for key, place in places.items() if place.kind in REAL_LOCATION_KINDS}
    found: dict[Key, list[int]] = {}
    for line in lines:
        micro = to_micro(line.qty)
        if line.from_location_id in real:
            took = found.setdefault(line.source(), [0, 0])
            took[0] -= micro
            took[1] -= micro if line.reservation_id else 0
        if line.to_location_id in real:
            found.setdefault(line.target(), [0, 0])[0] += micro
    return {key: (on_hand, reserved) for key, (on_hand, reserved) in sorted(found.items())}


def _apply(site_id: int, deltas: dict[Key, Delta]) -> None:
    if not deltas:
        return
    held = hold_balances(site_id, deltas)
    short = _shortages(deltas, held)
    if short:
        raise _short_stock(short)
    change_balances([(held[key][0], *delta) for key, delta in deltas.items() if key in held])
    _add_balances(site_id, [(key, delta[0]) for key, delta in deltas.items() if key not in held])


def _shortages(deltas: dict[Key, Delta], held: dict[Key, tuple[int, int, int]]) -> list[tuple[Key, int, int]]:
    """List where less is free than wanted: (balance, wanted, free), in micro-units."""
    return [
        (key, -delta[0], free)
        for key, delta in deltas.items()
        for free in [held[key][1] - held[key][2] - delta[1] if key in held else 0]
        if free + delta[0] < 0
    ]


def hold_balances(site_id: int, keys: Iterable[Key]) -> dict[Key, tuple[int, int, int]]:
    """Load and hold the balances that exist under these keys: key -> (id, on hand, reserved), in micro-units."""
    wanted = list(keys)
    rows = ", ".join(["(%s, %s, %s, %s, %s)"] * len(wanted))
    hold = " FOR UPDATE OF b" if connection.features.has_select_for_update else ""
    sql = (
        f"WITH v (part, place, lot, owner, hu) AS (VALUES {rows}) "  # noqa: S608 - only placeholders are built
        "SELECT b.id, b.on_hand, b.reserved, v.part, v.place, v.lot, v.owner, v.hu FROM stock_balance b JOIN v ON "
        "b.site_id = %s AND b.part_id = v.part AND b.location_id = v.place AND COALESCE(b.lot_id, 0) = v.lot AND "
        f"COALESCE(b.owner_id, 0) = v.owner AND COALESCE(b.hu_id, 0) = v.hu ORDER BY b.id{hold}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for key in wanted for value in key] + [site_id])
        return {tuple(row[3:]): (row[0], row[1], row[2]) for row in cursor.fetchall()}


def change_balances(changes: Sequence[tuple[int, int, int]]) -> None:
    """Change balances that are held: (id, change of on hand, change of reserved), in micro-units.

    Raises:
        ShortStock: a balance would break `0 <= reserved <= on hand`.
    """
    if not changes:
        return
    rows = ", ".join(["(%s, %s, %s)"] * len(changes))
    # Not "WITH ... UPDATE": SQLite's driver counts no rows for that. Both databases name VALUES columns like this.
    sql = (
        f"UPDATE stock_balance SET on_hand = on_hand + v.column2, reserved = reserved + v.column3 FROM (VALUES {rows}) "  # noqa: S608
        "AS v WHERE stock_balance.id = v.column1 "
        "AND reserved + v.column3 >= 0 AND on_hand + v.column2 >= reserved + v.column3"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for change in changes for value in change])
        if cursor.rowcount != len(changes):
            raise ShortStock(_("Somebody took the goods a moment ago. Look at the stock again."), shortages=[])


def _add_balances(site_id: int, added: Sequence[tuple[Key, int]]) -> None:
    if not added:
        return
    rows = ", ".join(["(%s, %s, %s, NULLIF(%s, 0), NULLIF(%s, 0), NULLIF(%s, 0), %s, 0)"] * len(added))
    sql = (
        "INSERT INTO stock_balance (site_id, part_id, location_id, lot_id, owner_id, hu_id, on_hand, reserved) "  # noqa: S608
        f"VALUES {rows} ON CONFLICT (site_id, part_id, location_id, (COALESCE(lot_id, 0)), (COALESCE(owner_id, 0)), "
        "(COALESCE(hu_id, 0))) DO UPDATE SET on_hand = stock_balance.on_hand + excluded.on_hand"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for key, goods in added for value in (site_id, *key, goods)])


def _summarise(lines: Sequence[Line], *, site_id: int, kind: str, day: Any) -> None:
    sums: dict[int, tuple[int, int]] = {}
    for line in lines:
        qty, count = sums.get(line.part_id, (0, 0))
        sums[line.part_id] = (qty + to_micro(line.qty), count + 1)
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(sums))
    sql = (
        f"INSERT INTO stock_daysummary (site_id, day, kind, part_id, qty, movements) VALUES {rows} "  # noqa: S608
        "ON CONFLICT (site_id, day, kind, part_id) DO UPDATE SET qty = stock_daysummary.qty + excluded.qty, "
        "movements = stock_daysummary.movements + excluded.movements"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [value for part, (qty, count) in sorted(sums.items()) for value in (site_id, day, kind, part, qty, count)],
        )


def _short_stock(short: Sequence[tuple[Key, int, int]]) -> ShortStock:
    parts = Part.objects.in_bulk([key[0] for key, __, __ in short])
    places = Location.objects.in_bulk([key[1] for key, __, __ in short])
    shortages = [
        {
            "part": parts[key[0]].number,
            "location": places[key[1]].code,
            "wanted": str(from_micro(wanted)),
            "free": str(from_micro(max(free, 0))),
        }
        for key, wanted, free in short
    ]
    sentence = "; ".join(_("{part} at {location}: wanted {wanted}, free {free}").format(**s) for s in shortages)
    return ShortStock(_("Not enough stock. {sentence}.").format(sentence=sentence), shortages=shortages)
