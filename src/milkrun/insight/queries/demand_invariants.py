"""What must hold in demand: cumulative figures, quantities of components, sequences, states and their history."""

import json
from bisect import bisect, bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from heapq import heappop, heappush
from itertools import groupby, islice
from typing import Any

from milkrun.demand.states import GROUP_MOVES, GROUP_ORDER, GROUP_STATES
from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import Reader, moment, sql
from milkrun.measure.unit import ALIASES, UNITS

CUMULATIVE = """
    SELECT 'plant ' || ship_to_id || ' part ' || part_id FROM (
        SELECT c.site_id, c.ship_to_id, c.part_id, c.id AS era, 0 AS moved, c.shipped_qty AS kept
        FROM demand_cumulative c
        UNION ALL
        SELECT d.site_id, d.ship_to_id, m.part_id, COALESCE(c.id, 0),
               CASE WHEN t.kind = 'customer' THEN m.qty ELSE -m.qty END, 0
        FROM stock_movement m
        JOIN stock_posting p ON p.id = m.posting_id AND p.document_kind = 'delivery'
        JOIN shipping_delivery d ON d.id = p.document_id
        JOIN stock_location t ON t.id = m.to_location_id
        JOIN stock_location f ON f.id = m.from_location_id
        LEFT JOIN demand_cumulative c ON c.site_id = d.site_id AND c.ship_to_id = d.ship_to_id
            AND c.part_id = m.part_id AND c.started_at <= p.at AND (c.ended_at IS NULL OR p.at < c.ended_at)
        WHERE t.kind = 'customer' OR f.kind = 'customer'
    ) AS both_sides GROUP BY site_id, ship_to_id, part_id, era HAVING SUM(moved) <> SUM(kept)
    UNION ALL
    SELECT 'plant ' || ship_to_id || ' part ' || part_id FROM demand_cumulative WHERE ended_at IS NULL
    GROUP BY site_id, ship_to_id, part_id HAVING COUNT(*) > 1
"""
SHIPPED_ONCE = """
    SELECT 'component ' || component_id FROM shipping_deliveryline WHERE live
    GROUP BY component_id HAVING COUNT(DISTINCT delivery_id) > 1
    UNION ALL
    SELECT 'component ' || component_id FROM shipping_deliveryline WHERE live
    GROUP BY component_id, hu_id HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'component ' || id FROM demand_component
    WHERE issued_qty < 0 OR issued_qty > COALESCE(qty, 0) OR billed_qty < 0 OR billed_qty > issued_qty
       OR packed_qty < 0 OR packed_qty > COALESCE(qty, 0)
    UNION ALL
    SELECT 'delivery line ' || l.id FROM shipping_deliveryline l JOIN shipping_delivery d ON d.id = l.delivery_id
    WHERE l.live AND d.state = 'cancelled'
"""
ISSUED_AS_DELIVERED = """
    SELECT 'component ' || c.id FROM demand_component c LEFT JOIN (
        SELECT l.component_id, SUM(l.qty) AS qty FROM shipping_deliveryline l
        JOIN shipping_delivery d ON d.id = l.delivery_id
        WHERE l.live AND d.state IN ('issued', 'billed') GROUP BY l.component_id
    ) AS gone ON gone.component_id = c.id WHERE c.issued_qty <> COALESCE(gone.qty, 0) ORDER BY c.id
"""
SPLITS_SUM_UP = """
    SELECT 'component ' || c.id FROM demand_component c JOIN demand_componentgroup g ON g.id = c.group_id
    LEFT JOIN (SELECT component_id, SUM(qty) AS qty FROM shipping_deliveryline WHERE live GROUP BY component_id)
        AS sent ON sent.component_id = c.id
    WHERE (g.state IN ('on_delivery', 'issued', 'billed', 'completed') AND COALESCE(sent.qty, 0) <> c.qty)
       OR (g.state NOT IN ('on_delivery', 'issued', 'billed', 'completed', 'cancel_requested')
           AND sent.qty IS NOT NULL)
       OR (g.state IN ('packed', 'on_delivery', 'issued', 'billed', 'completed') AND c.packed_qty <> c.qty)
       OR (g.state IN ('created', 'released', 'ready', 'cancelled') AND c.packed_qty <> 0)
       OR (g.state IN ('billed', 'completed') AND c.billed_qty <> c.issued_qty)
    ORDER BY c.id
"""
SAME_POSITION = """
    SELECT 'stream ' || stream_id || ' position ' || position FROM demand_jitcall
    WHERE stream_id IS NOT NULL AND state <> 'cancelled' GROUP BY stream_id, position HAVING COUNT(*) > 1
"""
NUMBERS = """
    SELECT c.id, c.sequence_text, (c.position - 1) % s.largest + 1
    FROM demand_jitcall c JOIN demand_sequencestream s ON s.id = c.stream_id
"""
# When it was put on the delivery it stands on (a split moves it, but is no new load), when it was last given back, from
# then on it was open again, and when it was moved to its number: before that it was not there.
LOADS = """
    SELECT c.stream_id, c.position, c.state, c.received_at, CASE WHEN MIN(d.id) IS NOT NULL THEN
           (SELECT MAX(j.at) FROM kernel_journalentry j JOIN demand_componentgroup g2 ON g2.id = j.subject_id
            WHERE j.subject_kind = 'group' AND j.action IN ('create_delivery', 'add_to_delivery')
              AND g2.call_id = c.id) END,
           (SELECT MAX(j.at) FROM kernel_journalentry j JOIN demand_componentgroup g2 ON g2.id = j.subject_id
            WHERE j.subject_kind = 'group' AND j.action IN ('cancel_delivery', 'remove_from_delivery', 'replace_group')
              AND g2.call_id = c.id),
           (SELECT MAX(j.at) FROM kernel_journalentry j WHERE j.subject_kind = 'call' AND j.subject_id = c.id
              AND (j.action = 'resequence_call'
                   OR j.action = 'update_call' AND CAST(j.facts AS TEXT) LIKE '%sequence_text%'))
    FROM demand_jitcall c
    JOIN demand_sequencestream s ON s.id = c.stream_id AND s.gap_rule = 'block'
    LEFT JOIN demand_componentgroup g ON g.call_id = c.id
    LEFT JOIN demand_component k ON k.group_id = g.id
    LEFT JOIN shipping_deliveryline l ON l.component_id = k.id AND l.live
    LEFT JOIN shipping_delivery d ON d.id = l.delivery_id
    WHERE c.position IS NOT NULL
    GROUP BY c.stream_id, c.id, c.position, c.state, c.received_at ORDER BY c.stream_id
"""
# From the journal: a number that came after all is skipped no more, but was when the load left.
SKIPPED = "SELECT subject_id, facts, at FROM kernel_journalentry WHERE action = 'skip_number'"
# Loads that left before the stream blocked gaps were free to leave some.
FREE_BEFORE = "SELECT id, blocking_since FROM demand_sequencestream WHERE blocking_since IS NOT NULL"
MOST_GAPS = 1000


