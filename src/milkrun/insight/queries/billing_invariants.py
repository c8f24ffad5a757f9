"""What must hold for invoices: amounts, prices of the day, each delivery line once, and the bytes that were sent."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from milkrun import edi
from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.notice_invariants import body_of
from milkrun.insight.queries.reading import Reader, moment, sql
from milkrun.measure.money import minor_digits

MICRO = 1_000_000
# A line of a billed delivery stands on one live invoice line; one of a delivery that left on one at most.
BILLED_ONCE = """
    SELECT 'delivery line ' || l.id FROM shipping_deliveryline l JOIN shipping_delivery d ON d.id = l.delivery_id
    JOIN demand_component c ON c.id = l.component_id
    LEFT JOIN billing_invoiceline i ON i.delivery_line_id = l.id AND i.live
    GROUP BY l.id, l.live, d.state, l.qty, c.billed_qty
    HAVING COUNT(i.id) > CASE WHEN d.state IN ('issued', 'billed') THEN 1 ELSE 0 END
        OR (d.state = 'billed' AND l.live AND COUNT(i.id) <> 1) OR COALESCE(SUM(i.qty), l.qty) <> l.qty
        OR (l.live AND c.billed_qty <> COALESCE(SUM(i.qty), 0))
    ORDER BY l.id
"""
# A credit note's line repeats the line it takes back, which is live no more; a cancelled invoice has no live line.
CREDITED = """
    SELECT 'credit line ' || n.id FROM billing_invoiceline n JOIN billing_invoice g ON g.id = n.invoice_id
    LEFT JOIN billing_invoiceline i ON i.id = n.credits_id
    WHERE (g.kind = 'credit_note') <> (n.credits_id IS NOT NULL)
       OR (n.credits_id IS NOT NULL AND (n.live OR i.live OR i.invoice_id <> g.credits_id OR n.qty <> i.qty
           OR n.amount <> i.amount OR n.price_minor <> i.price_minor OR n.price_basis <> i.price_basis
           OR n.delivery_line_id <> i.delivery_line_id))
    UNION ALL
    SELECT 'invoice line ' || i.id FROM billing_invoiceline i JOIN billing_invoice v ON v.id = i.invoice_id
    LEFT JOIN billing_invoiceline n ON n.credits_id = i.id
    WHERE v.kind = 'invoice' AND (i.live = (n.id IS NOT NULL) OR (v.state = 'cancelled' AND i.live))
    UNION ALL
    SELECT 'invoice ' || v.id FROM billing_invoice v
    WHERE v.kind = 'invoice' AND v.state = 'issued' AND NOT EXISTS (
        SELECT 1 FROM billing_invoiceline i WHERE i.invoice_id = v.id AND i.live)
"""
INVOICES = """
    SELECT v.id, v.number, v.currency, v.tax_basis_points, v.net_amount, v.tax_amount, v.gross_amount, d.issued_at,
           t.zone, i.line_no, i.qty, i.price_minor, i.price_basis, i.amount, i.agreement_id, a.customer_part_id,
           a.order_no, o.payload, i.live
    FROM billing_invoice v
    LEFT JOIN billing_invoiceline i ON i.invoice_id = v.id LEFT JOIN demand_supplyagreement a ON a.id = i.agreement_id
    LEFT JOIN shipping_deliveryline l ON l.id = i.delivery_line_id LEFT JOIN shipping_delivery d ON d.id = l.delivery_id
    LEFT JOIN partners_shipto t ON t.id = d.ship_to_id
    LEFT JOIN exchange_outboxmessage o ON o.document_type = 'INVOIC' AND o.document_kind = 'invoice'
        AND o.document_id = v.id
    ORDER BY v.id, i.line_no
"""
PRICES = """
    SELECT customer_part_id, order_no, valid_from, id, price_minor, price_basis, currency
    FROM demand_supplyagreement ORDER BY valid_from, id
"""
Prices = dict[tuple[int, str], list[tuple[str, int, int, int, str]]]


def invoices_that_differ(reader: Reader) -> Iterator[str]:
    """Price each line anew at the goods issue's day, add up, and read the sent bytes back."""
    prices: Prices = {}
    for part, order, start, *price in reader.rows(PRICES):
        prices.setdefault((part, order), []).append((str(start), *price))
    for (_, number), rows in groupby(reader.rows(INVOICES), key=lambda row: (row[0], row[1])):
        if not _adds_up(list(rows), prices):
            yield f"invoice {number}"


def _adds_up(rows: list[Any], prices: Prices) -> bool:
    _, number, currency, points, net, tax, gross = rows[0][:7]
    payload = rows[0][17]
    if any(row[9] is None or not _priced(row, prices, currency) for row in rows):
        return False
    amounts = [row[13] for row in rows]
    if net != sum(amounts) or tax != _half_even(net * points, 10_000) or gross != net + tax:
        return False
    return payload is None or _bytes_say(bytes(payload), number, rows, currency)


def _priced(row: Any, prices: Prices, currency: str) -> bool:
    issued_at, zone = row[7:9]
    qty, price_minor, basis, amount, agreement, part, order = row[10:17]
    if issued_at is None:
        # What was credited may have come back: its day is gone, its price was checked while it was live.
        return not row[18] and bool(amount == _half_even(qty * price_minor, MICRO * basis))
    on = moment(issued_at).astimezone(ZoneInfo(zone)).date()
    if not row[18]:
        on = date.max
    valid = [price for price in prices.get((part, order), ()) if price[0] <= on.isoformat()]
    # A price that was agreed later, for a day in the past, does not change what was billed before.
    chosen = [price for price in valid if price[1] == agreement]
    newer = [price for price in valid if chosen and price[0] > chosen[0][0] and price[1] < agreement and row[18]]
    return (
        bool(chosen)
        and not newer
        and chosen[0][2:] == (price_minor, basis, currency)
        and amount == _half_even(qty * price_minor, MICRO * basis)
    )


def _half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    return whole + (1 if rest * 2 > denominator or (rest * 2 == denominator and whole % 2) else 0)


def _bytes_say(payload: bytes, number: str, rows: list[Any], currency: str) -> bool:
    body = body_of(payload)
    if not isinstance(body, edi.InvoiceDocument) or body.number != number or body.currency != currency:
        return False
    scale = 10 ** minor_digits(currency)
    said = [(int(line.line_no), int(line.quantity * MICRO), int(line.amount * scale)) for line in body.lines]
    totals = [int(amount * scale) for amount in (body.net, body.tax, body.gross)]
    return said == [(row[9], row[10], row[13]) for row in rows] and totals == list(rows[0][4:7])


BILLING_INVARIANTS = (
    Invariant(
        "I-12",
        "An invoice is what was shipped at the price of that day, each line billed once",
        (sql(BILLED_ONCE), sql(CREDITED), invoices_that_differ),
    ),
)
