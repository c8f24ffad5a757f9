"""Reads calls by fixed records in the manner of VDA: 128 characters a record, its type in the first three.

Records may stand one a line, with blanks at their ends lost, or one behind the other without line breaks. A head (551)
and a trailer (559) with the number of records of each type make the interchange; each call (552) with its parts (553)
is a message of its own, so that one bad call does not stop the others. Positions of findings count the records of a
call, its 552 being 1, and elements are the column in which the field begins.

VDA knows no acknowledgement of such a file. Other VDA messages, and other layouts than `grammars/vda_551_m1.txt`, are
recognised and refused with the reason: reading a file by the wrong layout would make wrong calls of it.

Source: VDA 4905 as published by customers, for length of records, head and the way of writing dates and numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from milkrun.edi.call_check import check_call
from milkrun.edi.check import printable
from milkrun.edi.envelope import MAX_MESSAGE_SEGMENTS, MAX_MESSAGES, CountErrors
from milkrun.edi.findings import Findings
from milkrun.edi.messages import (
    DelJit,
    DelJitLine,
    DelJitSequence,
    EdiTime,
    Interchange,
    Message,
    Party,
    Reading,
    Verdict,
)
from milkrun.edi.times import parse_time

LENGTH = 128
VERSION = "M1"
_DECIMALS = Decimal("0.001")  # quantities carry three implied decimals
_FUNCTIONS = {"": "original", "9": "original", "5": "replace", "4": "change", "1": "cancel"}
_TOLERABLE = frozenset({"count_wrong"})
_PIVOT = "80"
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_COUNTED = (("551", "heads"), ("552", "calls"), ("553", "parts"), ("559", "trailers"))


@cache
def layout() -> dict[str, dict[str, tuple[int, int]]]:
    """Load the record types with their fields: first and last place, counted from 1."""
    table: dict[str, dict[str, tuple[int, int]]] = {}
    fields: dict[str, tuple[int, int]] = {}
    for line in (files("milkrun.edi.grammars") / "vda_551_m1.txt").read_text("ascii").splitlines():
        if line.startswith("#"):
            continue
        words = line.split()
        if line.startswith(" "):
            first, last = words[1].split("-")
            fields[words[0]] = (int(first), int(last))
        else:
            fields = table[words[0]] = {}
    return table


@dataclass(frozen=True, slots=True)
class _Record:
    """One record; `number` counts them in the file from 1."""

    number: int
    text: str

    @property
    def type(self) -> str:
        return self.text[:3]

    def get(self, name: str) -> str:
        first, last = layout()[self.type][name]
        return self.text[first - 1 : last].strip()

    def column(self, name: str) -> str:
        return str(layout()[self.type][name][0])


@dataclass(slots=True)
class _File:
    """The interchange as far as it was read."""

    findings: Findings = field(default_factory=Findings)
    head: _Record | None = None
    trailer: _Record | None = None
    calls: list[list[_Record]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def read_vda(content: bytes, count_errors: CountErrors, charset: str | None) -> Reading:
    """Read a file of fixed records.

    Args:
        content: the bytes.
        count_errors: what a wrong number of records in the trailer does.
        charset: codec of what is not ASCII; None takes ISO 8859-1.
    """
    text = content.decode(charset or "latin-1", "replace")
    found = _File()
    for record in _records(text, found.findings):
        if found.head is None and not found.calls and record.number == 1 and not _is_ours(record, found.findings):
            break
        _take(record, found)
        if len(found.calls) > MAX_MESSAGES or record.number > MAX_MESSAGE_SEGMENTS:
            found.findings.add("too_large", "", 0, "The file holds more records than can be read at once: split it.")
            break
    else:
        _check_envelope(found)
    return Reading("vda", (_interchange(found, count_errors == "accept"),), ())


def _records(text: str, findings: Findings) -> Iterator[_Record]:
    """Cut a file into records, padded to their length."""
    text = text.rstrip("\x1a\x00")
    lines = re.split(r"\r\n|\n|\r", text) if re.search(r"[\r\n]", text[: 4 * LENGTH]) else _pieces(text)
    number = 0
    for line in lines:
        if not line.strip():
            continue
        number += 1
        if len(line.rstrip()) > LENGTH:
            text = f"Record {number} has {len(line.rstrip())} characters: a record has {LENGTH}; send one a line."
            findings.add("element_too_long", line[:3], number, text)
        yield _Record(number, line[:LENGTH].ljust(LENGTH))


def _pieces(text: str) -> list[str]:
    return [text[start : start + LENGTH] for start in range(0, len(text), LENGTH)]


def _is_ours(record: _Record, findings: Findings) -> bool:
    """Tell whether the first record begins a message whose layout is known."""
    version = record.text[3:5]
    if record.type != "551":
        text = (
            f"Record {printable(record.type)} begins a VDA message that is not read: send calls by records 551 to 559."
        )
        findings.add("unsupported_message", printable(record.type), 1, text, element="1")
    elif version != VERSION:
        text = (
            f'Record 551 has version "{printable(version)}", whose layout is not published: send version {VERSION}, '
            "as the reference lists it, or agree on EDIFACT or X12."
        )
        findings.add("unsupported_version", "551", 1, text, element="4")
    else:
        return True
    return False


def _take(record: _Record, found: _File) -> None:
    kind, at = record.type, record.number
    found.counts[kind] = found.counts.get(kind, 0) + 1
    if kind not in layout():
        text = f"Record {at} is of type {printable(kind)}, which is no part of this message: leave it out."
        found.findings.add("unknown_segment", printable(kind), at, text)
    elif record.text[3:5] != VERSION:
        text = f"Record {at} has another version than the first: send {VERSION} in each."
        found.findings.add("unsupported_version", kind, at, text, element="4")
    elif found.trailer is not None or (kind == "551") != (at == 1) or (kind == "553" and not found.calls):
        text = f"Record {at} ({kind}) may not stand here: send 551, then 552 with its 553, then 559."
        found.findings.add("segment_out_of_place", kind, at, text)
    elif kind == "551":
        found.head = record
    elif kind == "559":
        found.trailer = record
    elif kind == "552":
        found.calls.append([record])
    else:
        found.calls[-1].append(record)


def _check_envelope(found: _File) -> None:
    findings, head, trailer = found.findings, found.head, found.trailer
    if head is None:
        findings.add("missing_header", "551", 1, "Record 551 is missing: nobody knows who sent the file.")
    else:
        for name in ("sender", "recipient", "transmission", "date"):
            if not head.get(name):
                text = f"Record 551 does not give its {name}: send it from place {head.column(name)} on."
                findings.add("missing_element", "551", 1, text, element=head.column(name))
        number = head.get("transmission")
        if number and (not _DIGITS.fullmatch(number) or not int(number)):
            text = "Record 551 has no transmission number of digits other than 00000: send one."
            findings.add("invalid_value", "551", 1, text, element=head.column("transmission"))
        if head.get("date") and _time(head.get("date"), "") is None:
            findings.add(
                "invalid_date", "551", 1, "Record 551 holds no valid date: send YYMMDD.", element=head.column("date")
            )
    if trailer is None:
        findings.add("missing_trailer", "559", 0, "Record 559 is missing: the file was cut off; send it again whole.")
        return
    for kind, name in _COUNTED:
        stated, counted = trailer.get(name), found.counts.get(kind, 0)
        if len(stated) != 7 or not _DIGITS.fullmatch(stated) or int(stated) != counted:
            said = printable(stated) or "no number of"
            text = f"Record 559 states {said} records {kind}, {counted} were read: correct it."
            findings.add("count_wrong", "559", trailer.number, text, element=trailer.column(name))
    if not found.calls:
        findings.add("no_messages", "559", trailer.number, "The file holds no call (552): send at least one.")


def _interchange(found: _File, accept_counts: bool) -> Interchange:
    errors = {finding.code for finding in found.findings.items if finding.severity == "error"}
    fatal = bool(errors) and not (accept_counts and errors <= _TOLERABLE)
    head = found.head
    messages = tuple(_message(records, found, fatal) for records in found.calls)
    verdict: Verdict = "accepted"
    if fatal or all(message.verdict == "rejected" for message in messages):
        verdict = "rejected"
    elif errors or any(message.verdict != "accepted" for message in messages):
        verdict = "accepted_with_errors"
    date = head.get("date") if head else ""
    return Interchange(
        # Five digits come again after some years; with their day they are told apart.
        control=_clean(f"{head.get('transmission')}/{date}") if head else "",
        sender=Party(_clean(head.get("sender")) if head else ""),
        recipient=Party(_clean(head.get("recipient")) if head else ""),
        prepared=_clean(date),
        charset="",
        association="",
        test=False,
        ack_requested=False,
        messages=messages,
        findings=tuple(found.findings.items),
        verdict=verdict,
        dialect="vda",
    )


def _message(records: list[_Record], found: _File, fatal: bool) -> Message:
    findings = Findings()
    body = _call(records, found.head, findings)
    rejected = fatal or any(finding.severity == "error" for finding in findings.items)
    return Message(
        type="551",
        version=VERSION,
        association="",
        reference=_clean(records[0].get("call_no")),
        verdict="rejected" if rejected else "accepted",
        findings=tuple(findings.items),
        body=None if rejected else body,
        segment_count=len(records),
        agency="",
        dialect="vda",
    )


def _call(records: list[_Record], head: _Record | None, findings: Findings) -> DelJit:
    call = records[0]
    for position, record in enumerate(records, 1):
        if any(c < " " or "\x7f" <= c <= "\x9f" or c == "\ufffd" for c in record.text):
            text = (
                f"Record {position} of the call holds a control character or one that cannot be read: send it without."
            )
            findings.add("control_character", record.type, position, text)
    required = _time(call.get("date"), call.get("time"))
    if required is None and (call.get("date") or call.get("time")):
        text = (
            f'Record 552 holds "{printable(call.get("date") + " " + call.get("time"))}", which is no YYMMDD and HHMM.'
        )
        findings.add("invalid_date", "552", 1, text, element=call.column("date"))
    function = _FUNCTIONS.get(call.get("function"), "")
    if not function:
        text = "Record 552 holds no function that is known: send 9, 5, 4, 1 or a blank."
        findings.add("invalid_value", "552", 1, text, element=call.column("function"))
    sequenced = any(call.get(name) for name in ("vin", "production_no", "sequence"))
    lines = tuple(_line(position, record, findings) for position, record in enumerate(records[1:], 2))
    sequence = DelJitSequence(
        number=call.get("sequence"),
        action="",
        position=1,
        required=required,
        unloading_point=call.get("dock"),
        vin=call.get("vin"),
        production_no=call.get("production_no"),
        family=call.get("family"),
        line=call.get("line"),
        reference_sequence="",
        reorder_key="",
        line_feed=call.get("line_feed"),
        lines=lines,
    )
    kind: Literal["summarized", "sequenced"] = "sequenced" if sequenced else "summarized"
    body = DelJit(
        call_no=call.get("call_no"),
        function=function,
        kind=kind,
        document_at=_time(head.get("date"), "") if head else None,
        order_no=call.get("order_no"),
        buyer=head.get("sender") if head else "",
        seller=head.get("recipient") if head else "",
        ship_to=call.get("plant"),
        unloading_point=call.get("dock"),
        sequences=(sequence,),
    )
    time_faulted = required is None and bool(call.get("date") or call.get("time"))
    faults = frozenset(finding.position for finding in findings.items if finding.code == "not_a_number")
    check_call(body, findings, head="552", line="553", time_faulted=time_faulted, number_faults=faults)
    return body


def _line(position: int, record: _Record, findings: Findings) -> DelJitLine:
    written, quantity = record.get("quantity"), None
    if _DIGITS.fullmatch(written):
        quantity = Decimal(written) * _DECIMALS
        quantity = quantity.to_integral_value() if quantity == quantity.to_integral_value() else quantity.normalize()
    elif written:
        text = f'Record {position} (553) holds "{printable(written)}" where a quantity belongs: send digits only.'
        findings.add("not_a_number", "553", position, text, element=record.column("quantity"))
    return DelJitLine(
        position=position,
        line_no=str(position - 1),
        buyer_part=record.get("part"),
        change_level=record.get("change_level"),
        order_no=record.get("order_no"),
        quantity=quantity,
        unit=record.get("unit"),
        required=None,
        family=record.get("family"),
    )


def _time(date: str, clock: str) -> EdiTime | None:
    """Read YYMMDD with HHMM or without; two digits of a year mean 1980 to 2079."""
    if len(date) != 6 or len(clock) not in (0, 4):
        return None
    century = "19" if date >= _PIVOT else "20"
    return parse_time(century + date + clock, "203" if clock else "102")


def _clean(text: str) -> str:
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
