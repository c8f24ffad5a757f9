"""What must hold for shipping notices: snapshot, posting and the bytes in the outbox tell the same."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from milkrun import edi
from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import Reader, sql

# A delivery whose goods have left and whose customer is told has one notice that was not withdrawn.
LIVE = """
    SELECT 'delivery ' || d.id FROM shipping_delivery d LEFT JOIN (
        SELECT delivery_id, SUM(CASE WHEN function = 'original' THEN 1 ELSE -1 END) AS live, COUNT(*) AS n
        FROM shipping_shippingnotice GROUP BY delivery_id
    ) AS told ON told.delivery_id = d.id
    LEFT JOIN shipping_shippingnotice newest ON newest.delivery_id = d.id AND newest.version = told.n
    WHERE (d.state IN ('issued', 'billed') AND COALESCE(told.live, 0) <> CASE WHEN EXISTS (
              SELECT 1 FROM shipping_deliveryline l JOIN demand_component c ON c.id = l.component_id
              JOIN demand_componentgroup g ON g.id = c.group_id
              WHERE l.delivery_id = d.id AND g.asn = 'announced') THEN 1 ELSE 0 END)
       OR (d.state NOT IN ('issued', 'billed') AND COALESCE(told.live, 0) <> 0)
       OR (d.state IN ('issued', 'billed') AND newest.posting_id <> d.posting_id)
    ORDER BY d.id
"""
NOTICES = """
    SELECT n.id, n.delivery_id, n.version, n.function, n.number, n.snapshot, n.sha256, o.payload
    FROM shipping_shippingnotice n LEFT JOIN exchange_outboxmessage o ON o.document_type = 'DESADV'
        AND o.document_kind = 'delivery' AND o.document_id = n.delivery_id AND o.version = n.version
    ORDER BY n.id
"""
# A reversal's movements come back from the customer: the unit is the one the goods were sent in.
POSTED = """
    SELECT n.id, h.sscc, p.number, p.base_unit, SUM(m.qty) FROM shipping_shippingnotice n
    JOIN stock_movement m ON m.posting_id = n.posting_id
    JOIN parts_part p ON p.id = m.part_id LEFT JOIN stock_handlingunit h ON h.id = m.from_hu_id
    GROUP BY n.id, h.sscc, p.number, p.base_unit ORDER BY n.id
"""
LINES = """
    SELECT n.id, l.line_no, h.sscc, p.number, l.qty FROM shipping_shippingnotice n
    JOIN shipping_deliveryline l ON l.delivery_id = n.delivery_id
    JOIN parts_part p ON p.id = l.part_id LEFT JOIN stock_handlingunit h ON h.id = l.hu_id ORDER BY n.id, l.line_no
"""
MICRO = 1_000_000


def notices_that_differ(reader: Reader) -> Iterator[str]:
    """Compare each notice with what was posted, with its delivery's lines, and with what its bytes say."""
    posted: dict[int, Counter[tuple[str, str, str]]] = {}
    for notice, sscc, part, unit, qty in reader.rows(POSTED):
        posted.setdefault(notice, Counter())[(sscc or "", part, unit)] += int(qty)
    delivered: dict[int, list[tuple[str, str, str, int]]] = {}
    for notice, line_no, sscc, part, qty in reader.rows(LINES):
        delivered.setdefault(notice, []).append((str(line_no), sscc or "", part, qty))
    for notice, _, _, function, number, text, digest, payload in reader.rows(NOTICES):
        snapshot = json.loads(text)
        lines = snapshot["lines"]
        said: Counter[tuple[str, str, str]] = Counter()
        for line in lines:
            said[(line["sscc"], line["supplier_part"], line["unit"])] += _micro(line["quantity"])
        listed = [(line["line_no"], line["sscc"], line["supplier_part"], _micro(line["quantity"])) for line in lines]
        if (
            hashlib.sha256(json.dumps(snapshot, sort_keys=True).encode()).hexdigest() != digest
            or said != posted.get(notice)
            or listed != delivered.get(notice)
            or (snapshot["number"], snapshot["function"]) != (number, function)
            or (payload is not None and not _bytes_say(bytes(payload), snapshot))
        ):
            yield f"notice {number}"


def _micro(quantity: str) -> int:
    return int(Decimal(quantity) * MICRO)


def _bytes_say(payload: bytes, snapshot: dict[str, Any]) -> bool:
    body = body_of(payload)
    if not isinstance(body, edi.DespatchAdvice) or (body.number, body.function) != (
        snapshot["number"],
        snapshot["function"],
    ):
        return False
    read = sorted((_facts(vars_of(line)) for line in body.lines), key=_line_no)
    units = sorted(unit.sscc for unit in body.units)
    return read == sorted((_facts(line) for line in snapshot["lines"]), key=_line_no) and units == sorted(
        unit["sscc"] for unit in snapshot["units"]
    )


def body_of(payload: bytes) -> Any:
    """Read the one message of a file of ours; None where it is not one clean message."""
    reading = edi.read(payload)
    messages = [message for interchange in reading.interchanges for message in interchange.messages]
    return messages[0].body if len(messages) == 1 else None


def vars_of(line: Any) -> dict[str, Any]:
    """Turn a neutral line into plain values by name."""
    return {name: getattr(line, name) for name in line.__dataclass_fields__}


def _facts(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "quantity": _micro(str(line["quantity"]))}


def _line_no(facts: dict[str, Any]) -> str:
    # Not the text of the whole line: PostgreSQL keeps the names of a JSON object in an order of its own.
    return str(facts["line_no"])


NOTICE_INVARIANTS = (
    Invariant(
        "I-11",
        "The shipping notice tells what was posted, and its bytes tell the notice",
        (sql(LIVE), notices_that_differ),
    ),
)
