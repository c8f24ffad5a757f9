"""Writes a just-in-time call (DELJIT D.04A), as a customer would: for demo data, load and tests of a partner's profile.

Source: UN/EDIFACT D.04A, DELJIT; the same use of GIR as in `milkrun.edi.deljit`.
"""

from milkrun.edi.messages import DelJit, DelJitLine, DelJitSequence, EdiTime
from milkrun.edi.writing import Named, Segments, number, required

_FUNCTIONS = {"original": "9", "replace": "5", "change": "4", "cancel": "1"}


def deljit_segments(call: DelJit, segments: Segments) -> None:
    """Write a call.

    Raises:
        ValueError: a field is missing or does not fit.
    """
    function = _FUNCTIONS.get(call.function) or call.function.removeprefix("other:")
    kind = "JIS" if call.kind == "sequenced" else ""
    segments.add("BGM", ["242", "", "", kind], required("call_no", call.call_no), Named("function", function))
    if call.document_at is None:
        raise ValueError("document_at: must be there")
    _add_time(segments, "137", "document_at", call.document_at)
    _add_text(segments, "RFF", "order_no", call.order_no, reference="ON")
    parties = (("BY", "buyer", call.buyer), ("SE", "seller", call.seller), ("ST", "ship_to", call.ship_to))
    for qualifier, name, code in parties:
        if code:
            segments.add("NAD", qualifier, [Named(name, code), "", "92"])
    if call.unloading_point and not any(code for _, _, code in parties):
        raise ValueError("unloading_point: needs a ship_to")
    _add_text(segments, "LOC", "unloading_point", call.unloading_point, reference="11")
    for index, sequence in enumerate(call.sequences):
        _add_sequence(segments, f"sequences[{index}].", sequence)


def _add_sequence(segments: Segments, at: str, sequence: DelJitSequence) -> None:
    segments.add("SEQ", Named(f"{at}action", sequence.action), Named(f"{at}number", sequence.number))
    if sequence.required:
        _add_time(segments, "2", f"{at}required", sequence.required)
    vehicle = [
        [Named(f"{at}{name}", value), qualifier]
        for name, value, qualifier in (
            ("vin", sequence.vin, "VV"),
            ("production_no", sequence.production_no, "AN"),
            ("family", sequence.family, "XA"),
            ("line", sequence.line, "XN"),
            ("reference_sequence", sequence.reference_sequence, "XO"),
            ("reorder_key", sequence.reorder_key, "XH"),
        )
        if value
    ]
    for start in range(0, len(vehicle), 5):
        segments.add("GIR", "4", *vehicle[start : start + 5])
    _add_text(segments, "LOC", f"{at}unloading_point", sequence.unloading_point, reference="11")
    _add_text(segments, "LOC", f"{at}line_feed", sequence.line_feed, reference="159")
    for index, line in enumerate(sequence.lines):
        _add_line(segments, f"{at}lines[{index}].", line)


def _add_line(segments: Segments, at: str, line: DelJitLine) -> None:
    part = required(f"{at}buyer_part", line.buyer_part)
    segments.add("LIN", Named(f"{at}line_no", line.line_no), "", [part, "IN"])
    if line.change_level:
        segments.add("PIA", "1", [Named(f"{at}change_level", line.change_level), "EC"])
    if line.family:
        segments.add("GIR", "4", [Named(f"{at}family", line.family), "XA"])
    _add_text(segments, "RFF", f"{at}order_no", line.order_no, reference="ON")
    _add_text(segments, "LOC", f"{at}unloading_point", line.unloading_point, reference="11")
    _add_text(segments, "LOC", f"{at}line_feed", line.line_feed, reference="159")
    if line.quantity is not None:
        segments.add("QTY", ["131", number(f"{at}quantity", line.quantity), Named(f"{at}unit", line.unit)])
    if line.required:
        _add_time(segments, "2", f"{at}required", line.required)


def _add_text(segments: Segments, tag: str, name: str, value: str, *, reference: str) -> None:
    if not value:
        return
    named = Named(name, value)
    if tag == "RFF":
        segments.add("RFF", [reference, named])
    else:
        segments.add("LOC", reference, named)


def _add_time(segments: Segments, qualifier: str, name: str, time: EdiTime) -> None:
    segments.add("DTM", [qualifier, Named(name, time.text), time.format])
