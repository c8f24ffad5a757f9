"""What must hold in stock: the ledger, its balances, its reservations, its daily sums."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import Reader, moment, sql

REAL = "('storage', 'line', 'packing', 'dock', 'staging', 'quarantine')"

HALF_MOVEMENTS = """
    SELECT 'movement ' || m.id FROM stock_movement m
    LEFT JOIN stock_posting p ON p.id = m.posting_id
    LEFT JOIN stock_location f ON f.id = m.from_location_id
    LEFT JOIN stock_location t ON t.id = m.to_location_id
    LEFT JOIN parts_part part ON part.id = m.part_id
    LEFT JOIN stock_lot lot ON lot.id = m.lot_id
    WHERE p.id IS NULL OR f.id IS NULL OR t.id IS NULL OR part.id IS NULL OR m.qty <= 0
       OR (m.lot_id IS NOT NULL AND (lot.id IS NULL OR lot.part_id <> m.part_id))
       OR (m.from_location_id = m.to_location_id AND COALESCE(m.from_hu_id, 0) = COALESCE(m.to_hu_id, 0))
    ORDER BY m.id
"""
EMPTY_POSTINGS = """
    SELECT 'posting ' || p.id FROM stock_posting p
    WHERE NOT EXISTS (SELECT 1 FROM stock_movement m WHERE m.posting_id = p.id) ORDER BY p.id
"""
PARTS_NOT_ZERO = """
    SELECT 'part ' || part_id FROM (
        SELECT m.part_id, m.qty FROM stock_movement m JOIN stock_location t ON t.id = m.to_location_id
        UNION ALL
        SELECT m.part_id, -m.qty FROM stock_movement m JOIN stock_location f ON f.id = m.from_location_id
    ) AS flow GROUP BY part_id HAVING SUM(qty) <> 0 ORDER BY part_id
"""
CONTRA_DIFFERS = """
    SELECT 'posting ' || reverses_id FROM (
        SELECT p.reverses_id, m.part_id, COALESCE(m.lot_id, 0) AS lot, COALESCE(m.owner_id, 0) AS owner,
               m.from_location_id AS a, m.to_location_id AS b, m.qty
        FROM stock_posting p JOIN stock_movement m ON m.posting_id = p.id WHERE p.reverses_id IS NOT NULL
        UNION ALL
        SELECT p.reverses_id, m.part_id, COALESCE(m.lot_id, 0), COALESCE(m.owner_id, 0),
               m.to_location_id, m.from_location_id, -m.qty
        FROM stock_posting p JOIN stock_movement m ON m.posting_id = p.reverses_id
    ) AS pair GROUP BY reverses_id, part_id, lot, owner, a, b HAVING SUM(qty) <> 0
"""
ON_HAND = f"""
    SELECT 'part ' || part_id || ' location ' || place || ' lot ' || lot || ' owner ' || owner || ' unit ' || hu
    FROM (
        SELECT m.site_id, m.part_id, m.to_location_id AS place, COALESCE(m.lot_id, 0) AS lot,
               COALESCE(m.owner_id, 0) AS owner, COALESCE(m.to_hu_id, 0) AS hu, m.qty AS moved, 0 AS kept, 0 AS n
        FROM stock_movement m JOIN stock_location l ON l.id = m.to_location_id WHERE l.kind IN {REAL}
        UNION ALL
        SELECT m.site_id, m.part_id, m.from_location_id, COALESCE(m.lot_id, 0), COALESCE(m.owner_id, 0),
               COALESCE(m.from_hu_id, 0), -m.qty, 0, 0
        FROM stock_movement m JOIN stock_location l ON l.id = m.from_location_id WHERE l.kind IN {REAL}
        UNION ALL
        SELECT site_id, part_id, location_id, COALESCE(lot_id, 0), COALESCE(owner_id, 0), COALESCE(hu_id, 0),
               0, on_hand, 1
        FROM stock_balance
    ) AS both_sides
    GROUP BY site_id, part_id, place, lot, owner, hu
    HAVING SUM(moved) <> SUM(kept) OR SUM(n) > 1
    ORDER BY part_id, place
