"""Reads the just-in-time call (DELJIT) into a `DelJit`.

The vehicle data of a sequenced call stand in GIR segments (set 4): VV vehicle number, AN production number, XA module
family, XN line, XO sequence, XH reorder key. What a partner sends elsewhere belongs into that partner's profile.

Source: UN/EDIFACT D.04A, DELJIT; VDA 4985 and 4986 for the use of BGM and GIR.
"""

from collections.abc import Sequence
from decimal import Decimal

from milkrun.edi.deljit_call import Call, CallLine, CallSequence, Said
from milkrun.edi.fields import Fields
from milkrun.edi.messages import DelJit
from milkrun.edi.syntax import Segment

_WANTED = frozenset({"131", "1", "113", "21"})  # QTY 6063: the quantity to deliver; others are cumulatives and limits
_REQUIRED = "2"  # DTM 2005: delivery date/time, requested


def read_deljit(segments: Sequence[Segment], fields: Fields) -> DelJit:
    """Read a call from its segments; what is wrong goes to `fields.findings`."""
    call = Call(fields)
    sequence: CallSequence | None = None
    line: CallLine | None = None
    for position, segment in enumerate(segments, 1):
        fields.position, fields.segment = position, segment
        if segment.tag == "SEQ":
            sequence, line = CallSequence(position, *opens_sequence(segment)), None
            call.sequences.append(sequence)
        elif sequence is None:
            if said := said_in_head(segment, fields):
                call.take(said)
        elif segment.tag == "LIN":
            line = CallLine(position, *opens_line(segment))
            sequence.lines.append(line)
        elif line is None:
            if said := said_in_sequence(segment, fields):
                sequence.take(said, position)
        elif said := said_in_line(segment, fields):
            line.take(said)
    return call.document()


def opens_sequence(segment: Segment) -> tuple[str, str]:
    """Read number and action of a SEQ."""
    return segment.get(2), segment.get(1)


def opens_line(segment: Segment) -> tuple[str, str]:
    """Read line number and part of a LIN."""
    return segment.get(1), segment.get(3)


def said_in_head(segment: Segment, fields: Fields) -> Said | None:
    """Read what a segment before the first SEQ says of the call."""
    qualifier = segment.get(1)
    match segment.tag:
        case "BGM":
            return "document", (segment.get(2), segment.get(3), "JIS" in segment.get(1, 4))
        case "DTM" if qualifier == "137":
            return "document_at", fields.time()
        case "RFF" if qualifier == "ON":
            return "order_no", segment.get(1, 2)
        case "LOC" if qualifier == "11":
            return "unloading_point", segment.get(2)
        case "NAD":
            return "party", (qualifier, segment.get(2))
    return None


def said_in_sequence(segment: Segment, fields: Fields) -> Said | None:
    """Read what a segment between SEQ and its first LIN says of the sequence."""
    qualifier = segment.get(1)
    match segment.tag:
        case "DTM" if qualifier == _REQUIRED:
            return "required", fields.time()
        case "LOC" if qualifier == "11":
            return "unloading_point", segment.get(2)
        case "LOC" if qualifier == "159":
            return "line_feed", segment.get(2)
        case "GIR":
            return "given", segment.qualified(2)
    return None


def said_in_line(segment: Segment, fields: Fields) -> Said | None:
    """Read what a segment behind a LIN says of the part."""
    qualifier = segment.get(1)
    match segment.tag:
        case "PIA":
            return _if_given("change_level", segment.qualified(2).get("EC"))
        case "RFF" if qualifier == "ON":
            return "order_no", segment.get(1, 2)
        case "LOC" if qualifier == "11":
            return "unloading_point", segment.get(2)
        case "LOC" if qualifier == "159":
            return "line_feed", segment.get(2)
        case "GIR":
            return _if_given("family", segment.qualified(2).get("XA"))
        case "QTY" if qualifier in _WANTED:
            return "quantity", (_positive(fields), segment.get(1, 3))
        case "DTM" if qualifier == _REQUIRED:
            return "required", fields.time()
    return None


def _if_given(name: str, value: str | None) -> Said | None:
    return None if value is None else (name, value)


def _positive(fields: Fields) -> Decimal | None:
    value = fields.number(1, 2, missing="missing_quantity")
    if value is not None and value <= 0:
        text = "asks for a quantity that is not greater than zero; send the quantity wanted or cancel the call"
        fields.error("quantity_not_positive", text, element="1:2")
    return value
