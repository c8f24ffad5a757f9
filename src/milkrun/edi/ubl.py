"""Writes an invoice or credit note as UBL 2.1 in the core of EN 16931, and checks what that standard asks of it.

The same invoice makes the same bytes. Quantities carry the codes of UN/ECE Recommendation 20.

Source: OASIS UBL 2.1 (Invoice, CreditNote); EN 16931-1 business rules, named in the findings (BR-01 ...).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from xml.etree import ElementTree

from milkrun.edi.messages import InvoiceDocument, InvoiceDocumentLine

_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_CUSTOMIZATION = "urn:cen.eu:en16931:2017"
# Our units that Recommendation 20 writes with another code.
_UNITS = {"PCE": "H87"}
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class InvoiceParties:
    """Who sells and who buys, as EN 16931 wants them; countries are ISO 3166 codes."""

    seller_name: str
    buyer_name: str
    seller_street: str = ""
    seller_city: str = ""
    seller_country: str = ""
    seller_tax_id: str = ""
    buyer_street: str = ""
    buyer_postal_code: str = ""
    buyer_city: str = ""
    buyer_country: str = ""
    buyer_tax_id: str = ""


def write_ubl(doc: InvoiceDocument, parties: InvoiceParties) -> bytes:
    """Write an invoice (or, for a credit note, a CreditNote) as UBL.

    Args:
        doc: the invoice; its sums are written as booked.
        parties: names and addresses.

    Raises:
        ValueError: a rule of EN 16931 is broken; names all of them.
    """
    problems = list(broken_rules(doc, parties))
    if problems:
        raise ValueError("; ".join(problems))
    credit = doc.kind == "credit_note"
    root = "CreditNote" if credit else "Invoice"
    namespace = f"urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
    top = ElementTree.Element(root, {"xmlns": namespace, "xmlns:cac": _CAC, "xmlns:cbc": _CBC})
    _text(top, "cbc:CustomizationID", _CUSTOMIZATION)
    _text(top, "cbc:ID", doc.number)
    _text(top, "cbc:IssueDate", doc.issued_on.isoformat())
    if doc.due_on and not credit:
        _text(top, "cbc:DueDate", doc.due_on.isoformat())
    _text(top, f"cbc:{root}TypeCode", "381" if credit else "380")
    _text(top, "cbc:DocumentCurrencyCode", doc.currency)
    orders = {line.order_no for line in doc.lines if line.order_no}
    if len(orders) == 1:
        _text(_node(top, "cac:OrderReference"), "cbc:ID", next(iter(orders)))
    if doc.credits:
        _text(_node(top, "cac:BillingReference", "cac:InvoiceDocumentReference"), "cbc:ID", doc.credits)
    if doc.delivery_no:
        _text(_node(top, "cac:DespatchDocumentReference"), "cbc:ID", doc.delivery_no)
    _seller(top, parties)
    _buyer(top, parties)
    if doc.delivered_on:
        _text(_node(top, "cac:Delivery"), "cbc:ActualDeliveryDate", doc.delivered_on.isoformat())
    _sums(top, doc)
    for line in doc.lines:
        _line(top, line, doc, credit)
    ElementTree.indent(top)
    body: str = ElementTree.tostring(top, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def broken_rules(doc: InvoiceDocument, parties: InvoiceParties) -> Iterator[str]:
    """Name each rule of EN 16931 that an invoice breaks: what must be there, and sums that must agree."""
    needed = {
        "BR-02 invoice number": doc.number,
        "BR-05 currency": doc.currency,
        "BR-06 seller's name": parties.seller_name,
        "BR-07 buyer's name": parties.buyer_name,
        "BR-09 seller's country": parties.seller_country,
        "BR-11 buyer's country": parties.buyer_country,
        "BR-CO-26 seller's VAT identifier": parties.seller_tax_id,
        "BR-16 a line": doc.lines,
    }
    yield from (f"{rule} is missing" for rule, value in needed.items() if not value)
    if doc.kind == "invoice" and doc.gross > 0 and doc.due_on is None:
        yield "BR-CO-25 due date is missing"
    if sum((line.amount for line in doc.lines), Decimal(0)) != doc.net:
        yield "BR-CO-10 the lines do not add up to the net sum"
    if doc.net + doc.tax != doc.gross:
        yield "BR-CO-15 net and tax do not add up to the gross sum"
    if abs((doc.net * doc.tax_rate / 100).quantize(_CENT, ROUND_HALF_UP) - doc.tax) > _CENT:
        yield "BR-CO-17 the tax is not the rate of the net sum"
    for line in doc.lines:
        if not line.buyer_part and not line.supplier_part:
            yield f"BR-25 item name of line {line.line_no} is missing"
        if line.unit_price < 0:
            yield f"BR-27 price of line {line.line_no} is negative"


def _seller(top: ElementTree.Element, parties: InvoiceParties) -> None:
    party = _node(top, "cac:AccountingSupplierParty", "cac:Party")
    _address(party, parties.seller_street, parties.seller_city, "", parties.seller_country)
    _tax_scheme(party, parties.seller_tax_id)
    _text(_node(party, "cac:PartyLegalEntity"), "cbc:RegistrationName", parties.seller_name)


def _buyer(top: ElementTree.Element, parties: InvoiceParties) -> None:
    party = _node(top, "cac:AccountingCustomerParty", "cac:Party")
    _address(party, parties.buyer_street, parties.buyer_city, parties.buyer_postal_code, parties.buyer_country)
    if parties.buyer_tax_id:
        _tax_scheme(party, parties.buyer_tax_id)
    _text(_node(party, "cac:PartyLegalEntity"), "cbc:RegistrationName", parties.buyer_name)


def _address(party: ElementTree.Element, street: str, city: str, code: str, country: str) -> None:
    address = _node(party, "cac:PostalAddress")
    for name, value in (("StreetName", street), ("CityName", city), ("PostalZone", code)):
        if value:
            _text(address, f"cbc:{name}", value)
    _text(_node(address, "cac:Country"), "cbc:IdentificationCode", country)


def _tax_scheme(party: ElementTree.Element, tax_id: str) -> None:
    scheme = _node(party, "cac:PartyTaxScheme")
    _text(scheme, "cbc:CompanyID", tax_id)
    _text(_node(scheme, "cac:TaxScheme"), "cbc:ID", "VAT")


def _sums(top: ElementTree.Element, doc: InvoiceDocument) -> None:
    total = _node(top, "cac:TaxTotal")
    _money(total, "cbc:TaxAmount", doc.tax, doc)
    part = _node(total, "cac:TaxSubtotal")
    _money(part, "cbc:TaxableAmount", doc.net, doc)
    _money(part, "cbc:TaxAmount", doc.tax, doc)
    _category(_node(part, "cac:TaxCategory"), doc)
    sums = _node(top, "cac:LegalMonetaryTotal")
    for name, value in (
        ("LineExtensionAmount", doc.net),
        ("TaxExclusiveAmount", doc.net),
        ("TaxInclusiveAmount", doc.gross),
        ("PayableAmount", doc.gross),
    ):
        _money(sums, f"cbc:{name}", value, doc)


def _category(node: ElementTree.Element, doc: InvoiceDocument) -> None:
    _text(node, "cbc:ID", "S" if doc.tax_rate else "Z")
    _text(node, "cbc:Percent", f"{doc.tax_rate.normalize():f}")
    _text(_node(node, "cac:TaxScheme"), "cbc:ID", "VAT")


def _line(top: ElementTree.Element, line: InvoiceDocumentLine, doc: InvoiceDocument, credit: bool) -> None:
    node = _node(top, "cac:CreditNoteLine" if credit else "cac:InvoiceLine")
    unit = _UNITS.get(line.unit, line.unit)
    _text(node, "cbc:ID", line.line_no)
    quantity = _text(node, "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity", f"{line.quantity:f}")
    quantity.set("unitCode", unit)
    _money(node, "cbc:LineExtensionAmount", line.amount, doc)
    if line.order_no:
        _text(_node(node, "cac:OrderLineReference"), "cbc:LineID", line.line_no)
    if line.call_no:
        reference = _node(node, "cac:DocumentReference")
        _text(reference, "cbc:ID", line.call_no)
        _text(reference, "cbc:DocumentTypeCode", "130")
    item = _node(node, "cac:Item")
    _text(item, "cbc:Name", line.buyer_part or line.supplier_part)
    if line.buyer_part:
        _text(_node(item, "cac:BuyersItemIdentification"), "cbc:ID", line.buyer_part)
    if line.supplier_part:
        _text(_node(item, "cac:SellersItemIdentification"), "cbc:ID", line.supplier_part)
    _category(_node(item, "cac:ClassifiedTaxCategory"), doc)
    price = _node(node, "cac:Price")
    _money(price, "cbc:PriceAmount", line.unit_price, doc)
    _text(price, "cbc:BaseQuantity", f"{line.price_basis:f}").set("unitCode", unit)


def _node(parent: ElementTree.Element, *names: str) -> ElementTree.Element:
    for name in names:
        parent = ElementTree.SubElement(parent, name)
    return parent


def _text(parent: ElementTree.Element, name: str, value: str) -> ElementTree.Element:
    node = ElementTree.SubElement(parent, name)
    node.text = value
    return node


def _money(parent: ElementTree.Element, name: str, value: Decimal, doc: InvoiceDocument) -> None:
    _text(parent, name, f"{value:f}").set("currencyID", doc.currency)
