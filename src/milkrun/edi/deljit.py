"""Reads the just-in-time call (DELJIT) into a `DelJit`.

The vehicle data of a sequenced call stand in GIR segments (set 4): VV vehicle number, AN production number, XA module
family, XN line, XO sequence, XH reorder key. What a partner sends elsewhere belongs into that partner's profile.

Source: UN/EDIFACT D.04A, DELJIT; VDA 4985 and 4986 for the use of BGM and GIR.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from milkrun.edi.fields import Fields
from milkrun.edi.messages import DelJit, DelJitLine, DelJitSequence, EdiTime
from milkrun.edi.syntax import Segment

_FUNCTIONS = {"9": "original", "5": "replace", "4": "change", "1": "cancel"}
_WANTED = frozenset({"131", "1", "113", "21"})  # QTY 6063: the quantity to deliver; others are cumulatives and limits
_REQUIRED = "2"  # DTM 2005: delivery date/time, requested
_DELETED = "2"  # SEQ 1229


@dataclass
class _Quantity:
    value: Decimal | None
    unit: str
    required: EdiTime | None = None


@dataclass
class _Line:
    position: int
    segment: Segment
    change_level: str = ""
    order_no: str = ""
    family: str = ""
    unloading_point: str = ""
    line_feed: str = ""
    required: EdiTime | None = None
    quantities: list[_Quantity] = field(default_factory=list)
    asked: bool = False  # a QTY of the wanted kind was there, good or bad


@dataclass
class _Sequence:
    position: int
    segment: Segment
    required: EdiTime | None = None
    unloading_point: str = ""
    line_feed: str = ""
    given: dict[str, str] = field(default_factory=dict)
    reference_position: int = 0
    lines: list[_Line] = field(default_factory=list)


@dataclass
class _Head:
    bgm: Segment | None = None
    document_at: EdiTime | None = None
    order_no: str = ""
    unloading_point: str = ""
    parties: dict[str, str] = field(default_factory=dict)
    sequences: list[_Sequence] = field(default_factory=list)


def read_deljit(segments: Sequence[Segment], fields: Fields) -> DelJit:
    """Read a call from its segments; what is wrong goes to `fields.findings`."""
    head = _Head()
    for position, segment in enumerate(segments, 1):
        fields.position, fields.segment = position, segment
        sequence = head.sequences[-1] if head.sequences else None
        line = sequence.lines[-1] if sequence and sequence.lines else None
        match segment.tag:
            case "SEQ":
                head.sequences.append(_Sequence(position, segment))
            case "LIN" if sequence:
                sequence.lines.append(_Line(position, segment))
            case _ if line:
                _take_line(line, segment, fields)
            case _ if sequence:
                _take_sequence(sequence, segment, position, fields)
            case _:
                _take_head(head, segment, fields)
    return _build(head, fields)


def _take_head(head: _Head, segment: Segment, fields: Fields) -> None:
    qualifier, value = segment.get(1), segment.get(2)
    match segment.tag:
        case "BGM":
            head.bgm = segment
        case "DTM" if qualifier == "137":
            head.document_at = fields.time()
        case "RFF" if qualifier == "ON":
            head.order_no = segment.get(1, 2)
        case "LOC" if qualifier == "11":
            head.unloading_point = value
        case "NAD":
            if head.parties.get(qualifier, value) != value:
                text = f"names a second party {qualifier}; send one message for each"
                fields.error("several_parties", text, element="2:1")
            head.parties[qualifier] = value


def _take_sequence(sequence: _Sequence, segment: Segment, position: int, fields: Fields) -> None:
    qualifier = segment.get(1)
    match segment.tag:
        case "DTM" if qualifier == _REQUIRED:
            sequence.required = fields.time()
        case "LOC" if qualifier == "11":
            sequence.unloading_point = segment.get(2)
        case "LOC" if qualifier == "159":
            sequence.line_feed = segment.get(2)
        case "GIR":
            codes = segment.qualified(2)
            sequence.given.update(codes)
            if "XO" in codes:
                sequence.reference_position = position


def _take_line(line: _Line, segment: Segment, fields: Fields) -> None:
    qualifier = segment.get(1)
    match segment.tag:
        case "PIA":
            line.change_level = segment.qualified(2).get("EC", line.change_level)
        case "RFF" if qualifier == "ON":
            line.order_no = segment.get(1, 2)
        case "LOC" if qualifier == "11":
            line.unloading_point = segment.get(2)
        case "LOC" if qualifier == "159":
            line.line_feed = segment.get(2)
        case "GIR":
            line.family = segment.qualified(2).get("XA", line.family)
        case "QTY" if qualifier in _WANTED:
            line.asked = True
            value = fields.number(1, 2, missing="missing_quantity")
            if value is not None and value <= 0:
                text = "asks for a quantity that is not greater than zero; send the quantity wanted or cancel the call"
                fields.error("quantity_not_positive", text, element="1:2")
            line.quantities.append(_Quantity(value, segment.get(1, 3)))
        case "DTM" if qualifier == _REQUIRED:
            if line.quantities:
                line.quantities[-1].required = fields.time()
            else:
                line.required = fields.time()


def _build(head: _Head, fields: Fields) -> DelJit:
    kind = _kind(head)
    function = _function(head, fields)
    call_no = head.bgm.get(2) if head.bgm else ""
    if not call_no:
        fields.at("missing_number", "BGM", 2, "BGM carries no call number; send it in element 2", element="2:1")
    if head.document_at is None:
        fields.warn_at("missing_date", "DTM", 3, "DTM+137 (date of the message) was not sent; send it")
    ship_to = _party(head, "ST", "CN", "DP")
    if not ship_to:
        fields.warn_at("missing_party", "NAD", 0, "NAD+ST (the plant to deliver to) was not sent; send it")
    return DelJit(
        call_no=call_no,
        function=function,
        kind=kind,
        document_at=head.document_at,
        order_no=head.order_no,
        buyer=_party(head, "BY"),
        seller=_party(head, "SE", "SU"),
        ship_to=ship_to,
        unloading_point=head.unloading_point,
        sequences=tuple(_sequence(sequence, kind, function, fields) for sequence in head.sequences),
    )


def _kind(head: _Head) -> Literal["summarized", "sequenced"]:
    named = head.bgm is not None and "JIS" in head.bgm.get(1, 4)
    numbered = any(s.segment.get(2) or "VV" in s.given or "AN" in s.given for s in head.sequences)
    return "sequenced" if named or numbered else "summarized"


def _function(head: _Head, fields: Fields) -> str:
    code = head.bgm.get(3) if head.bgm else ""
    if not code:
        text = "BGM element 3 (function) was not sent and was read as original; send 9, 5, 4 or 1"
        fields.warn_at("missing_function", "BGM", 2, text, element="3")
        return "original"
    return _FUNCTIONS.get(code, f"other:{code}")


def _party(head: _Head, *qualifiers: str) -> str:
    return next((head.parties[q] for q in qualifiers if head.parties.get(q)), "")


def _sequence(draft: _Sequence, kind: str, function: str, fields: Fields) -> DelJitSequence:
    number, given = draft.segment.get(2), draft.given
    wants_lines = function != "cancel" and draft.segment.get(1) != _DELETED
    if kind == "sequenced":
        _check_vehicle(draft, number, fields)
    if wants_lines and not draft.lines:
        text = f"SEQ in segment {draft.position} has no LIN; send the parts wanted"
        if kind == "sequenced":
            fields.warn_at("missing_line", "SEQ", draft.position, text)
        else:
            fields.at("missing_line", "SEQ", draft.position, text)
    return DelJitSequence(
        number=number,
        action=draft.segment.get(1),
        position=draft.position,
        required=draft.required,
        unloading_point=draft.unloading_point,
        vin=given.get("VV", ""),
        production_no=given.get("AN", ""),
        family=given.get("XA", ""),
        line=given.get("XN", ""),
        reference_sequence=given.get("XO", ""),
        reorder_key=given.get("XH", ""),
        line_feed=draft.line_feed,
        lines=tuple(line for part in draft.lines for line in _lines(part, draft, wants_lines, fields)),
    )


def _check_vehicle(draft: _Sequence, number: str, fields: Fields) -> None:
    reference = draft.given.get("XO", "")
    if reference and number and reference.lstrip("0") != number.lstrip("0"):
        text = (
            f"GIR in segment {draft.reference_position} gives sequence {reference} (XO) but its SEQ gives {number}; "
            "send the same number in both"
        )
        fields.at("sequence_disagrees", "GIR", draft.reference_position, text)
    if not (number or reference or draft.given.get("AN")):
        text = (
            f"SEQ in segment {draft.position} has neither a sequence number nor a production number (GIR AN); send one"
        )
        fields.at("missing_sequence", "SEQ", draft.position, text, element="2:1")


def _lines(draft: _Line, sequence: _Sequence, wanted: bool, fields: Fields) -> list[DelJitLine]:
    part = draft.segment.get(3)
    if not part:
        text = f"LIN in segment {draft.position} names no part; send the customer's part number in element 3"
        fields.at("missing_part", "LIN", draft.position, text, element="3:1")
    if wanted and not draft.asked:
        text = f"LIN in segment {draft.position} has no quantity; send QTY+131"
        fields.at("missing_quantity", "LIN", draft.position, text)
    lines = []
    for quantity in draft.quantities or [_Quantity(None, "")]:
        required = quantity.required or draft.required
        if wanted and required is None and sequence.required is None and not fields.time_faulted:
            text = f"LIN in segment {draft.position} has no date and nor has its SEQ; send DTM+2"
            fields.at("missing_date", "LIN", draft.position, text)
        lines.append(
            DelJitLine(
                position=draft.position,
                line_no=draft.segment.get(1),
                buyer_part=part,
                change_level=draft.change_level,
                order_no=draft.order_no,
                quantity=quantity.value,
                unit=quantity.unit,
                required=required,
                family=draft.family,
                unloading_point=draft.unloading_point,
                line_feed=draft.line_feed,
            )
        )
    return lines
