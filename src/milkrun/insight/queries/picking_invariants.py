"""What must hold at picking: tasks and what was moved for them, what is kept for them, and the waves they stand on."""

from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import sql

MOVED = """
    SELECT 'pick task ' || t.id FROM shipping_picktask t LEFT JOIN (
        SELECT p.document_id, SUM(CASE WHEN p.reverses_id IS NULL THEN m.qty ELSE -m.qty END) AS qty
        FROM stock_posting p JOIN stock_movement m ON m.posting_id = p.id
        WHERE p.document_kind = 'pick_task' GROUP BY p.document_id
    ) AS moved ON moved.document_id = t.id
    WHERE t.component_id IS NOT NULL AND t.picked_qty <> COALESCE(moved.qty, 0) ORDER BY t.id
"""
HALF_ENDED = """
    SELECT 'pick task ' || id FROM shipping_picktask
    WHERE (state = 'picked') <> (picked_qty = qty) OR picked_qty > qty OR picked_qty < 0 ORDER BY id
"""
NOT_KEPT = """
    SELECT 'pick task ' || t.id FROM shipping_picktask t JOIN demand_component c ON c.id = t.component_id
    JOIN demand_componentgroup g ON g.id = c.group_id LEFT JOIN (
        SELECT balance_id, purpose_id, SUM(qty) AS qty FROM stock_reservation
        WHERE state = 'open' AND purpose_kind = 'component' GROUP BY balance_id, purpose_id
    ) AS kept ON kept.balance_id = t.balance_id AND kept.purpose_id = t.component_id
    WHERE t.state = 'open' AND g.state NOT IN ('cancelled', 'cancel_requested')
        AND t.qty - t.picked_qty <> COALESCE(kept.qty, 0) ORDER BY t.id
"""
WAVES = """
    SELECT 'wave ' || w.id FROM shipping_wave w
    WHERE (w.state = 'open') <> EXISTS (SELECT 1 FROM shipping_picktask t WHERE t.wave_id = w.id AND t.state = 'open')
    ORDER BY w.id
"""

PICKING_INVARIANTS = (
    Invariant("I-60", "What a task says was picked is what was moved for it", (sql(MOVED), sql(HALF_ENDED))),
    Invariant(
        "I-61", "Goods of an open task are kept for it, and a wave is open while a task is", (sql(NOT_KEPT), sql(WAVES))
    ),
)
