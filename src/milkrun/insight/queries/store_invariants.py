"""What must hold in the store: counts and write-offs are what was posted for them."""

from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import sql

COUNTED = """
    SELECT 'count line ' || l.id FROM stock_countline l
    LEFT JOIN stock_posting p ON p.id = l.posting_id AND p.document_kind = 'count_line' AND p.document_id = l.id
    LEFT JOIN stock_posting back ON back.reverses_id = p.id
    WHERE (l.state IN ('posted', 'taken_back')) <> (p.id IS NOT NULL)
       OR (l.state = 'taken_back') <> (back.id IS NOT NULL)
       OR (l.state = 'agreed' AND l.counted_qty <> l.book_qty)
       OR (l.state IN ('differs', 'posted', 'taken_back') AND l.counted_qty = l.book_qty)
    ORDER BY l.id
"""
CORRECTED = """
    SELECT 'count line ' || id FROM (
        SELECT l.id, l.counted_qty - l.book_qty AS wanted,
               SUM(CASE WHEN m.to_location_id = l.location_id THEN m.qty ELSE -m.qty END) AS moved,
               SUM(CASE WHEN m.part_id <> l.part_id OR COALESCE(m.lot_id, 0) <> COALESCE(l.lot_id, 0)
                   THEN 1 ELSE 0 END) AS other
        FROM stock_countline l JOIN stock_movement m ON m.posting_id = l.posting_id
        GROUP BY l.id, l.counted_qty, l.book_qty
    ) AS posted WHERE moved <> wanted OR other > 0 ORDER BY id
"""
LAST_ENTRY = """
    SELECT 'count line ' || l.id FROM stock_countline l
    LEFT JOIN stock_countentry e ON e.line_id = l.id AND e.round = l.round
    WHERE (l.state <> 'open' AND (e.id IS NULL OR e.qty <> l.counted_qty OR e.book_qty <> l.book_qty))
       OR (l.state = 'open' AND e.id IS NOT NULL)
    ORDER BY l.id
"""
WASTED = """
    SELECT 'write-off ' || id FROM (
        SELECT w.id, w.qty, SUM(CASE WHEN t.kind = 'scrap' THEN m.qty ELSE 0 END) AS gone,
               SUM(CASE WHEN m.part_id <> w.part_id OR COALESCE(m.lot_id, 0) <> COALESCE(w.lot_id, 0)
                   THEN 1 ELSE 0 END) AS other
        FROM stock_writeoff w LEFT JOIN stock_movement m ON m.posting_id = w.posting_id
        LEFT JOIN stock_location t ON t.id = m.to_location_id GROUP BY w.id, w.qty
    ) AS posted WHERE gone <> qty OR other > 0 ORDER BY id
"""
UNTOLD = """
    SELECT 'posting ' || p.id FROM stock_posting p WHERE p.kind IN ('write_off', 'scrap')
    AND NOT EXISTS (SELECT 1 FROM stock_writeoff w WHERE w.posting_id = p.id) ORDER BY p.id
"""

STORE_INVARIANTS = (
    Invariant("W-02", "A count is what was posted for it", (sql(COUNTED), sql(CORRECTED), sql(LAST_ENTRY))),
    Invariant("W-03", "Waste is what went to scrap by its cause", (sql(WASTED), sql(UNTOLD))),
)
