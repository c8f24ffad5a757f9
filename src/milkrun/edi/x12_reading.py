"""Reads an X12 file: bytes in, interchanges out, whatever the bytes are."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from milkrun.edi.check import check_message, printable
from milkrun.edi.envelope import CountErrors
from milkrun.edi.fields import Fields
from milkrun.edi.findings import Findings
from milkrun.edi.grammars import X12_SETS, X12_VERSIONS
from milkrun.edi.messages import Body, Message, Reading
from milkrun.edi.syntax import Segment
from milkrun.edi.x12_acknowledgement import read_997, read_ta1
from milkrun.edi.x12_envelope import X12Envelopes
from milkrun.edi.x12_schedule import read_schedule
from milkrun.edi.x12_syntax import X12Tokens

_READERS: dict[str, Callable[[Sequence[Segment], Fields], Body | None]] = {
    "862": read_schedule,
    "866": read_schedule,
    "997": read_997,
}


def read_x12(
    content: bytes, count_errors: CountErrors, charset: str | None, zone: ZoneInfo, faults: dict[str, str], *, bom: bool
) -> Reading:
    """Read everything an X12 file holds.

    Args:
        content: the bytes without a byte order mark.
        count_errors: what a wrong count in SE, GE or IEA does.
        charset: codec of what is not ASCII; None takes UTF-8.
        zone: not used for calls, which keep their times unresolved.
        faults: a sentence for each fault that ends the reading.
        bom: a byte order mark was left out.
    """
    tokens = X12Tokens(content, charset)
    loose = Findings()
    if bom:
        loose.warn("byte_order_mark", "", 0, "The file begins with a byte order mark; it was left out.")

    def read_set(segments: list[Segment], findings: Findings, group: Segment) -> Message:
        return _read_set(segments, group, Fields(findings, ".", zone))

    envelopes = X12Envelopes(count_errors, read_set)
    for segment in tokens:
        if segment.tag == "ISA":
            envelopes.begin(segment, tokens.padded)
        else:
            envelopes.take(segment)
        if envelopes.is_full:
            tokens.fault = "too_large"
            break
    fault = tokens.fault
    if fault == "missing_header" or (fault and (envelopes.is_open or not envelopes.interchanges)):
        # What no header was read of is still an interchange: one that nobody can be told of.
        envelopes.fail(fault, faults[fault])
    elif fault:
        code = "trailing_data" if fault in ("truncated", "bad_separators") else fault
        loose.add(code, "", 0, faults[code])
    envelopes.finish()
    if tokens.wrapped:
        loose.warn("line_break", "", 0, "Line breaks inside segments were left out: send segments whole.")
    return Reading("x12", tuple(envelopes.interchanges), tuple(loose.items))


def _read_set(segments: list[Segment], group: Segment, fields: Fields) -> Message:
    header = segments[0]
    if header.tag == "TA1":
        body = read_ta1(header)
        return Message("TA1", "", "", body.reference[:35], "accepted", (), body, 1, agency="X", dialect="x12")
    message = Message(
        type=_clean(header.get(1)),
        version=_clean(group.get(8)),
        association="",
        reference=_clean(header.get(2)),
        verdict="rejected",
        findings=(),
        body=None,
        segment_count=len(segments),
        agency=_clean(group.get(7)),
        dialect="x12",
    )
    tables = X12_SETS.get(message.type)
    if tables is None:
        known = ", ".join(sorted(X12_SETS))
        shown = printable(message.type) or "no transaction set"
        text = f"ST announces {shown}, which is not read: send one of {known}."
        fields.findings.add("unsupported_message", "ST", 1, text, element="1")
        return message
    if not X12_VERSIONS.match(message.version):
        return message  # the group has reported it
    check_message(segments, tables[0], tables[1], ".", fields.findings)
    return replace(message, body=_READERS[message.type](segments, fields))


def _clean(text: str) -> str:
    text = text[:70]
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
