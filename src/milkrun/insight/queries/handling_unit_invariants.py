"""What must hold for handling units: their codes, their nesting, what is in them."""

from collections.abc import Iterator

from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import Reader, sql

DEEPEST = 5

UNREGISTERED = """
    SELECT 'handling unit ' || h.id FROM stock_handlingunit h LEFT JOIN stock_sscc s ON s.sscc = h.sscc
    WHERE s.id IS NULL ORDER BY h.id
"""
CODES_TWICE = """
    SELECT 'SSCC ' || sscc FROM stock_sscc GROUP BY sscc HAVING COUNT(*) > 1
    UNION ALL SELECT 'SSCC ' || sscc FROM stock_handlingunit GROUP BY sscc HAVING COUNT(*) > 1
"""
# Whoever cannot be reached from an outermost unit stands in a ring, or too deep.
NOT_A_FOREST = f"""
    WITH RECURSIVE tree (id, depth) AS (
        SELECT id, 1 FROM stock_handlingunit WHERE parent_id IS NULL
        UNION ALL
        SELECT h.id, tree.depth + 1 FROM stock_handlingunit h JOIN tree ON h.parent_id = tree.id
        WHERE tree.depth < {DEEPEST}
    )
    SELECT 'handling unit ' || h.id FROM stock_handlingunit h LEFT JOIN tree ON tree.id = h.id
    WHERE tree.id IS NULL ORDER BY h.id
"""  # noqa: S608 - a constant
CONTENT = """
    SELECT 'handling unit ' || hu || ' part ' || part_id FROM (
        SELECT m.to_hu_id AS hu, m.part_id, m.qty AS moved, 0 AS kept FROM stock_movement m
        JOIN stock_location l ON l.id = m.to_location_id
        WHERE m.to_hu_id IS NOT NULL AND l.kind IN ('storage', 'line', 'packing', 'dock', 'staging', 'quarantine')
        UNION ALL
        SELECT m.from_hu_id, m.part_id, -m.qty, 0 FROM stock_movement m
        JOIN stock_location l ON l.id = m.from_location_id
        WHERE m.from_hu_id IS NOT NULL AND l.kind IN ('storage', 'line', 'packing', 'dock', 'staging', 'quarantine')
        UNION ALL
        SELECT hu_id, part_id, 0, on_hand FROM stock_balance WHERE hu_id IS NOT NULL
    ) AS both_sides GROUP BY hu, part_id HAVING SUM(moved) <> SUM(kept) ORDER BY hu, part_id
"""
ELSEWHERE = """
    SELECT 'handling unit ' || h.id FROM stock_handlingunit h JOIN stock_balance b ON b.hu_id = h.id
    WHERE b.on_hand > 0 AND (b.location_id <> h.location_id OR h.state = 'issued') ORDER BY h.id
"""
# A rack that left its station stands on its frame, and both are gone or both are here.
APART = """
    SELECT 'rack ' || g.id FROM demand_packinggroup g
    JOIN demand_rackframe f ON f.id = g.frame_id JOIN stock_handlingunit r ON r.id = g.hu_id
    JOIN stock_handlingunit u ON u.id = f.hu_id
    WHERE g.state IN ('closed', 'issued')
    AND (r.parent_id IS NULL OR r.parent_id <> f.hu_id OR (r.state = 'issued') <> (u.state = 'issued')) ORDER BY g.id
"""
# Which frame a rack belongs on follows from its number alone.
WRONG_FRAME = """
    SELECT 'rack ' || g.id FROM demand_packinggroup g JOIN demand_rackframe f ON f.id = g.frame_id
    WHERE f.stream_id <> g.stream_id OR f.family <> g.family OR f.site_id <> g.site_id
    OR (g.rack_no - 1) / f.racks_total + 1 <> f.frame_no ORDER BY g.id
"""
OVERFULL = """
    SELECT 'frame ' || f.id FROM demand_rackframe f JOIN demand_packinggroup g ON g.frame_id = f.id
    GROUP BY f.id, f.racks_total HAVING COUNT(DISTINCT g.rack_no) > f.racks_total ORDER BY f.id
"""


def wrong_codes(reader: Reader) -> Iterator[str]:
    """Check each given code digit by digit (GS1 General Specifications, section 7.9)."""
    for (code,) in reader.rows("SELECT sscc FROM stock_sscc ORDER BY id"):
        digits = [int(sign) for sign in code if sign in "0123456789"]
        weighted = sum(digit * (1 if place % 2 else 3) for place, digit in enumerate(digits))
        if len(code) != 18 or len(digits) != 18 or weighted % 10:
            yield f"SSCC {code}"


HANDLING_UNIT_INVARIANTS = (
    Invariant(
        "I-15",
        "Each SSCC has 18 digits, a right check digit, is registered and given out once",
        (wrong_codes, sql(CODES_TWICE), sql(UNREGISTERED)),
    ),
    Invariant("I-16", f"Handling units nest as a forest, at most {DEEPEST} deep", (sql(NOT_A_FOREST),)),
    Invariant("I-17", "A handling unit holds what the ledger put in", (sql(CONTENT), sql(ELSEWHERE))),
    Invariant(
        "I-65",
        "Racks stand on the frame of their numbers and leave with it",
        (sql(APART), sql(WRONG_FRAME), sql(OVERFULL)),
    ),
)
