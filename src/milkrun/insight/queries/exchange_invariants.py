"""What must hold at the borders: requests, received files, sent files."""

import hashlib
import json
from collections.abc import Iterator

from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import Reader, sql

KEYS_TWICE = """
    SELECT 'request ' || scope || ' ' || key FROM kernel_requestkey GROUP BY scope, key HAVING COUNT(*) > 1
    UNION ALL SELECT 'request ' || scope || ' ' || key FROM kernel_requestkey
    WHERE body_hash = '' OR result = '' OR scope = '' OR key = ''
"""
TAKEN_TWICE = """
    SELECT 'reference ' || sender || ' ' || control FROM exchange_interchange
    WHERE state IN ('stored', 'processed') GROUP BY sender, recipient, control HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'reference ' || sender || ' ' || control FROM exchange_interchange
    GROUP BY partner_id, sender, recipient, control, sha256 HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'interchange ' || interchange_id FROM exchange_message
    GROUP BY interchange_id HAVING COUNT(*) <> COUNT(DISTINCT position) OR COUNT(*) <> MAX(position)
    UNION ALL
    SELECT 'interchange ' || m.interchange_id FROM exchange_message m
    JOIN exchange_interchange i ON i.id = m.interchange_id
    WHERE m.state = 'taken' AND i.state NOT IN ('stored', 'processed')
"""
NOT_SENT_ONCE = """
    SELECT 'notice ' || n.number FROM shipping_shippingnotice n LEFT JOIN exchange_outboxmessage o
        ON o.document_type = 'DESADV' AND o.document_kind = 'delivery' AND o.document_id = n.delivery_id
        AND o.version = n.version
    GROUP BY n.number HAVING COUNT(o.id) <> 1
    UNION ALL
    SELECT 'invoice ' || v.number FROM billing_invoice v LEFT JOIN exchange_outboxmessage o
        ON o.document_type IN ('INVOIC', 'UBL') AND o.document_kind = 'invoice' AND o.document_id = v.id
    GROUP BY v.number, v.channel, v.delivery_id
    HAVING COUNT(o.id) > CASE WHEN v.channel IN ('edi', 'ubl') THEN 1 ELSE 0 END
        OR (COUNT(o.id) = 0 AND v.channel = 'edi' AND EXISTS (
            SELECT 1 FROM shipping_shippingnotice n WHERE n.delivery_id = v.delivery_id))
    UNION ALL
    SELECT 'interchange ' || i.id FROM exchange_interchange i
    JOIN exchange_agreement a ON a.partner_id = i.partner_id LEFT JOIN exchange_outboxmessage o
        ON o.document_type IN ('CONTRL', '997', 'TA1', 'JSON-ACK') AND o.document_kind = 'interchange'
        AND o.document_id = i.id
    WHERE CAST(i.findings AS TEXT) NOT LIKE '%cannot_be_answered%'
    -- A file that is taken in after all is answered anew: versions without a gap.
    GROUP BY i.id, i.dialect, a.acknowledges HAVING COUNT(o.id) <> CASE WHEN a.acknowledges AND i.dialect <> 'vda'
        AND EXISTS (SELECT 1 FROM exchange_message m WHERE m.interchange_id = i.id
            AND m.type NOT IN ('CONTRL', '997', '999', 'TA1', 'JSON-ACK')) THEN COALESCE(MAX(o.version), 1) ELSE 0 END
    UNION ALL
    SELECT 'outbox ' || o.id FROM exchange_outboxmessage o
    LEFT JOIN shipping_shippingnotice n ON o.document_type = 'DESADV' AND n.delivery_id = o.document_id
        AND n.version = o.version
    LEFT JOIN billing_invoice v ON o.document_type IN ('INVOIC', 'UBL') AND v.id = o.document_id
    LEFT JOIN exchange_interchange i ON o.document_type IN ('CONTRL', '997', 'TA1', 'JSON-ACK')
        AND i.id = o.document_id
    WHERE o.document_type IN ('DESADV', 'INVOIC', 'UBL', 'CONTRL', '997', 'TA1', 'JSON-ACK')
      AND n.id IS NULL AND v.id IS NULL AND i.id IS NULL
    UNION ALL
    SELECT 'outbox ' || id FROM exchange_outboxmessage
    WHERE (state IN ('sent', 'acknowledged', 'rejected')) AND sent_at IS NULL
"""


def stored_results_that_cannot_be_read(reader: Reader) -> Iterator[str]:
    """Parse what a repeated request would be answered with."""
    for key, result in reader.rows("SELECT key, result FROM kernel_requestkey"):
        try:
            json.loads(result)
        except ValueError:
            yield f"request {key}"


def received_bytes_that_changed(reader: Reader) -> Iterator[str]:
    """Hash what was received."""
    for key, content, size, digest in reader.rows("SELECT id, content, size, sha256 FROM exchange_interchange"):
        data = bytes(content)
        if len(data) != size or hashlib.sha256(data).hexdigest() != digest:
            yield f"interchange {key}"


def sent_bytes_that_changed(reader: Reader) -> Iterator[str]:
    """Hash what is sent."""
    for key, payload, digest in reader.rows("SELECT id, payload, sha256 FROM exchange_outboxmessage"):
        if hashlib.sha256(bytes(payload)).hexdigest() != digest:
            yield f"outbox {key}"


EXCHANGE_INVARIANTS = (
    Invariant(
        "I-13",
        "A request took effect once, and its answer is kept",
        (sql(KEYS_TWICE), stored_results_that_cannot_be_read),
    ),
    Invariant("I-14", "A reference was taken in once, its messages complete", (sql(TAKEN_TWICE),)),
    Invariant(
        "I-18", "Each document stands once in the outbox, byte for byte", (sql(NOT_SENT_ONCE), sent_bytes_that_changed)
    ),
    Invariant("I-19", "Received files are kept as they came", (received_bytes_that_changed,)),
)
