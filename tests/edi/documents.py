"""Documents and envelopes that several EDI tests write."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from milkrun.edi import (
    DespatchAdvice,
    DespatchLine,
    DespatchUnit,
    Envelope,
    InvoiceDocument,
    InvoiceDocumentLine,
    Party,
)

SAMPLES = Path(__file__).parent / "samples"
ENVELOPE = Envelope(
    sender=Party("SUPP01", "ZZ"),
    recipient=Party("OEM01", "ZZ"),
    control="00000000000900",
    prepared_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
)
DESPATCH = DespatchAdvice(
    number="ASN4711",
    function="original",
    issued_at=datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
    shipped_at=datetime(2026, 11, 22, 8, 10, tzinfo=UTC),
    arrival_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    seller="000012345",
    buyer="OEM01",
    ship_to="21",
    ship_from="W1",
    unloading_point="TOR 7",
    delivery_no="LS4711",
    cancels=None,
    units=(
        DespatchUnit("340000000000000011", "RACK"),
        DespatchUnit("340000000000000028", "KLT6429", parent_sscc="340000000000000011"),
    ),
    lines=(
        DespatchLine(
            line_no="1",
            sscc="340000000000000011",
            buyer_part="5N0 881 105 A",
            supplier_part="SEAT-L",
            quantity=Decimal(1),
            unit="PCE",
            order_no="5500012345",
            call_no="CALL000123",
            line_feed="LF-12",
            vin="WVWZZZ1JZXW000471",
            production_no="2611220471",
            family="SV",
            line="03",
            sequence_no="000471",
        ),
        DespatchLine("2", "340000000000000028", "N 908 132", "", Decimal("2.5"), "KGM"),
        DespatchLine("3", "", "O'Brien+Söhne:1?", "", Decimal(7), "PCE"),
    ),
    zone="Europe/Berlin",
)
INVOICE = InvoiceDocument(
    number="R2026-0815",
    issued_on=date(2026, 11, 23),
    delivery_no="LS4711",
    delivered_on=date(2026, 11, 22),
    seller="000012345",
    seller_name="Müller & Söhne 'Just in Time' Sitzsysteme GmbH + Co. KG",
    seller_tax_id="DE123456789",
    buyer="OEM01",
    ship_to="21",
    currency="EUR",
    tax_rate=Decimal(19),
    lines=(
        InvoiceDocumentLine(
            line_no="1",
            buyer_part="5N0 881 105 A",
            supplier_part="SEAT-L",
            quantity=Decimal(48),
            unit="PCE",
            unit_price=Decimal("1250.5"),
            price_basis=Decimal(100),
            amount=Decimal("600.24"),
            order_no="5500012345",
            call_no="DON4711",
            delivery_no="LS4711",
        ),
    ),
    net=Decimal("600.24"),
    tax=Decimal("114.05"),
    gross=Decimal("714.29"),
)
