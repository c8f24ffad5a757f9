"""What must hold in production: confirmations, what they posted, and the failed ones that wait."""

from collections.abc import Iterator

from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import Reader, sql

REPORTED = """
    SELECT 'job line ' || l.id FROM production_jobline l LEFT JOIN (
        SELECT line_id, SUM(good_qty) AS good, SUM(scrap_qty) AS scrap FROM production_confirmation GROUP BY line_id
    ) AS said ON said.line_id = l.id
    WHERE l.good_qty <> COALESCE(said.good, 0) OR l.scrap_qty <> COALESCE(said.scrap, 0) OR l.good_qty > l.qty
    ORDER BY l.id
"""
MADE = """
    SELECT 'confirmation ' || c.id FROM production_confirmation c JOIN production_jobline l ON l.id = c.line_id
    LEFT JOIN (
        SELECT m.posting_id, m.part_id, SUM(CASE WHEN t.kind = 'scrap' THEN 0 ELSE m.qty END) AS good,
               SUM(CASE WHEN t.kind = 'scrap' THEN m.qty ELSE 0 END) AS scrap
        FROM stock_movement m JOIN stock_location f ON f.id = m.from_location_id AND f.kind = 'production'
        JOIN stock_location t ON t.id = m.to_location_id GROUP BY m.posting_id, m.part_id
    ) AS made ON made.posting_id = c.posting_id AND made.part_id = l.part_id
    WHERE c.state = 'posted' AND (COALESCE(made.good, 0) <> c.good_qty OR COALESCE(made.scrap, 0) <> c.scrap_qty)
    ORDER BY c.id
"""
USED = """
    SELECT c.id, c.good_qty + c.scrap_qty, b.qty, COALESCE(used.qty, 0)
    FROM production_confirmation c JOIN production_jobline l ON l.id = c.line_id
    JOIN parts_bomline b ON b.part_id = l.part_id
    LEFT JOIN (
        SELECT m.posting_id, m.part_id, SUM(m.qty) AS qty FROM stock_movement m
        JOIN stock_location t ON t.id = m.to_location_id AND t.kind = 'production' GROUP BY m.posting_id, m.part_id
    ) AS used ON used.posting_id = c.posting_id AND used.part_id = b.component_id
    WHERE c.state = 'posted' ORDER BY c.id
"""
MICRO = 1_000_000
POSTED_BY_NOBODY = """
    SELECT 'confirmation ' || c.id FROM production_confirmation c
    LEFT JOIN stock_posting p ON p.id = c.posting_id AND p.document_kind = 'confirmation' AND p.document_id = c.id
    WHERE c.state = 'posted' AND p.id IS NULL
    UNION ALL
    SELECT 'posting ' || p.id FROM stock_posting p LEFT JOIN production_confirmation c ON c.posting_id = p.id
    WHERE p.document_kind = 'confirmation' AND p.reverses_id IS NULL AND c.id IS NULL
"""
UNSEEN = """
    SELECT 'confirmation ' || c.id FROM production_confirmation c
    JOIN production_jobline l ON l.id = c.line_id JOIN demand_component k ON k.id = l.component_id
    JOIN demand_componentgroup g ON g.id = k.group_id
    WHERE c.state NOT IN ('posted', 'failed')
       OR (c.state = 'failed' AND (c.failure = '' OR c.failure_code = '' OR c.posting_id IS NOT NULL OR c.tries < 1
           OR g.stock_posting <> 'failed'))
    ORDER BY c.id
"""


def wrong_use(reader: Reader) -> Iterator[str]:
    """Multiply what was made with the bill of material; the product of two six-decimal figures is rounded once."""
    for key, made, each, used in reader.rows(USED):
        if abs(int(used) * MICRO - made * each) * 2 > MICRO:
            yield f"confirmation {key}"


PRODUCTION_INVARIANTS = (
    Invariant(
        "I-24",
        "What was reported is what was posted: good, scrap and used components",
        (sql(REPORTED), sql(MADE), wrong_use, sql(POSTED_BY_NOBODY)),
    ),
    Invariant("I-25", "A failed posting stays visible with its cause", (sql(UNSEEN),)),
)
