"""Writes and reads the despatch advice (DESADV) in the manner of VDA 4987.

Each handling unit is a CPS group with its package and SSCC; a unit on another names that one's CPS. The parts stand
under the unit they are in, loose parts under a last CPS without a package. Reading gives the lines back in the order of
the file, that is unit by unit. Carrier, weights and auxiliary packaging are neither written nor read.

Source: UN/EDIFACT D.07A, DESADV; code lists 1001, 1153, 2005, 3035, 3227, 6063, 7143, 7405.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from milkrun.edi.fields import Fields
from milkrun.edi.messages import DespatchAdvice, DespatchLine, DespatchUnit
from milkrun.edi.syntax import Segment
from milkrun.edi.times import resolve
from milkrun.edi.writing import Named, Segments, number, required

_FUNCTIONS = {"original": "9", "cancel": "1"}


def desadv_segments(doc: DespatchAdvice, segments: Segments) -> None:
    """Write a despatch advice.

    Raises:
        ValueError: a field is missing or does not fit, or a line names a unit that is not listed.
    """
    _check(doc)
    zone = ZoneInfo(doc.zone)
    segments.add("BGM", "351", required("number", doc.number), _FUNCTIONS[doc.function])
    _add_time(segments, "137", "issued_at", doc.issued_at, zone)
    _add_time(segments, "11", "shipped_at", doc.shipped_at, zone)
    if doc.arrival_at is not None:
        _add_time(segments, "132", "arrival_at", doc.arrival_at, zone)
    _add_reference(segments, "AAU", "delivery_no", doc.delivery_no)
    _add_reference(segments, "ACW", "cancels", doc.cancels or "")
    for qualifier, name, code in (
        ("SE", "seller", doc.seller),
        ("BY", "buyer", doc.buyer),
        ("SF", "ship_from", doc.ship_from),
        ("ST", "ship_to", doc.ship_to),
    ):
        if code:
            segments.add("NAD", qualifier, [Named(name, code), "", "92"])
    if doc.unloading_point:
        if not doc.ship_to:
            raise ValueError("unloading_point: needs a ship_to")
        segments.add("LOC", "11", Named("unloading_point", doc.unloading_point))
    segments.add("TDT", "12", "", "30")
    groups = _groups(doc)
    for unit, lines in groups:
        _add_unit(segments, doc, unit, len(groups))
        for index, line in lines:
            _add_line(segments, f"lines[{index}].", line, doc)
    segments.add("CNT", ["2", str(len(doc.lines))])


def _check(doc: DespatchAdvice) -> None:
    known: set[str] = set()
    for index, unit in enumerate(doc.units):
        if not unit.sscc or unit.sscc in known:
            raise ValueError(f"units[{index}].sscc: must be there and only once")
        if unit.parent_sscc is not None and unit.parent_sscc not in known:
            raise ValueError(f"units[{index}].parent_sscc: the unit below must be listed before")
        known.add(unit.sscc)
    for index, line in enumerate(doc.lines):
        if line.sscc and line.sscc not in known:
            raise ValueError(f"lines[{index}].sscc: no such unit is listed")
        if line.quantity <= 0:
            raise ValueError(f"lines[{index}].quantity: must be greater than zero")


_Group = tuple[DespatchUnit | None, list[tuple[int, DespatchLine]]]


def _groups(doc: DespatchAdvice) -> list[_Group]:
    lines: dict[str, list[tuple[int, DespatchLine]]] = {"": []}
    for index, line in enumerate(doc.lines):
        lines.setdefault(line.sscc, []).append((index, line))
    groups: list[_Group] = [(unit, lines.get(unit.sscc, [])) for unit in doc.units]
    return [*groups, (None, lines[""])] if lines[""] else groups


def _add_unit(segments: Segments, doc: DespatchAdvice, unit: DespatchUnit | None, count: int) -> None:
    if unit is None:
        segments.add("CPS", str(count), "", "4")
        return
    places = {listed.sscc: str(place) for place, listed in enumerate(doc.units, 1)}
    parents = {listed.parent_sscc for listed in doc.units}
    level = "3" if unit.sscc in parents else "1"
    segments.add("CPS", places[unit.sscc], places[unit.parent_sscc] if unit.parent_sscc else "", level)
    segments.add("PAC", "1", "", Named("package_type", unit.package_type))
    segments.add("PCI", "17")
    segments.add("GIN", "BJ", Named("sscc", unit.sscc))


def _add_line(segments: Segments, at: str, line: DespatchLine, doc: DespatchAdvice) -> None:
    buyer_part = required(f"{at}buyer_part", line.buyer_part)
    segments.add("LIN", Named(f"{at}line_no", line.line_no), "", [buyer_part, "IN"])
    if line.supplier_part:
        segments.add("PIA", "1", [Named(f"{at}supplier_part", line.supplier_part), "SA"])
    segments.add("QTY", ["12", number(f"{at}quantity", line.quantity), Named(f"{at}unit", line.unit)])
    vehicle = [
        [Named(f"{at}{name}", value), qualifier]
        for name, value, qualifier in (
            ("vin", line.vin, "VV"),
            ("production_no", line.production_no, "AN"),
            ("family", line.family, "XA"),
            ("line", line.line, "XN"),
            ("sequence_no", line.sequence_no, "XO"),
        )
        if value
    ]
    if vehicle:
        segments.add("GIR", "4", *vehicle)
    _add_reference(segments, "ON", f"{at}order_no", line.order_no)
    _add_reference(segments, "AAJ", f"{at}call_no", line.call_no)
    _add_reference(segments, "ACW", f"{at}replaces", line.replaces)
    if doc.delivery_no:
        segments.add("RFF", ["AAU", Named("delivery_no", doc.delivery_no), Named(f"{at}line_no", line.line_no)])
    if doc.unloading_point:
        segments.add("LOC", "11", Named("unloading_point", doc.unloading_point))
    if line.line_feed:
        segments.add("LOC", "159", Named(f"{at}line_feed", line.line_feed))


def _add_reference(segments: Segments, qualifier: str, name: str, value: str) -> None:
    if value:
        segments.add("RFF", [qualifier, Named(name, value)])


def _add_time(segments: Segments, qualifier: str, name: str, moment: datetime, zone: ZoneInfo) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"{name}: a time with its zone is needed")
    segments.add("DTM", [qualifier, moment.astimezone(zone).strftime("%Y%m%d%H%M"), "203"])


@dataclass
class _Unit:
    place: str
    parent: str
    package_type: str = ""
    ssccs: list[str] = field(default_factory=list)


@dataclass
class _Draft:
    texts: dict[str, str] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    units: list[_Unit] = field(default_factory=list)
    lines: list[dict[str, str]] = field(default_factory=list)
    quantities: list[Decimal] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    in_line: bool = False


_HEAD_TIMES = {"137": "issued_at", "11": "shipped_at", "132": "arrival_at"}
_HEAD_REFERENCES = {"AAU": "delivery_no", "ACW": "cancels"}
_PARTIES = {"SE": "seller", "BY": "buyer", "SF": "ship_from", "ST": "ship_to"}
_LINE_REFERENCES = {"ON": "order_no", "AAJ": "call_no", "ACW": "replaces"}
_VEHICLE = {"VV": "vin", "AN": "production_no", "XA": "family", "XN": "line", "XO": "sequence_no"}


def read_desadv(segments: Sequence[Segment], fields: Fields) -> DespatchAdvice | None:
    """Read a despatch advice; what is wrong goes to `fields.findings`, None where it cannot be one."""
    draft = _Draft()
    for position, segment in enumerate(segments, 1):
        fields.position, fields.segment = position, segment
        if segment.tag == "CPS":
            draft.units.append(_Unit(segment.get(1), segment.get(2)))
            draft.in_line = False
        elif segment.tag == "LIN":
            draft.lines.append({"line_no": segment.get(1), "buyer_part": segment.get(3), "sscc": _sscc(draft)})
            draft.quantities.append(Decimal(0))
            draft.positions.append(position)
            draft.in_line = True
            if not segment.get(3):
                fields.error("missing_part", "names no part; send the customer's part number", element="3:1")
        elif draft.in_line:
            _take_line(draft, segment, fields)
        else:
            _take_head(draft, segment, fields)
    return _built(draft, fields)


def _sscc(draft: _Draft) -> str:
    ssccs = draft.units[-1].ssccs if draft.units else []
    return ssccs[0] if len(ssccs) == 1 else ""


def _take_head(draft: _Draft, segment: Segment, fields: Fields) -> None:
    qualifier = segment.get(1)
    match segment.tag:
        case "BGM":
            draft.texts["number"], draft.texts["function"] = segment.get(2), segment.get(3)
        case "DTM" if qualifier in _HEAD_TIMES and (time := fields.time()):
            draft.times[_HEAD_TIMES[qualifier]], warning = resolve(time, fields.zone)
            if warning:
                fields.warn_at("invalid_date", "DTM", fields.position, warning.rstrip("."), element="1:2")
        case "RFF" if qualifier in _HEAD_REFERENCES:
            draft.texts[_HEAD_REFERENCES[qualifier]] = segment.get(1, 2)
        case "NAD" if qualifier in _PARTIES:
            draft.texts[_PARTIES[qualifier]] = segment.get(2)
        case "LOC" if qualifier == "11":
            draft.texts["unloading_point"] = segment.get(2)
        case "PAC" | "GIN" if draft.units:
            _take_unit(draft.units[-1], segment)


def _take_unit(unit: _Unit, segment: Segment) -> None:
    if segment.tag == "PAC":
        unit.package_type = segment.get(3)
    elif segment.get(1) in ("BJ", "ML"):
        unit.ssccs += [segment.get(n) for n in range(2, len(segment.elements)) if segment.get(n)]


def _take_line(draft: _Draft, segment: Segment, fields: Fields) -> None:
    qualifier, line = segment.get(1), draft.lines[-1]
    match segment.tag:
        case "PIA":
            line["supplier_part"] = segment.qualified(2).get("SA", "")
        case "QTY" if qualifier == "12":
            value = fields.number(1, 2, missing="missing_quantity")
            if value is not None and value <= 0:
                text = "states a quantity that is not greater than zero; send the quantity shipped"
                fields.error("quantity_not_positive", text, element="1:2")
            draft.quantities[-1], line["unit"] = value or Decimal(0), segment.get(1, 3)
        case "GIR":
            codes = segment.qualified(2)
            line.update({_VEHICLE[code]: value for code, value in codes.items() if code in _VEHICLE})
        case "RFF" if qualifier in _LINE_REFERENCES:
            line[_LINE_REFERENCES[qualifier]] = segment.get(1, 2)
        case "LOC" if qualifier == "159":
            line["line_feed"] = segment.get(2)
        case "LOC" if qualifier == "11":
            draft.texts.setdefault("unloading_point", segment.get(2))


def _built(draft: _Draft, fields: Fields) -> DespatchAdvice | None:
    texts = draft.texts
    if not texts.get("number"):
        fields.at("missing_number", "BGM", 2, "BGM carries no despatch advice number; send it", element="2:1")
    functions = {code: name for name, code in _FUNCTIONS.items()}
    if texts.get("function", "9") not in functions:
        fields.at("invalid_value", "BGM", 2, "BGM element 3 (function) must be 9 or 1; correct it", element="3")
    for name, qualifier in (("issued_at", "137"), ("shipped_at", "11")):
        if name not in draft.times and not fields.time_faulted:
            fields.at("missing_date", "DTM", 3, f"DTM+{qualifier} is missing; send it")
    for line, position in zip(draft.lines, draft.positions, strict=True):
        if "unit" not in line:
            fields.at("missing_quantity", "LIN", position, f"LIN in segment {position} has no quantity; send QTY+12")
    if any(finding.severity == "error" for finding in fields.findings.items):
        return None
    by_place = {unit.place: unit.ssccs[0] for unit in draft.units if unit.ssccs}
    return DespatchAdvice(
        number=texts["number"],
        function="cancel" if texts.get("function") == "1" else "original",
        issued_at=draft.times["issued_at"],
        shipped_at=draft.times["shipped_at"],
        arrival_at=draft.times.get("arrival_at"),
        seller=texts.get("seller", ""),
        buyer=texts.get("buyer", ""),
        ship_to=texts.get("ship_to", ""),
        ship_from=texts.get("ship_from", ""),
        unloading_point=texts.get("unloading_point", ""),
        delivery_no=texts.get("delivery_no", ""),
        cancels=texts.get("cancels"),
        units=tuple(
            DespatchUnit(sscc, unit.package_type, by_place.get(unit.parent))
            for unit in draft.units
            for sscc in unit.ssccs
        ),
        lines=tuple(_line(line, quantity) for line, quantity in zip(draft.lines, draft.quantities, strict=True)),
        zone=fields.zone.key,
    )


def _line(line: dict[str, str], quantity: Decimal) -> DespatchLine:
    texts = {"supplier_part": "", **line}
    return DespatchLine(quantity=quantity, **texts)
