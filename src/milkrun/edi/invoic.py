"""Writes and reads the invoice (INVOIC), D.07A in the manner of VDA 4938 or D.96A.

One tax rate applies to the whole invoice. Sums are carried as given: nothing is recomputed or rounded here, since what
counts is the invoice as booked.

Source: UN/EDIFACT D.07A and D.96A, INVOIC; code lists 1001, 1153, 2005, 3035, 5025, 5125, 6063, 7143.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from milkrun.edi.fields import Fields
from milkrun.edi.messages import InvoiceDocument, InvoiceDocumentLine
from milkrun.edi.syntax import Segment
from milkrun.edi.writing import Named, Segments, number, required

_NAME_WIDTH = 35


def invoic_segments(doc: InvoiceDocument, segments: Segments) -> None:
    """Write an invoice.

    Raises:
        ValueError: a field is missing or does not fit.
    """
    segments.add("BGM", "381" if doc.kind == "credit_note" else "380", required("number", doc.number), "9")
    segments.add("DTM", ["137", doc.issued_on.strftime("%Y%m%d"), "102"])
    if doc.delivered_on is not None:
        segments.add("DTM", ["35", doc.delivered_on.strftime("%Y%m%d"), "102"])
    if doc.delivery_no:
        segments.add("RFF", ["AAU", Named("delivery_no", doc.delivery_no)])
    if doc.credits:
        segments.add("RFF", ["IV", Named("credits", doc.credits)])
    _add_party(segments, "SE", "seller", doc.seller, doc.seller_name)
    if doc.seller_tax_id:
        segments.add("RFF", ["VA", Named("seller_tax_id", doc.seller_tax_id)])
    _add_party(segments, "BY", "buyer", doc.buyer)
    if doc.ship_to:
        _add_party(segments, "ST", "ship_to", doc.ship_to)
    _add_tax_rate(segments, doc)
    segments.add("CUX", ["2", required("currency", doc.currency), "4"])
    for index, line in enumerate(doc.lines):
        _add_line(segments, f"lines[{index}].", line)
    segments.add("UNS", "S")
    segments.add("CNT", ["2", str(len(doc.lines))])
    segments.add("MOA", ["79", number("net", doc.net, plain=True)])
    segments.add("MOA", ["77", number("gross", doc.gross, plain=True)])
    _add_tax_rate(segments, doc)
    segments.add("MOA", ["124", number("tax", doc.tax, plain=True)])


def _add_party(segments: Segments, qualifier: str, name: str, code: str, full_name: str = "") -> None:
    pieces = [full_name[start : start + _NAME_WIDTH] for start in range(0, len(full_name), _NAME_WIDTH)]
    if len(pieces) > 5:
        raise ValueError(f"{name}_name: {len(full_name)} characters do not fit the {5 * _NAME_WIDTH} of NAD")
    names = [Named(f"{name}_name", piece) for piece in pieces]
    segments.add("NAD", qualifier, [required(name, code), "", "92"], "", names)


def _add_tax_rate(segments: Segments, doc: InvoiceDocument) -> None:
    segments.add("TAX", "7", "VAT", "", "", ["", "", "", number("tax_rate", doc.tax_rate)], "S")


def _add_line(segments: Segments, at: str, line: InvoiceDocumentLine) -> None:
    buyer_part, unit = required(f"{at}buyer_part", line.buyer_part), Named(f"{at}unit", line.unit)
    if line.price_basis <= 0:
        raise ValueError(f"{at}price_basis: must be greater than zero")
    segments.add("LIN", Named(f"{at}line_no", line.line_no), "", [buyer_part, "IN"])
    if line.supplier_part:
        segments.add("PIA", "1", [Named(f"{at}supplier_part", line.supplier_part), "SA"])
    segments.add("QTY", ["47", number(f"{at}quantity", line.quantity), unit])
    segments.add("MOA", ["203", number(f"{at}amount", line.amount, plain=True)])
    price, basis = number(f"{at}unit_price", line.unit_price), number(f"{at}price_basis", line.price_basis)
    segments.add("PRI", ["AAA", price, "", "", basis, unit])
    for qualifier, name, value in (
        ("ON", "order_no", line.order_no),
        ("AAJ", "call_no", line.call_no),
        ("AAU", "delivery_no", line.delivery_no),
    ):
        if value:
            segments.add("RFF", [qualifier, Named(f"{at}{name}", value)])


@dataclass
class _Line:
    position: int
    texts: dict[str, str]
    numbers: dict[str, Decimal] = field(default_factory=dict)


@dataclass
class _Draft:
    texts: dict[str, str] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    numbers: dict[str, Decimal] = field(default_factory=dict)
    lines: list[_Line] = field(default_factory=list)
    party: str = ""
    in_summary: bool = False


_DATES = {"137": "issued_on", "35": "delivered_on"}
_PARTIES = {"SE": "seller", "SU": "seller", "BY": "buyer", "ST": "ship_to", "DP": "ship_to"}
_SUMS = {"79": "net", "77": "gross", "124": "tax"}
_LINE_REFERENCES = {"ON": "order_no", "AAJ": "call_no", "AAU": "delivery_no"}
_LINE_NUMBERS = {"quantity": "QTY+47", "amount": "MOA+203", "unit_price": "PRI+AAA"}


def read_invoic(segments: Sequence[Segment], fields: Fields) -> InvoiceDocument | None:
    """Read an invoice; what is wrong goes to `fields.findings`, None where it cannot be one."""
    draft = _Draft()
    for position, segment in enumerate(segments, 1):
        fields.position, fields.segment = position, segment
        if segment.tag == "UNS":
            draft.in_summary = True
        elif segment.tag == "LIN":
            texts = {"line_no": segment.get(1), "buyer_part": segment.get(3)}
            draft.lines.append(_Line(position, texts))
            if not segment.get(3):
                fields.error("missing_part", "names no part; send the customer's part number", element="3:1")
        elif draft.in_summary:
            _take_sum(draft, segment, fields)
        elif draft.lines:
            _take_line(draft.lines[-1], segment, fields)
        else:
            _take_head(draft, segment, fields)
    return _built(draft, fields)


def _take_head(draft: _Draft, segment: Segment, fields: Fields) -> None:
    qualifier = segment.get(1)
    match segment.tag:
        case "BGM":
            draft.texts["number"] = segment.get(2)
            draft.texts["kind"] = "credit_note" if segment.get(1) == "381" else "invoice"
        case "DTM" if qualifier in _DATES and (time := fields.time()):
            draft.dates[_DATES[qualifier]] = time.local.date()
        case "NAD":
            draft.party = _PARTIES.get(qualifier, "")
            draft.texts[draft.party] = segment.get(2)
            if draft.party == "seller":
                draft.texts["seller_name"] = "".join(segment.get(4, n) for n in range(1, 6))
        case "RFF" if qualifier == "AAU" and not draft.party:
            draft.texts["delivery_no"] = segment.get(1, 2)
        case "RFF" if qualifier == "IV" and not draft.party:
            draft.texts["credits"] = segment.get(1, 2)
        case "RFF" if qualifier == "VA" and draft.party == "seller":
            draft.texts["seller_tax_id"] = segment.get(1, 2)
        case "TAX" if segment.get(5, 4):
            _keep(draft.numbers, "tax_rate", fields.number(5, 4))
        case "CUX" if qualifier == "2":
            draft.texts["currency"] = segment.get(1, 2)


def _take_line(line: _Line, segment: Segment, fields: Fields) -> None:
    qualifier = segment.get(1)
    match segment.tag:
        case "PIA":
            line.texts["supplier_part"] = segment.qualified(2).get("SA", "")
        case "QTY" if qualifier == "47":
            _keep(line.numbers, "quantity", fields.number(1, 2, missing="missing_quantity"))
            line.texts["unit"] = segment.get(1, 3)
        case "MOA" if qualifier == "203":
            _keep(line.numbers, "amount", fields.number(1, 2))
        case "PRI" if qualifier == "AAA":
            _keep(line.numbers, "unit_price", fields.number(1, 2))
            if segment.get(1, 5):
                _keep(line.numbers, "price_basis", fields.number(1, 5))
        case "RFF" if qualifier in _LINE_REFERENCES:
            line.texts[_LINE_REFERENCES[qualifier]] = segment.get(1, 2)


def _take_sum(draft: _Draft, segment: Segment, fields: Fields) -> None:
    if segment.tag == "MOA" and segment.get(1) in _SUMS:
        _keep(draft.numbers, _SUMS[segment.get(1)], fields.number(1, 2))
    elif segment.tag == "TAX" and segment.get(5, 4) and "tax_rate" not in draft.numbers:
        _keep(draft.numbers, "tax_rate", fields.number(5, 4))


def _keep(numbers: dict[str, Decimal], name: str, value: Decimal | None) -> None:
    if value is not None:
        numbers[name] = value


def _built(draft: _Draft, fields: Fields) -> InvoiceDocument | None:
    texts, numbers = draft.texts, draft.numbers
    if not texts.get("number"):
        fields.at("missing_number", "BGM", 2, "BGM carries no invoice number; send it", element="2:1")
    if "issued_on" not in draft.dates and not fields.time_faulted:
        fields.at("missing_date", "DTM", 3, "DTM+137 (date of the invoice) is missing; send it")
    for qualifier, name in _SUMS.items():
        if name not in numbers:
            fields.at("missing_quantity", "MOA", 0, f"MOA+{qualifier} ({name} sum) is missing or no number; send it")
    if "tax_rate" not in numbers:
        fields.at("missing_quantity", "TAX", 0, "TAX states no rate; send it")
    for line in draft.lines:
        for name, segment in _LINE_NUMBERS.items():
            if name not in line.numbers:
                text = f"LIN in segment {line.position} has no {name.replace('_', ' ')}; send {segment}"
                fields.at("missing_quantity", "LIN", line.position, text)
    if any(finding.severity == "error" for finding in fields.findings.items):
        return None
    return InvoiceDocument(
        number=texts["number"],
        issued_on=draft.dates["issued_on"],
        delivery_no=texts.get("delivery_no", ""),
        delivered_on=draft.dates.get("delivered_on"),
        seller=texts.get("seller", ""),
        seller_name=texts.get("seller_name", ""),
        seller_tax_id=texts.get("seller_tax_id", ""),
        buyer=texts.get("buyer", ""),
        ship_to=texts.get("ship_to", ""),
        currency=texts.get("currency", ""),
        tax_rate=numbers["tax_rate"],
        lines=tuple(_line(line) for line in draft.lines),
        net=numbers["net"],
        tax=numbers["tax"],
        gross=numbers["gross"],
        kind="credit_note" if texts.get("kind") == "credit_note" else "invoice",
        credits=texts.get("credits", ""),
    )


def _line(line: _Line) -> InvoiceDocumentLine:
    texts, numbers = line.texts, line.numbers
    return InvoiceDocumentLine(
        line_no=texts["line_no"],
        buyer_part=texts["buyer_part"],
        supplier_part=texts.get("supplier_part", ""),
        quantity=numbers["quantity"],
        unit=texts.get("unit", ""),
        unit_price=numbers["unit_price"],
        price_basis=numbers.get("price_basis", Decimal(1)),
        amount=numbers["amount"],
        order_no=texts.get("order_no", ""),
        call_no=texts.get("call_no", ""),
        delivery_no=texts.get("delivery_no", ""),
    )
