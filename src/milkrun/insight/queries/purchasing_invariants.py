"""What must hold in purchasing: what came is what was posted, and an order stands where its lines stand."""

from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import sql

RECEIVED = """
    SELECT 'order line ' || id FROM (
        SELECT l.id, l.received_qty, COALESCE(SUM(r.qty), 0) AS came FROM purchasing_purchaseorderline l
        LEFT JOIN purchasing_receipt r ON r.line_id = l.id AND r.state = 'posted' GROUP BY l.id, l.received_qty
    ) AS summed WHERE received_qty <> came ORDER BY id
"""
POSTED = """
    SELECT 'receipt ' || id FROM (
        SELECT r.id, r.qty, r.state, COALESCE(SUM(m.qty), 0) AS moved, COUNT(p.id) AS n, MAX(back.id) AS back,
               SUM(CASE WHEN m.part_id <> l.part_id THEN 1 ELSE 0 END) AS other
        FROM purchasing_receipt r JOIN purchasing_purchaseorderline l ON l.id = r.line_id
        LEFT JOIN stock_posting p ON p.id = r.posting_id AND p.document_kind = 'receipt' AND p.document_id = r.id
        LEFT JOIN stock_movement m ON m.posting_id = p.id
        LEFT JOIN stock_posting back ON back.reverses_id = p.id
        GROUP BY r.id, r.qty, r.state
    ) AS posted
    WHERE n <> 1 OR moved <> qty OR other > 0 OR (state = 'taken_back') <> (back IS NOT NULL) ORDER BY id
"""
COMPLETE = """
    SELECT 'order ' || o.id FROM purchasing_purchaseorder o
    WHERE (o.state = 'received') <> NOT EXISTS (
        SELECT 1 FROM purchasing_purchaseorderline l WHERE l.order_id = o.id AND l.received_qty < l.qty
    ) AND o.state <> 'closed' ORDER BY o.id
"""

PURCHASING_INVARIANTS = (
    Invariant("W-01", "What came on an order is what was posted", (sql(RECEIVED), sql(POSTED), sql(COMPLETE))),
)
