"""The UBL that is written, read back by rules of its own: EN 16931 as a reader of the XML sees it, on any invoice.

The official rules of CEN are published as Schematron under the EUPL, which may not come along here. What is below was
written from the rules' texts and shares nothing with the writer: it knows only the document.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milkrun.edi.messages import InvoiceDocument, InvoiceDocumentLine
from milkrun.edi.ubl import InvoiceParties, write_ubl

NAMES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
CENT = Decimal("0.01")
# The order of elements as the XSD of UBL 2.1 declares it, of those that are written here; "*" stands for the root.
ORDER = {
    "*": "CustomizationID ProfileID ID IssueDate DueDate InvoiceTypeCode CreditNoteTypeCode Note DocumentCurrencyCode "
    "BuyerReference InvoicePeriod DiscrepancyResponse OrderReference BillingReference DespatchDocumentReference "
    "AccountingSupplierParty AccountingCustomerParty Delivery PaymentMeans PaymentTerms TaxTotal LegalMonetaryTotal "
    "InvoiceLine CreditNoteLine",
    "Party": "EndpointID PartyIdentification PartyName PostalAddress PartyTaxScheme PartyLegalEntity Contact",
    "PostalAddress": "StreetName CityName PostalZone CountrySubentity Country",
    "PartyTaxScheme": "CompanyID TaxScheme",
    "TaxTotal": "TaxAmount TaxSubtotal",
    "TaxSubtotal": "TaxableAmount TaxAmount TaxCategory",
    "TaxCategory": "ID Percent TaxExemptionReason TaxScheme",
    "ClassifiedTaxCategory": "ID Percent TaxScheme",
    "LegalMonetaryTotal": "LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount AllowanceTotalAmount "
    "ChargeTotalAmount PrepaidAmount PayableRoundingAmount PayableAmount",
    "InvoiceLine": "ID Note InvoicedQuantity LineExtensionAmount OrderLineReference DespatchLineReference "
    "DocumentReference Item Price",
    "CreditNoteLine": "ID Note CreditedQuantity LineExtensionAmount OrderLineReference DespatchLineReference "
    "DocumentReference Item Price",
    "DocumentReference": "ID DocumentTypeCode",
    "Item": "Description Name BuyersItemIdentification SellersItemIdentification ClassifiedTaxCategory",
    "Price": "PriceAmount BaseQuantity",
}


def broken(data: bytes) -> Iterator[str]:
    """Name every rule that a document breaks."""
    top = ElementTree.fromstring(data)  # noqa: S314 - written by the test's own subject
    yield from _missing(top)
    yield from _sums(top)
    yield from _taxes(top)
    yield from _disordered(top, "*")


def text(node: ElementTree.Element, path: str) -> str:
    found = node.find(path, NAMES)
    return (found.text or "").strip() if found is not None else ""


def money(node: ElementTree.Element, path: str) -> Decimal:
    return Decimal(text(node, path) or "0")


def lines_of(top: ElementTree.Element) -> list[ElementTree.Element]:
    return [*top.findall("cac:InvoiceLine", NAMES), *top.findall("cac:CreditNoteLine", NAMES)]


def _missing(top: ElementTree.Element) -> Iterator[str]:
    seller, buyer = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
    sums = "cac:LegalMonetaryTotal/cbc:"
    wanted = {
        "BR-01": "cbc:CustomizationID", "BR-02": "cbc:ID", "BR-03": "cbc:IssueDate",
        "BR-05": "cbc:DocumentCurrencyCode",
        "BR-06": f"{seller}/cac:PartyLegalEntity/cbc:RegistrationName",
        "BR-07": f"{buyer}/cac:PartyLegalEntity/cbc:RegistrationName",
        "BR-09": f"{seller}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
        "BR-11": f"{buyer}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
        "BR-12": f"{sums}LineExtensionAmount", "BR-13": f"{sums}TaxExclusiveAmount",
        "BR-14": f"{sums}TaxInclusiveAmount", "BR-15": f"{sums}PayableAmount",
    }  # fmt: skip
    yield from (rule for rule, path in wanted.items() if not text(top, path))
    if not text(top, "cbc:InvoiceTypeCode") and not text(top, "cbc:CreditNoteTypeCode"):
        yield "BR-04"
    for rule, party in (("BR-08", seller), ("BR-10", buyer)):
        if top.find(f"{party}/cac:PostalAddress", NAMES) is None:
            yield rule
    if not lines_of(top):
        yield "BR-16"
    for line in lines_of(top):
        quantity = line.find("cbc:InvoicedQuantity", NAMES)
        quantity = line.find("cbc:CreditedQuantity", NAMES) if quantity is None else quantity
        if not text(line, "cbc:ID"):
            yield "BR-21"
        if quantity is None or not quantity.text:
            yield "BR-22"
        elif not quantity.get("unitCode"):
            yield "BR-23"
        for rule, path in (("BR-24", "cbc:LineExtensionAmount"), ("BR-25", "cac:Item/cbc:Name"),
                           ("BR-26", "cac:Price/cbc:PriceAmount")):  # fmt: skip
            if not text(line, path):
                yield rule
        if money(line, "cac:Price/cbc:PriceAmount") < 0:
            yield "BR-27"
    if not any(text(top, f"{seller}/{path}") for path in ("cac:PartyTaxScheme/cbc:CompanyID",
                                                          "cac:PartyLegalEntity/cbc:CompanyID")):  # fmt: skip
        yield "BR-CO-26"


def _sums(top: ElementTree.Element) -> Iterator[str]:
    total = top.find("cac:LegalMonetaryTotal", NAMES)
    assert total is not None
    net = sum((money(line, "cbc:LineExtensionAmount") for line in lines_of(top)), Decimal(0))
    said = {name: money(total, f"cbc:{name}") for name in (
        "LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount", "AllowanceTotalAmount",
        "ChargeTotalAmount", "PrepaidAmount", "PayableRoundingAmount")}  # fmt: skip
    tax = money(top, "cac:TaxTotal/cbc:TaxAmount")
    parts = top.findall("cac:TaxTotal/cac:TaxSubtotal", NAMES)
    if said["LineExtensionAmount"] != net:
        yield "BR-CO-10"
    if said["TaxExclusiveAmount"] != net - said["AllowanceTotalAmount"] + said["ChargeTotalAmount"]:
        yield "BR-CO-13"
    if tax != sum((money(part, "cbc:TaxAmount") for part in parts), Decimal(0)):
        yield "BR-CO-14"
    if said["TaxInclusiveAmount"] != said["TaxExclusiveAmount"] + tax:
        yield "BR-CO-15"
    if said["PayableAmount"] != said["TaxInclusiveAmount"] - said["PrepaidAmount"] + said["PayableRoundingAmount"]:
        yield "BR-CO-16"
    if (
        said["PayableAmount"] > 0
        and top.tag.endswith("}Invoice")
        and not (text(top, "cbc:DueDate") or text(top, "cac:PaymentTerms/cbc:Note"))
    ):
        yield "BR-CO-25"
    for line in lines_of(top):
        quantity = money(line, "cbc:InvoicedQuantity") or money(line, "cbc:CreditedQuantity")
        basis = money(line, "cac:Price/cbc:BaseQuantity") or Decimal(1)
        exact = quantity * money(line, "cac:Price/cbc:PriceAmount") / basis
        if abs(exact - money(line, "cbc:LineExtensionAmount")) > CENT:
            yield "PEPPOL-EN16931-R120"
    currency = text(top, "cbc:DocumentCurrencyCode")
    if any(node.get("currencyID", currency) != currency for node in top.iter()):
        yield "PEPPOL-EN16931-R051"


def _taxes(top: ElementTree.Element) -> Iterator[str]:
    parts = top.findall("cac:TaxTotal/cac:TaxSubtotal", NAMES)
    if not parts:
        yield "BR-CO-18"
    for part in parts:
        rate, kind = money(part, "cac:TaxCategory/cbc:Percent"), text(part, "cac:TaxCategory/cbc:ID")
        base, tax = money(part, "cbc:TaxableAmount"), money(part, "cbc:TaxAmount")
        same = [
            line for line in lines_of(top)
            if (text(line, "cac:Item/cac:ClassifiedTaxCategory/cbc:ID"),
                money(line, "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent")) == (kind, rate)
        ]  # fmt: skip
        if abs((base * rate / 100).quantize(CENT, ROUND_HALF_UP) - tax) > CENT:
            yield "BR-CO-17"
        if base != sum((money(line, "cbc:LineExtensionAmount") for line in same), Decimal(0)):
            yield f"BR-{kind}-08"
        if kind == "S" and rate <= 0:
            yield "BR-S-05"
        if kind == "Z" and (rate != 0 or tax != 0):
            yield "BR-Z-05"
    known = {text(part, "cac:TaxCategory/cbc:ID") for part in parts}
    used = {text(line, "cac:Item/cac:ClassifiedTaxCategory/cbc:ID") for line in lines_of(top)}
    seller = text(top, "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID")
    yield from (f"BR-{kind}-01" for kind in used - known)
    yield from (f"BR-{kind}-02" for kind in used if not seller)


def _disordered(node: ElementTree.Element, name: str) -> Iterator[str]:
    here = [child.tag.rpartition("}")[2] for child in node]
    declared = ORDER.get(name, "").split()
    if declared:
        places = [declared.index(child) if child in declared else -1 for child in here]
        if -1 in places or places != sorted(places):
            yield f"XSD {name}: {' '.join(here)}"
    for child, word in zip(node, here, strict=True):
        yield from _disordered(child, word)


words = st.text(st.characters(categories=("L", "N"), include_characters=" &<>'\"-"), min_size=1, max_size=20).map(
    lambda text: text.strip() or "x"
)


@st.composite
def invoices(draw: st.DrawFn) -> InvoiceDocument:
    """Make invoices and credit notes with right sums, as billing books them."""
    lines = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        quantity = Decimal(draw(st.integers(1, 10**7))) / draw(st.sampled_from([1, 10, 1000]))
        price, basis = Decimal(draw(st.integers(0, 10**6))) / 100, draw(st.sampled_from([1, 100, 1000]))
        amount = (quantity * price / basis).quantize(CENT, ROUND_HALF_UP)
        lines.append(
            InvoiceDocumentLine(
                line_no=str(number), buyer_part=draw(words), supplier_part=draw(words), quantity=quantity,
                unit=draw(st.sampled_from(["PCE", "KGM", "MTR"])), unit_price=price, price_basis=Decimal(basis),
                amount=amount, order_no=draw(st.sampled_from(["", "5500012345"])), call_no=draw(st.just("DON1")),
            )
        )  # fmt: skip
    net = sum((line.amount for line in lines), Decimal(0))
    rate = draw(st.sampled_from([Decimal(0), Decimal(7), Decimal(19), Decimal("8.1")]))
    tax = (net * rate / 100).quantize(CENT, ROUND_HALF_UP)
    day = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 700)))
    credit = draw(st.booleans())
    return InvoiceDocument(
        number="R-1", issued_on=day, due_on=day + timedelta(days=30), currency=draw(st.sampled_from(["EUR", "CHF"])),
        lines=tuple(lines), net=net, tax_rate=rate, tax=tax, gross=net + tax,
        kind="credit_note" if credit else "invoice", credits="R-0" if credit else "",
        delivery_no=draw(st.sampled_from(["", "LS1"])), delivered_on=draw(st.sampled_from([None, day])),
        **OTHER,
    )  # fmt: skip


OTHER = {"seller": "000012345", "seller_name": "", "seller_tax_id": "DE123456789", "buyer": "OEM01", "ship_to": "21"}
PARTIES = InvoiceParties(
    "Milkrun Demo & Söhne", "Example <Motors>", "Street 1", "Braunschweig", "DE", "DE123456789", "Tor 7", "38440",
    "Wolfsburg", "DE", "DE987654321",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(invoices())
def test_every_invoice_that_is_written_keeps_the_rules_of_the_standard(doc: InvoiceDocument) -> None:
    assert list(broken(write_ubl(doc, PARTIES))) == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("<cbc:ID>R-1</cbc:ID>", "<cbc:ID> </cbc:ID>", "BR-02"),
        (">DE123456789<", "><", "BR-CO-26"),
        (">DE123456789<", "><", "BR-S-02"),
        (">119.00</cbc:PayableAmount>", ">119.01</cbc:PayableAmount>", "BR-CO-16"),
        (">119.00</cbc:TaxInclusiveAmount>", ">118.00</cbc:TaxInclusiveAmount>", "BR-CO-15"),
        (">100.00</cbc:TaxableAmount>", ">90.00</cbc:TaxableAmount>", "BR-S-08"),
        (">100.00</cbc:TaxableAmount>", ">90.00</cbc:TaxableAmount>", "BR-CO-17"),
        ("<cbc:Name>", "<cbc:Nome>", "BR-25"),
        ('unitCode="H87">10<', ">10<", "BR-23"),
        ("<cbc:DueDate>2026-02-01</cbc:DueDate>", "", "BR-CO-25"),
        ('currencyID="EUR">19.00', 'currencyID="CHF">19.00', "PEPPOL-EN16931-R051"),
        (">10.00</cbc:PriceAmount>", ">11.00</cbc:PriceAmount>", "PEPPOL-EN16931-R120"),
    ],
)
def test_the_rules_say_no_where_a_document_was_tampered_with(old: str, new: str, rule: str) -> None:
    text = write_ubl(_plain(), PARTIES).decode()
    assert old in text

    changed = text.replace(old, new).replace("</cbc:Name>", "</cbc:Nome>" if "Nome" in new else "</cbc:Name>")

    assert rule in list(broken(changed.encode()))


def test_the_rules_see_elements_in_another_order() -> None:
    text = write_ubl(_plain(), PARTIES).decode()
    first, second = "  <cbc:IssueDate>2026-01-02</cbc:IssueDate>\n", "  <cbc:DueDate>2026-02-01</cbc:DueDate>\n"
    assert first + second in text

    assert [line[:5] for line in broken(text.replace(first + second, second + first).encode())] == ["XSD *"]


def _plain() -> InvoiceDocument:
    line = InvoiceDocumentLine(
        line_no="1", buyer_part="5N0 881 105 A", supplier_part="SEAT", quantity=Decimal(10), unit="PCE",
        unit_price=Decimal("10.00"), price_basis=Decimal(1), amount=Decimal("100.00"), order_no="", call_no="DON1",
    )  # fmt: skip
    return InvoiceDocument(
        number="R-1", issued_on=date(2026, 1, 2), due_on=date(2026, 2, 1), currency="EUR", lines=(line,),
        net=Decimal("100.00"), tax_rate=Decimal(19), tax=Decimal("19.00"), gross=Decimal("119.00"), delivery_no="LS1",
        delivered_on=None, **OTHER,
    )  # fmt: skip