@dataclass
class _Place:
    state: str
    # Since when some call, be it a cancelled one, has stood there.
    known_since: datetime
    open_from: datetime


@dataclass
class _Load:
    created_at: datetime
    chosen: set[int] = field(default_factory=set)


def wrong_positions(reader: Reader) -> Iterator[str]:
    """Compare each call's sequence number with its place in the stream."""
    for call, text, number in reader.rows(NUMBERS):
        if not text.isdigit() or int(text) != number:
            yield f"call {call}"


def gaps(reader: Reader) -> Iterator[str]:
    """Play the loads of each blocking stream again: none may have left an open or unknown number behind.

    A number that came later than the load, was cancelled, or stood on a delivery at that moment explains itself.
    """
    free_before = {stream: moment(since) for stream, since in reader.rows(FREE_BEFORE)}
    skipped: dict[int, dict[int, datetime]] = {}
    for stream, facts, at in reader.rows(SKIPPED):
        position = (facts if isinstance(facts, dict) else json.loads(facts))["position"]
        skipped.setdefault(stream, {})[position] = moment(at)
    for stream, rows in groupby(reader.rows(LOADS), key=lambda row: row[0]):
        since = free_before.get(stream)
        places: dict[int, _Place] = {}
        loads: dict[datetime, _Load] = {}
        for _, position, state, received, put, back, moved in rows:
            load = moment(put) if put is not None else None
            known = places.get(position)
            there = max(moment(received), moment(moved)) if moved else moment(received)
            first = there if known is None else min(there, known.known_since)
            if known is None or known.state == "cancelled":
                places[position] = _Place(state, first, max(there, moment(back)) if back else there)
            else:
                known.known_since = first
            if load is not None:
                loads.setdefault(load, _Load(load)).chosen.add(position)
        for position in _left_behind(places, loads, since, skipped.get(stream, {})):
            yield f"stream {stream} position {position}"


