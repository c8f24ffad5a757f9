"""What must hold in production: confirmations, what they posted, and the failed ones that wait."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby

from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import Reader, sql

REPORTED = """
    SELECT 'job line ' || l.id FROM production_jobline l LEFT JOIN (
        SELECT line_id, SUM(good_qty) AS good, SUM(scrap_qty) AS scrap, SUM(rework_qty - from_rework_qty) AS rework
        FROM production_confirmation WHERE state <> 'reversed' GROUP BY line_id
    ) AS said ON said.line_id = l.id
    WHERE l.good_qty <> COALESCE(said.good, 0) OR l.scrap_qty <> COALESCE(said.scrap, 0)
       OR l.rework_qty <> COALESCE(said.rework, 0) OR l.good_qty + l.rework_qty + l.dropped_qty > l.qty
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
    SELECT c.id, l.part_id, c.good_qty + c.scrap_qty + c.rework_qty - c.from_rework_qty, used.part_id, used.qty
    FROM production_confirmation c JOIN production_jobline l ON l.id = c.line_id
    LEFT JOIN (
        SELECT m.posting_id, m.part_id, SUM(m.qty) AS qty FROM stock_movement m
        JOIN stock_location t ON t.id = m.to_location_id AND t.kind = 'production' GROUP BY m.posting_id, m.part_id
    ) AS used ON used.posting_id = c.posting_id
    WHERE c.state = 'posted' ORDER BY c.id
"""
RECIPES = """
    SELECT b.part_id, b.component_id, b.qty, k.phantom FROM parts_bomline b
    JOIN parts_part k ON k.id = b.component_id ORDER BY b.part_id
"""
# Pieces of a part that is kept by lot belong to the lot that the confirmation names.
LOTLESS = """
    SELECT 'movement ' || m.id FROM stock_movement m JOIN production_confirmation c ON c.posting_id = m.posting_id
    JOIN production_jobline l ON l.id = c.line_id AND l.part_id = m.part_id
    JOIN parts_part p ON p.id = m.part_id AND p.lot_tracked
    JOIN stock_location f ON f.id = m.from_location_id AND f.kind = 'production'
    LEFT JOIN stock_lot t ON t.id = m.lot_id
    WHERE t.id IS NULL OR t.number <> c.lot_no ORDER BY m.id
"""
TAKEN_BACK = """
    SELECT 'confirmation ' || c.id FROM production_confirmation c
    LEFT JOIN stock_posting r ON r.reverses_id = c.posting_id
    WHERE c.posting_id IS NOT NULL AND (c.state = 'reversed') <> (r.id IS NOT NULL) ORDER BY c.id
"""
# A run is what its confirmations say together.
RUNS = """
    SELECT 'run ' || r.number FROM production_productionrun r LEFT JOIN (
        SELECT run_id, SUM(good_qty) AS good, SUM(scrap_qty) AS scrap FROM production_confirmation GROUP BY run_id
    ) AS said ON said.run_id = r.id
    WHERE r.good_qty <> COALESCE(said.good, 0) OR r.scrap_qty <> COALESCE(said.scrap, 0) ORDER BY r.id
"""
# What asks for a job: a call where it says so, and a reason where a hand made it.
UNASKED = """
    SELECT 'job ' || j.number FROM production_job j
    WHERE (j.signal = 'manual' AND j.reason = '')
       OR (j.signal = 'call' AND EXISTS (
           SELECT 1 FROM production_jobline l WHERE l.job_id = j.id AND l.component_id IS NULL))
       OR (j.signal <> 'call' AND EXISTS (
           SELECT 1 FROM production_jobline l WHERE l.job_id = j.id AND l.component_id IS NOT NULL))
    ORDER BY j.id
"""
MICRO = 1_000_000
POSTED_BY_NOBODY = """
    SELECT 'confirmation ' || c.id FROM production_confirmation c
    LEFT JOIN stock_posting p ON p.id = c.posting_id AND p.document_kind = 'confirmation' AND p.document_id = c.id
    WHERE c.state = 'posted' AND p.id IS NULL AND (c.good_qty + c.scrap_qty > 0 OR c.posting_id IS NOT NULL)
    UNION ALL
    SELECT 'posting ' || p.id FROM stock_posting p LEFT JOIN production_confirmation c ON c.posting_id = p.id
    WHERE p.document_kind = 'confirmation' AND p.reverses_id IS NULL AND c.id IS NULL
"""
UNSEEN = """
    SELECT 'confirmation ' || c.id FROM production_confirmation c
    JOIN production_jobline l ON l.id = c.line_id LEFT JOIN demand_component k ON k.id = l.component_id
    LEFT JOIN demand_componentgroup g ON g.id = k.group_id
    WHERE c.state NOT IN ('posted', 'failed', 'reversed')
       OR (c.state = 'failed' AND (c.failure = '' OR c.failure_code = '' OR c.posting_id IS NOT NULL OR c.tries < 1
           OR g.stock_posting <> 'failed'))
    ORDER BY c.id
"""


def wrong_use(reader: Reader) -> Iterator[str]:
    """Multiply what was begun with the bill of material, phantoms seen through; rounded once, at the sixth decimal."""
    recipes: dict[int, list[tuple[int, int, bool]]] = {}
    for part, component, qty, phantom in reader.rows(RECIPES):
        recipes.setdefault(part, []).append((component, int(qty), bool(phantom)))
    for (key, part, begun), rows in groupby(reader.rows(USED), key=lambda row: row[:3]):
        took = {row[3]: int(row[4]) for row in rows if row[3] is not None}
        wanted = _used_up(part, Fraction(int(begun)), recipes)
        if any(abs(took.get(p, 0) - wanted.get(p, Fraction(0))) * 2 > 1 for p in took.keys() | wanted.keys()):
            yield f"confirmation {key}"


def _used_up(part: int, qty: Fraction, recipes: dict[int, list[tuple[int, int, bool]]]) -> dict[int, Fraction]:
    found: dict[int, Fraction] = {}
    for component, each, phantom in recipes.get(part, ()):
        share = qty * each / MICRO
        below = _used_up(component, share, recipes) if phantom else {component: share}
        for key, more in below.items():
            found[key] = found.get(key, Fraction(0)) + more
    return found


PRODUCTION_INVARIANTS = (
    Invariant(
        "I-24",
        "What was reported is what was posted: good, scrap and used components",
        (
            sql(REPORTED),
            sql(MADE),
            wrong_use,
            sql(POSTED_BY_NOBODY),
            sql(LOTLESS),
            sql(TAKEN_BACK),
            sql(RUNS),
            sql(UNASKED),
        ),
    ),
    Invariant("I-25", "A failed posting stays visible with its cause", (sql(UNSEEN),)),
)
