"""Papers say what left, on every page, with a barcode that a decoder which is not ours reads back."""

import io

import pypdf
import pypdfium2
import pytest
import zxingcpp

from milkrun.labels.documents import Paper, Table, write_paper
from milkrun.labels.documents_billing import invoice_paper
from milkrun.labels.documents_shipping import KINDS, Shipment, shipping_paper

LINE = {
    "line_no": "1", "sscc": "340123450000000017", "buyer_part": "5N0 881 105 A", "supplier_part": "SEAT-105A",
    "quantity": "1250.5", "unit": "PCE", "order_no": "5500012345", "call_no": "DON1", "sequence_no": "0471",
}  # fmt: skip
SHIPMENT = Shipment(
    "D00000001", "2026-11-21 21:05 CET", ("Plant Main", "Werkstraße 1", "Łódź"),
    ("Example <Motors> & Söhne", "", "Ort"),
    "TOR 7", "D00000001", (LINE, {**LINE, "line_no": "2", "sscc": "340123450000000024"}),
    {"340123450000000017": "RACK", "340123450000000024": "BOX"},
)  # fmt: skip
INVOICE = {
    "kind": "invoice", "number": "R00000001", "currency": "EUR", "issued_on": "2026-11-21", "due_on": "2026-12-21",
    "seller": "000012345", "credits": "", "delivered_on": "2026-11-20", "net": "125.50", "tax": "23.85",
    "gross": "149.35", "tax_rate": "19",
    "lines": [{**LINE, "unit_price": "125.50", "price_basis": "1", "amount": "125.50", "delivery_no": "D00000001"}],
}  # fmt: skip
PARTIES = {"seller_name": "Plant Main", "buyer_name": "Example Motors", "buyer_city": "Ort", "seller_tax_id": "DE1"}


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def codes_of(pdf: bytes) -> list[str]:
    page = pypdfium2.PdfDocument(pdf)[0]
    return [found.text for found in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]


@pytest.mark.parametrize("kind", KINDS)
def test_each_paper_of_a_delivery_names_it_and_its_number_is_scanned(kind: str) -> None:
    pdf = write_paper(shipping_paper(kind, SHIPMENT))

    text = text_of(pdf)
    assert "D00000001" in codes_of(pdf)
    for part in ("Example <Motors> & Söhne", "Werkstraße 1", "Łódź", "TOR 7", "2026-11-21 21:05 CET"):
        assert part in text
    assert write_paper(shipping_paper(kind, SHIPMENT)) == pdf


def test_what_is_particular_to_each_paper_stands_on_it() -> None:
    texts = {kind: text_of(write_paper(shipping_paper(kind, SHIPMENT))) for kind in KINDS}

    assert "1,250.5 PCE" in texts["delivery-note"]
    assert "5N0 881 105 A" in texts["delivery-note"]
    assert "Rack (00) 340123450000000017" in texts["packing-list"]
    assert "2 handling units." in texts["packing-list"]
    for field in (
        "Customer order information",
        "5500012345",
        "SCAC, PRO number",
        "Shipper signature",
        "Trailer loaded",
    ):
        assert field in texts["bill-of-lading"]
    for box in ("1 Sender", "2 Consignee", "16 Carrier", "24 Goods received", "11 Gross weight kg"):
        assert box in texts["cmr"]


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="known papers"):
        shipping_paper("menu", SHIPMENT)


def test_an_invoice_and_its_credit_note_show_their_sums() -> None:
    invoice = text_of(write_paper(invoice_paper(INVOICE, PARTIES)))
    note = text_of(
        write_paper(invoice_paper({**INVOICE, "kind": "credit_note", "number": "G1", "credits": "R00000001"}, PARTIES))
    )

    for part in ("Invoice", "125.50 / 1", "Tax 19 %", "23.85 EUR", "149.35 EUR", "2026-12-21", "5500012345", "DON1"):
        assert part in invoice
    assert "Credit note" in note
    assert "For invoice R00000001" in note


def test_many_lines_go_over_pages_with_their_head_and_page_numbers() -> None:
    table = Table("Goods", ("No", "Text"), tuple((str(n), f"row {n}") for n in range(120)), (1, 4), (0,))

    pdf = write_paper(Paper("List", "L1", tables=(table,)))

    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 2
    assert all("Text" in page and f"L1 · {n}" in page for n, page in enumerate(pages, 1))
    assert "row 119" in pages[-1]
