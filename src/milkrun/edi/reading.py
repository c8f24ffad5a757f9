"""Reads an interchange: bytes in, a `Reading` out, whatever the bytes are.

Nothing here raises for what a file contains: every fault becomes a finding with its place and a way out, and decides
the verdict of its message or interchange.
"""

import gc
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from zoneinfo import ZoneInfo

from milkrun.edi.check import check_message, printable
from milkrun.edi.contrl import read_contrl
from milkrun.edi.deljit import read_deljit
from milkrun.edi.desadv import read_desadv
from milkrun.edi.envelope import CountErrors, Envelopes, describe
from milkrun.edi.fields import Fields
from milkrun.edi.findings import Findings
from milkrun.edi.grammars import MESSAGES, READ_TYPES
from milkrun.edi.invoic import read_invoic
from milkrun.edi.json_calls import read_json
from milkrun.edi.messages import Body, Interchange, Message, Party, Reading
from milkrun.edi.plain import BEFORE_MESSAGE, PlainMessages
from milkrun.edi.syntax import FALLBACKS, MAX_INTERCHANGE, Segment, Tokens
from milkrun.edi.vda import read_vda
from milkrun.edi.x12_reading import read_x12

_BOM = b"\xef\xbb\xbf"
_EDIFACT_START = re.compile(rb"UN[ABHG](?![A-Za-z0-9 ])")
_READERS: dict[str, Callable[[Sequence[Segment], Fields], Body | None]] = {
    "CONTRL": read_contrl,
    "DELJIT": read_deljit,
    "DESADV": read_desadv,
    "INVOIC": read_invoic,
}
_FAULTS = {
    "segment_too_long": "A segment is longer than 64 KB: a terminator is missing, or this is no EDI file.",
    "bad_separators": "The file declares separators that cannot be used: send different service characters for each.",
    "missing_header": "The file begins without an ISA: nobody knows who sent it; send it with its envelope.",
    "empty_segment": "The file holds more than 1,000 empty segments: this is no EDI file, or its separators are wrong.",
    "too_large": "The file holds more segments or messages than can be read at once: split it into several.",
    "trailing_data": "The file goes on after its last interchange: what follows was cut off or does not belong to it.",
    "truncated": "The file ends inside a segment: it was cut off; send it again whole.",
}


def read(
    data: bytes, *, count_errors: CountErrors = "reject", charset: str | None = None, zone: str = "UTC"
) -> Reading:
    """Read everything a file holds.

    Args:
        data: the bytes as received.
        count_errors: "reject" rejects what a wrong count in UNT, UNE or UNZ concerns; "accept" takes it with errors.
        charset: codec to use instead of the one the UNB declares; None trusts the UNB.
        zone: IANA zone in which local times of despatch advices are meant. Calls keep their times unresolved.

    Returns:
        Interchanges, their messages with verdicts, and all findings.

    Raises:
        LookupError: `charset` is none of `milkrun.edi.syntax.FALLBACKS`, or `zone` is unknown.
    """
    place = ZoneInfo(zone)
    if charset is not None and charset not in FALLBACKS:
        raise LookupError(f"charset {charset} is not one of {', '.join(sorted(FALLBACKS))}")
    if len(data) > MAX_INTERCHANGE:
        return _nothing("unknown", "too_large", "The file is larger than 64 MB: split it into several interchanges.")
    content = data.removeprefix(_BOM)
    dialect = dialect_of(content)
    if dialect not in ("edifact", "x12", "vda", "json"):
        return _foreign(dialect)
    bom = len(content) < len(data)
    with _without_collector():
        if dialect == "vda":
            return read_vda(content, count_errors, charset)
        if dialect == "json":
            return read_json(content)
        if dialect == "x12":
            return read_x12(content, count_errors, charset, place, _FAULTS, bom=bom)
        return _read_edifact(content, count_errors, charset, place, bom=bom)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold the search for cycles of objects: reading makes many objects that stay, and no cycle to be found."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def dialect_of(content: bytes) -> str:
    """Recognise the syntax by its first bytes: edifact, x12, vda, json, tradacoms, empty or unknown."""
    start = content[:400].lstrip(b"\r\n\t ")
    if not start.strip(b"\x00\x1a"):
        return "empty"
    if _EDIFACT_START.match(start):
        return "edifact"
    if start[:3] == b"ISA" or (start[:3] in (b"GS*", b"ST*", b"GS|", b"ST|")):
        return "x12"
    if start[:4] == b"STX=":
        return "tradacoms"
    if re.match(rb"[5-8][0-9]1[0-9A-Z][0-9]", start):
        return "vda"
    if start[:1] == b"{":
        return "json"
    return "unknown"


