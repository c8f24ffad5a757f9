"""A posting of any size as one prepared statement, on PostgreSQL.

The statement adds the lines up by balance, holds the balances in key order, changes them within their bounds, adds
missing ones, and writes head, movements and the day's sums. It never refuses by itself: it tells how many balances it
should have changed and which it did, and the caller refuses, and thereby takes everything back, where the two differ.

The UPDATE joins FROM the rows that were held: with "WHERE id IN (...)" it would see them as they were before a
concurrent transaction changed them. Values are sent as text and cast, so that the text and the types of the statement
are always the same and the server plans it once for a connection.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from milkrun.kernel.identity import new_public_id
from milkrun.measure.quantity import to_micro
from milkrun.stock.states import REAL_LOCATION_KINDS
from milkrun.stock.steps.line import Line

_REAL = ", ".join(f"'{kind}'" for kind in REAL_LOCATION_KINDS)
_COLUMNS = "part, lot, owner, from_place, from_hu, to_place, to_hu, qty, entered_qty, reservation, entered_unit"
_STATEMENT = f"""
WITH line AS (
    SELECT * FROM unnest({", ".join(["%s::bigint[]"] * 10)}, %s::text[]) WITH ORDINALITY AS l ({_COLUMNS}, place_no)
), delta AS MATERIALIZED (
    SELECT part, place, lot, owner, hu, SUM(on_hand)::bigint AS on_hand, SUM(reserved)::bigint AS reserved FROM (
        SELECT part, to_place AS place, COALESCE(lot, 0) AS lot, COALESCE(owner, 0) AS owner,
               COALESCE(to_hu, 0) AS hu, qty AS on_hand, 0 AS reserved
        FROM line JOIN stock_location p ON p.id = to_place WHERE p.site_id = %s::bigint AND p.kind IN ({_REAL})
        UNION ALL
        SELECT part, from_place, COALESCE(lot, 0), COALESCE(owner, 0), COALESCE(from_hu, 0), -qty,
               CASE WHEN reservation IS NULL THEN 0 ELSE -qty END
        FROM line JOIN stock_location p ON p.id = from_place WHERE p.site_id = %s::bigint AND p.kind IN ({_REAL})
    ) AS side GROUP BY part, place, lot, owner, hu
), held AS MATERIALIZED (
    SELECT b.id, d.* FROM delta d JOIN stock_balance b ON b.site_id = %s::bigint AND b.part_id = d.part
        AND b.location_id = d.place AND COALESCE(b.lot_id, 0) = d.lot AND COALESCE(b.owner_id, 0) = d.owner
        AND COALESCE(b.hu_id, 0) = d.hu
    ORDER BY b.id FOR UPDATE OF b
), changed AS (
    UPDATE stock_balance b SET on_hand = b.on_hand + h.on_hand, reserved = b.reserved + h.reserved FROM held h
    WHERE b.id = h.id AND b.reserved + h.reserved >= 0 AND b.on_hand + h.on_hand >= b.reserved + h.reserved
    RETURNING b.id
), added AS (
    INSERT INTO stock_balance (site_id, part_id, location_id, lot_id, owner_id, hu_id, on_hand, reserved)
    SELECT %s::bigint, part, place, NULLIF(lot, 0), NULLIF(owner, 0), NULLIF(hu, 0), on_hand, 0 FROM delta d
    WHERE on_hand >= 0 AND reserved = 0 AND NOT EXISTS (SELECT 1 FROM held h WHERE h.part = d.part
        AND h.place = d.place AND h.lot = d.lot AND h.owner = d.owner AND h.hu = d.hu)
    ORDER BY part, place, lot, owner, hu
    ON CONFLICT (site_id, part_id, location_id, (COALESCE(lot_id, 0)), (COALESCE(owner_id, 0)), (COALESCE(hu_id, 0)))
    DO UPDATE SET on_hand = stock_balance.on_hand + excluded.on_hand RETURNING id
), head AS (
    INSERT INTO stock_posting (public_id, site_id, kind, document_kind, document_id, reverses_id, at, actor, reason)
    VALUES (%s, %s::bigint, %s, %s, %s::bigint, %s::bigint, %s::timestamptz, %s, %s) RETURNING id, at
), moved AS (
    INSERT INTO stock_movement (site_id, posting_id, part_id, lot_id, owner_id, from_location_id, from_hu_id,
        to_location_id, to_hu_id, qty, entered_qty, entered_unit, reservation_id)
    SELECT %s::bigint, head.id, part, lot, owner, from_place, from_hu, to_place, to_hu, qty, entered_qty,
        entered_unit, reservation
    FROM line CROSS JOIN head ORDER BY place_no RETURNING 1
), summed AS (
    INSERT INTO stock_daysummary AS s (site_id, day, kind, part_id, qty, movements)
    SELECT site.id, (%s::timestamptz AT TIME ZONE site.zone)::date, %s, part, SUM(qty)::bigint, COUNT(*)
    FROM line JOIN partners_site site ON site.id = %s::bigint GROUP BY site.id, site.zone, part ORDER BY part
    ON CONFLICT (site_id, day, kind, part_id)
    DO UPDATE SET qty = s.qty + excluded.qty, movements = s.movements + excluded.movements RETURNING 1
)
SELECT (SELECT id FROM head), (SELECT COUNT(*) FROM delta), (SELECT COUNT(*) FROM moved),
    (SELECT COUNT(*) FROM summed), ARRAY(SELECT id FROM changed UNION ALL SELECT id FROM added)