def _left_behind(
    places: dict[int, _Place],
    loads: dict[datetime, _Load],
    since: datetime | None,
    skipped: dict[int, datetime],
) -> Iterator[int]:
    arrivals = sorted((place.open_from, p) for p, place in places.items() if place.state != "cancelled")
    arrived = 0
    waiting: list[int] = []
    gone: list[int] = []
    found: set[int] = set()
    for _, load in sorted(loads.items()):
        while arrived < len(arrivals) and arrivals[arrived][0] <= load.created_at:
            heappush(waiting, arrivals[arrived][1])
            arrived += 1
        last = max(load.chosen)
        before = gone[bisect(gone, last) - 1] if gone and gone[0] <= last else None
        start = min(load.chosen) if before is None else min(before + 1, *load.chosen)
        for position in load.chosen:
            insort(gone, position)
        if since is not None and load.created_at < since:
            continue
        while waiting and waiting[0] < last:
            position = heappop(waiting)
            if not _contains(gone, position):
                found.add(position)
                yield position
        unknown = (
            p
            for p in range(start, last)
            if (p not in places or places[p].known_since > load.created_at)
            and not (p in skipped and skipped[p] <= load.created_at)
        )
        for position in islice(unknown, MOST_GAPS):
            if position not in found and not _contains(gone, position):
                found.add(position)
                yield position


def _contains(ordered: list[int], value: int) -> bool:
    place = bisect_left(ordered, value)
    return place < len(ordered) and ordered[place] == value


CALL_STATES = """
    SELECT c.id, c.state, g.state FROM demand_jitcall c LEFT JOIN demand_componentgroup g ON g.call_id = c.id
    ORDER BY c.id
"""
HISTORY = """
    SELECT g.id, g.state, j.action, j.before, j.after FROM demand_componentgroup g LEFT JOIN kernel_journalentry j
    ON j.subject_kind = 'group' AND j.subject_id = g.id AND j.before <> j.after ORDER BY g.id, j.id
"""


UNDECIDED = """
    SELECT g.id, g.state, r.was, COALESCE(l.lines, 0) FROM demand_componentgroup g
    LEFT JOIN demand_callrequest r ON r.call_id = g.call_id AND r.kind = 'cancel' AND r.state = 'open'
    LEFT JOIN (SELECT c.group_id, COUNT(*) AS lines FROM shipping_deliveryline d
        JOIN demand_component c ON c.id = d.component_id WHERE d.live GROUP BY c.group_id) AS l ON l.group_id = g.id
    WHERE g.state = 'cancel_requested' OR r.id IS NOT NULL ORDER BY g.id
"""


def undecided_without_a_wish(reader: Reader) -> Iterator[str]:
    """Find groups whose cancelling nobody asks for, or asks for without remembering where the group stood."""
    for group, state, was, lines in reader.rows(UNDECIDED):
        known = was if isinstance(was, dict) else json.loads(was or "{}")
        stood = known.get(str(group), "")
        asked = state == "cancel_requested"
        if asked != bool(stood) or (asked and (stood == "on_delivery") != bool(lines)):
            yield f"group {group}"