def _read_edifact(content: bytes, count_errors: CountErrors, charset: str | None, zone: ZoneInfo, bom: bool) -> Reading:
    tokens = Tokens(content)
    loose = Findings()
    if bom:
        text = "The file begins with a byte order mark, which EDIFACT does not have; it was left out."
        loose.warn("byte_order_mark", "", 0, text)

    def read_message(segments: list[Segment], findings: Findings, mark: str) -> Message:
        return _read_message(segments, findings, Fields(findings, mark, zone))

    envelopes = Envelopes(tokens, count_errors, charset, read_message)
    plain = PlainMessages(tokens, envelopes, zone)
    for segment in tokens:
        envelopes.take(segment)
        if segment.tag in BEFORE_MESSAGE:
            plain.take()
        if envelopes.is_full:
            tokens.fault = "too_large"
            break
    fault = tokens.fault or ("truncated" if tokens.rest or tokens.advised else "")
    if fault and envelopes.is_open:
        envelopes.fail(fault, _FAULTS[fault])
    elif fault:
        code = "trailing_data" if fault == "truncated" and envelopes.interchanges else fault
        loose.add(code, "", 0, _FAULTS[code])
    envelopes.finish()
    return Reading("edifact", tuple(envelopes.interchanges), tuple(loose.items))


def _read_message(segments: list[Segment], findings: Findings, fields: Fields) -> Message:
    message = describe(segments)
    tables = MESSAGES.get((message.type, message.version))
    if tables is None:
        _not_supported(message, findings)
        return message
    check_message(segments, *tables, fields.decimal_mark, findings)
    return replace(message, body=_READERS[message.type](segments, fields))


def _not_supported(message: Message, findings: Findings) -> None:
    if message.type in READ_TYPES:
        known = ", ".join(sorted(directory for name, directory in MESSAGES if name == message.type))
        text = (
            f"UNH announces {message.type} of directory {printable(message.version) or 'unknown'}, which is not read: "
            f"send one of {known}."
        )
        findings.add("unsupported_version", "UNH", 1, text, element="2:3")
    else:
        known = ", ".join(sorted(READ_TYPES))
        shown = printable(message.type) or "no message type"
        text = f"UNH announces {shown}, which is not read: send one of {known}."
        findings.add("unsupported_message", "UNH", 1, text, element="2:1")


def _foreign(dialect: str) -> Reading:
    if dialect == "empty":
        return _nothing("unknown", "empty_file", "The file is empty: send it again.")
    if dialect == "unknown":
        text = "The file is in no syntax we know: EDIFACT begins with UNA or UNB, X12 with ISA, JSON with a brace."
        return _nothing("unknown", "unrecognised_syntax", text)
    findings = Findings()
    text = "The file is TRADACOMS, which is recognised but not read: agree on EDIFACT or X12 with the partner."
    findings.add("unsupported_syntax", "", 0, text)
    nobody = Party("")
    refused = Interchange("", nobody, nobody, "", "", "", False, False, (), tuple(findings.items), "rejected")
    return Reading(dialect, (refused,), ())


def _nothing(dialect: str, code: str, text: str) -> Reading:
    findings = Findings()
    findings.add(code, "", 0, text)
    return Reading(dialect, (), tuple(findings.items))