"""  # noqa: S608 - constants and placeholders only


@dataclass(frozen=True, slots=True)
class Written:
    """What the statement wrote; it is whole when as many balances were changed as had to be."""

    posting_id: int
    wanted: int
    changed: frozenset[int]

    @property
    def whole(self) -> bool:
        """Tell whether every balance could be changed."""
        return self.wanted == len(self.changed)


def write_at_once(
    lines: Sequence[Line],
    *,
    site_id: int,
    kind: str,
    document: tuple[str, int] | None,
    reverses_id: int | None,
    at: datetime,
    actor_name: str,
    reason: str,
) -> Written:
    """Run the statement for lines of one site; the caller refuses where the result is not whole."""
    site = str(site_id)
    columns: list[Any] = [
        _array(line.part_id for line in lines),
        _array(line.lot_id for line in lines),
        _array(line.owner_id for line in lines),
        _array(line.from_location_id for line in lines),
        _array(line.from_hu_id for line in lines),
        _array(line.to_location_id for line in lines),
        _array(line.to_hu_id for line in lines),
        _array(to_micro(line.qty) for line in lines),
        _array(None if line.entered_qty is None else to_micro(line.entered_qty) for line in lines),
        _array(line.reservation_id for line in lines),
        [line.entered_unit for line in lines],
    ]
    when = at.isoformat()
    head = [
        new_public_id(),
        site,
        kind,
        document[0] if document else "",
        str(document[1]) if document else None,
        None if reverses_id is None else str(reverses_id),
        when,
        actor_name,
        reason,
    ]
    with _prepared_cursor() as cursor:
        cursor.execute(_STATEMENT, [*columns, site, site, site, site, *head, site, when, kind, site])
        posting_id, wanted, moved, summed, changed = cursor.fetchone()
    if moved != len(lines) or summed != len({line.part_id for line in lines}):
        raise AssertionError(f"A posting of {len(lines)} lines wrote {moved} movements and {summed} sums.")
    return Written(posting_id, wanted, frozenset(changed))


def _array(values: Iterable[int | None]) -> str:
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _prepared_cursor() -> Any:
    """Open a cursor whose values are bound by the server, which is what lets it keep the plan of a statement."""
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    return connection.make_cursor(ServerBindingCursor(connection.connection))  # type: ignore[call-arg, arg-type]