def calls_ahead_of_their_groups(reader: Reader) -> Iterator[str]:
    """Derive each call's state from its groups: the least advanced live one decides."""
    for (call, state), rows in groupby(reader.rows(CALL_STATES), key=lambda row: (row[0], row[1])):
        states = [row[2] for row in rows]
        live = [s for s in states if s != "cancelled"]
        unknown = any(s not in GROUP_STATES for s in states)
        if unknown or state != _least(live):
            yield f"call {call}"


def _least(live: list[str]) -> str:
    if not live:
        return "cancelled"
    return "cancel_requested" if "cancel_requested" in live else min(live, key=GROUP_ORDER.index)


def broken_histories(reader: Reader) -> Iterator[str]:
    """Walk each group's history: legal steps only, without a jump, from "created" to where it stands."""
    legal = {pair for steps in GROUP_MOVES.values() for pair in steps.items()}
    for (group, state), rows in groupby(reader.rows(HISTORY), key=lambda row: (row[0], row[1])):
        at = "created"
        broken = False
        for _, _, action, before, after in rows:
            if action is not None:
                broken = broken or before != at or (before, after) not in legal
                at = after
        if broken or at != state:
            yield f"group {group}"


UNITS_OF_COMPONENTS = """
    SELECT 'component ' || c.id, c.entered_qty, c.entered_unit, c.qty, p.base_unit, u.numerator, u.denominator
    FROM demand_component c JOIN parts_part p ON p.id = c.part_id
    LEFT JOIN parts_partunit u ON u.part_id = p.id AND u.code = c.entered_unit WHERE c.qty IS NOT NULL
"""
UNITS_OF_MOVEMENTS = """
    SELECT 'movement ' || m.id, m.entered_qty, m.entered_unit, m.qty, p.base_unit, u.numerator, u.denominator
    FROM stock_movement m JOIN parts_part p ON p.id = m.part_id
    LEFT JOIN parts_partunit u ON u.part_id = p.id AND u.code = m.entered_unit
    WHERE m.entered_qty IS NOT NULL AND m.entered_unit <> ''
"""


def inexact_units(reader: Reader) -> Iterator[str]:
    """Convert each entered quantity anew, by exact ratios: counted units must come out whole."""
    for statement in (UNITS_OF_COMPONENTS, UNITS_OF_MOVEMENTS):
        for key, entered, code, qty, base, numerator, denominator in reader.rows(statement):
            own = None if numerator is None else Fraction(numerator, denominator)
            ratio = own or _ratio(code, base)
            exact = None if ratio is None else entered * ratio
            if exact is None or (exact != qty and (_counted(code, own) or round(exact) != qty)):
                yield key


def _ratio(source: str, target: str) -> Fraction | None:
    a, b = (UNITS.get(ALIASES.get(code.strip().upper(), code.strip().upper())) for code in (source, target))
    return None if a is None or b is None or a.dimension != b.dimension else a.ratio / b.ratio


def _counted(code: str, own: Any) -> bool:
    key = code.strip().upper()
    return own is not None or UNITS[ALIASES.get(key, key)].dimension == "count"


DEMAND_INVARIANTS = (
    Invariant("I-07", "The cumulative quantity is what was shipped, net, since the era began", (sql(CUMULATIVE),)),
    Invariant("I-08", "A component is shipped once at most", (sql(SHIPPED_ONCE),)),
    Invariant(
        "I-09", "Sequence numbers are unique and none was left behind", (sql(SAME_POSITION), wrong_positions, gaps)
    ),
    Invariant(
        "I-20",
        "States are legal, follow their history, and a call stands where its last group stands",
        (calls_ahead_of_their_groups, broken_histories, undecided_without_a_wish),
    ),
    Invariant("I-23", "Entered quantities convert exactly to the kept ones", (inexact_units,)),
    Invariant(
        "I-28",
        "What was packed, delivered and billed sums up to the call",
        (sql(ISSUED_AS_DELIVERED), sql(SPLITS_SUM_UP)),
    ),
)