"""  # noqa: S608 - a constant
NEGATIVE = """
    SELECT 'balance ' || id FROM stock_balance WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand ORDER BY id
"""
RESERVED = """
    SELECT 'balance ' || balance_id FROM (
        SELECT balance_id, qty, 0 AS kept FROM stock_reservation WHERE state = 'open'
        UNION ALL SELECT id, 0, reserved FROM stock_balance
    ) AS both_sides GROUP BY balance_id HAVING SUM(qty) <> SUM(kept) ORDER BY balance_id
"""
POSTED_ONCE = """
    SELECT 'reservation ' || id FROM (
        SELECT r.id, r.state, COUNT(m.id) AS n,
               SUM(CASE WHEN m.id IS NOT NULL AND (m.qty <> r.qty OR m.part_id <> b.part_id
                   OR m.from_location_id <> b.location_id OR COALESCE(m.from_hu_id, 0) <> COALESCE(b.hu_id, 0)
                   OR COALESCE(m.lot_id, 0) <> COALESCE(b.lot_id, 0)) THEN 1 ELSE 0 END) AS other
        FROM stock_reservation r LEFT JOIN stock_movement m ON m.reservation_id = r.id
        LEFT JOIN stock_balance b ON b.id = r.balance_id GROUP BY r.id, r.state
    ) AS posted
    WHERE state NOT IN ('open', 'posted', 'voided') OR n <> CASE WHEN state = 'posted' THEN 1 ELSE 0 END OR other > 0
    ORDER BY id
"""


def days_that_differ(reader: Reader) -> Iterator[str]:
    """Add the movements of each day up anew, by the site's calendar, and compare with the kept sums."""
    zones = {row[0]: ZoneInfo(row[1]) for row in reader.rows("SELECT id, zone FROM partners_site")}
    sums: dict[tuple[int, str, str, int], list[int]] = {}
    # One row for each posting and part: the day is the posting's, and a zone cannot be computed in both databases.
    for site, kind, at, part, qty, count in reader.rows(
        "SELECT p.site_id, p.kind, p.at, m.part_id, SUM(m.qty), COUNT(*) FROM stock_posting p "
        "JOIN stock_movement m ON m.posting_id = p.id GROUP BY p.id, p.site_id, p.kind, p.at, m.part_id"
    ):
        day = moment(at).astimezone(zones[site]).date().isoformat()
        found = sums.setdefault((site, day, kind, part), [0, 0])
        found[0] += int(qty)
        found[1] += count
    for site, day, kind, part, qty, count in reader.rows(
        "SELECT site_id, day, kind, part_id, qty, movements FROM stock_daysummary"
    ):
        if sums.pop((site, str(day), kind, part), [0, 0]) != [qty, count]:
            yield f"{day} {kind} part {part} site {site}"
    for site, day, kind, part in sums:
        yield f"{day} {kind} part {part} site {site}"


STOCK_INVARIANTS = (
    Invariant(
        "I-01",
        "What leaves one place arrives at another",
        (sql(HALF_MOVEMENTS), sql(EMPTY_POSTINGS), sql(PARTS_NOT_ZERO), sql(CONTRA_DIFFERS)),
    ),
    Invariant("I-02", "On hand is the sum of the ledger", (sql(ON_HAND),)),
    Invariant("I-03", "No stock below zero, nothing reserved beyond it", (sql(NEGATIVE),)),
    Invariant(
        "I-04", "Reserved is the sum of open reservations, each posted at most once", (sql(RESERVED), sql(POSTED_ONCE))
    ),
    Invariant("F-13", "Day summaries are the ledger's", (days_that_differ,)),
)
