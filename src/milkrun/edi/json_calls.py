"""Reads calls sent as JSON, and writes and reads their acknowledgement.

The document has the names of the neutral messages: an envelope (`sender`, `recipient`, `control`, `prepared`, `test`)
and `messages`, each with `reference` and a `body` that is a call. What a body leaves out is empty; a name that is not
known is said, so that no spelling mistake loses a value silently. Numbers may be JSON numbers or text; they are read
exactly. Times are ISO 8601, local to the plant where they name no offset.
"""

import json
import types
import typing
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from milkrun.edi.call_check import check_call
from milkrun.edi.check import printable
from milkrun.edi.findings import Findings
from milkrun.edi.messages import (
    Control,
    ControlMessage,
    DelJit,
    EdiTime,
    Envelope,
    Finding,
    Interchange,
    Message,
    Party,
    Reading,
    Verdict,
)
from milkrun.edi.times import parse_time

ANSWER = "JSON-ACK"
CALL = "DELJIT"
_MAX_MESSAGES = 100_000
_NAMES = frozenset(
    {
        "sender",
        "recipient",
        "control",
        "prepared",
        "test",
        "messages",
        "ack_requested",
        "acknowledges",
        "verdict",
        "error",
    }
)


class _Wrong(ValueError):
    """A value is missing or of the wrong kind; `at` is its place."""

    def __init__(self, at: str, text: str) -> None:
        super().__init__(f"{at} {text}")
        self.at = at


def read_json(content: bytes) -> Reading:
    """Read a file of calls; one without a whole envelope is no interchange and stays unread."""
    findings = Findings()
    try:
        document = json.loads(content.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError, InvalidOperation):
        findings.add(
            "unrecognised_syntax", "", 0, "The file begins like JSON and is none, or was cut off: send it again."
        )
        return Reading("json", (), tuple(findings.items))
    document = _inner(document)
    try:
        found = _interchange(document)
    except (_Wrong, RecursionError) as wrong:
        at = wrong.at if isinstance(wrong, _Wrong) else ""
        findings.add(
            "missing_element", at[:35], 0, f"The document cannot be used: {printable(str(wrong), 200)}.", element=""
        )
        return Reading("json", (), tuple(findings.items))
    return Reading("json", (found,), ())


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _inner(document: Any) -> Any:
    """Take what `milkrun edi read --json` prints as well: its one interchange."""
    if (
        isinstance(document, dict)
        and isinstance(document.get("interchanges"), list)
        and len(document["interchanges"]) == 1
    ):
        return document["interchanges"][0]
    return document


def _interchange(document: Any) -> Interchange:
    if not isinstance(document, dict):
        raise _Wrong("document", "is no object")
    sender, recipient = _party(document, "sender"), _party(document, "recipient")
    control = _text(document, "control", needed=True)
    raw = document.get("messages")
    if not isinstance(raw, list) or not raw or len(raw) > _MAX_MESSAGES:
        raise _Wrong("messages", "must be a list of at least one message")
    findings = Findings()
    for name in document:
        if name not in _NAMES and name not in _OF_READING:
            findings.warn("unknown_field", "", 0, f'The document has a field "{printable(name)}" that is not known.')
    answers = _text(document, "acknowledges")
    if answers:
        messages: tuple[Message, ...] = (_answer(document, answers, raw),)
    else:
        messages = tuple(_message(entry, number) for number, entry in enumerate(raw, 1))
    verdicts = {message.verdict for message in messages}
    verdict: Verdict = "accepted_with_errors"
    if len(verdicts) == 1:
        verdict = verdicts.pop()
    return Interchange(
        control=control,
        sender=sender,
        recipient=recipient,
        prepared=_text(document, "prepared"),
        charset="UTF-8",
        association="",
        test=document.get("test") is True,
        ack_requested=False,
        messages=messages,
        findings=tuple(findings.items),
        verdict=verdict,
        dialect="json",
    )


# Names that the printed reading has besides those that are read here.
_OF_READING = frozenset(item.name for item in fields(Interchange))
_OF_MESSAGE = frozenset(item.name for item in fields(Message))


def _text(document: dict[str, Any], name: str, *, needed: bool = False) -> str:
    value = document.get(name, "")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise _Wrong(name, "must be text")
    value = value.strip()
    if needed and not value:
        raise _Wrong(name, "is missing")
    if len(value) > 70 or not value.isprintable():
        raise _Wrong(name, "is longer than 70 characters or holds a control character")
    return value


def _party(document: dict[str, Any], name: str) -> Party:
    value = document.get(name)
    if isinstance(value, str):
        return Party(_text(document, name, needed=True))
    if not isinstance(value, dict):
        raise _Wrong(name, "is missing")
    return Party(_text(value, "id", needed=True), _text(value, "qualifier"))


def _message(entry: Any, number: int) -> Message:
    findings = Findings()
    reference, kind = str(number), CALL
    body: DelJit | None = None
    try:
        if not isinstance(entry, dict):
            raise _Wrong(f"messages[{number - 1}]", "is no object")
        reference, kind = _text(entry, "reference") or reference, _text(entry, "type") or CALL
        if kind != CALL:
            text = f"Message {number} announces {printable(kind)}, which is not read: send {CALL}."
            findings.add("unsupported_message", "type", 1, text)
        else:
            for name in entry:
                if name not in _OF_MESSAGE:
                    text = f'Message {number} has a field "{printable(name)}" that is not known.'
                    findings.warn("unknown_field", "", 1, text)
            body = cast(DelJit, _build(DelJit, entry.get("body"), "body", findings))
            body = _numbered(body)
            check_call(body, findings, head="body", line="line")
    except _Wrong as wrong:
        findings.add("missing_element", printable(wrong.at, 60), 1, f"Message {number}: {printable(str(wrong), 200)}.")
    rejected = any(finding.severity == "error" for finding in findings.items)
    return Message(
        type=kind,
        version="JSON",
        association="",
        reference=reference,
        verdict="rejected" if rejected else "accepted",
        findings=tuple(findings.items),
        body=None if rejected else body,
        segment_count=1,
        agency="",
        dialect="json",
    )


def _numbered(body: DelJit) -> DelJit:
    """Give sequences and lines their positions: the place they have in the document."""
    sequences, position = [], 0
    for number, sequence in enumerate(body.sequences, 1):
        lines = []
        for line in sequence.lines:
            position += 1
            lines.append(replace(line, position=position, line_no=line.line_no or str(position)))
        sequences.append(replace(sequence, position=number, lines=tuple(lines)))
    return replace(body, sequences=tuple(sequences))


def _build(kind: Any, value: Any, at: str, findings: Findings) -> Any:
    """Build a value of a declared type from JSON; what is left out is empty."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        options = [option for option in typing.get_args(kind) if option is not type(None)]
        return None if value is None or value == "" else _build(options[0], value, at, findings)
    if origin is tuple:
        return _tuple(typing.get_args(kind)[0], value, at, findings)
    if origin is typing.Literal:
        if value not in typing.get_args(kind):
            raise _Wrong(at, f"must be one of {', '.join(map(str, typing.get_args(kind)))}")
        return value
    if kind is EdiTime:
        return _time(value, at)
    if kind is Decimal:
        return _decimal(value, at)
    return _record(kind, value, at, findings) if is_dataclass(kind) else _word(kind, value, at)


def _tuple(kind: Any, value: Any, at: str, findings: Findings) -> tuple[Any, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _Wrong(at, "must be a list")
    return tuple(_build(kind, item, f"{at}[{index}]", findings) for index, item in enumerate(value))


def _record(kind: Any, value: Any, at: str, findings: Findings) -> Any:
    if not isinstance(value, dict):
        raise _Wrong(at, "must be an object" if value is not None else "is missing")
    hints, given = typing.get_type_hints(kind), dict(value)
    if kind is DelJit:
        given.setdefault("function", "original")
        given.setdefault("kind", "sequenced" if _names_vehicles(given) else "summarized")
        if given["function"] not in ("original", "replace", "change", "cancel"):
            raise _Wrong(f"{at}.function", "must be one of original, replace, change, cancel")
    for name in given.keys() - hints.keys():
        text = f'"{printable(at, 60)}" has a field "{printable(name)}" that is not known.'
        findings.warn("unknown_field", "body", 1, text)
    made = {}
    for item in fields(kind):
        if item.name in given or item.default is MISSING:
            made[item.name] = _build(hints[item.name], given.get(item.name), f"{at}.{item.name}", findings)
    return kind(**made)


def _names_vehicles(body: dict[str, Any]) -> bool:
    sequences = body.get("sequences")
    entries = [entry for entry in sequences if isinstance(entry, dict)] if isinstance(sequences, list) else []
    return any(entry.get(name) for entry in entries for name in ("number", "vin", "production_no"))


def _word(kind: Any, value: Any, at: str) -> Any:
    if kind is int:
        return value if type(value) is int and 0 <= value < 10**9 else 0
    if kind is bool:
        return value is True
    if type(value) is int:
        value = str(value)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Wrong(at, "must be text")
    if len(value) > 512 or not value.isprintable():
        raise _Wrong(at, "is longer than 512 characters or holds a control character")
    return value.strip()


def _decimal(value: Any, at: str) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, str) or type(value) is int else value
    except InvalidOperation:
        raise _Wrong(at, "is no number") from None
    if not isinstance(number, Decimal) or not number.is_finite() or abs(number.adjusted()) > 30:
        raise _Wrong(at, "is no number that can be used")
    return Decimal(format(number, "f"))


def _time(value: Any, at: str) -> EdiTime:
    if isinstance(value, dict):  # as printed: the text and its format say it, `local` only repeats them
        read = parse_time(str(value.get("text", "")), str(value.get("format", "")))
        if read is not None:
            return read
        value = value.get("text")
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _Wrong(at, "is no time like 2026-11-22T10:15") from None
    offset = moment.strftime("%z")[:5]
    return EdiTime(value, "iso", moment.replace(tzinfo=None, microsecond=0), offset or None)


def write_json_answer(interchange: Interchange, envelope: Envelope, *, reject_with: str = "") -> bytes:
    """Write the acknowledgement of an interchange: its verdict and findings, and those of each message.

    Args:
        interchange: as read.
        envelope: sender is who answers.
        reject_with: the error (0085) for which the whole is refused.
    """
    refused = bool(reject_with)
    document = {
        "acknowledges": interchange.control,
        "sender": {"id": envelope.sender.id, "qualifier": envelope.sender.qualifier},
        "recipient": {"id": envelope.recipient.id, "qualifier": envelope.recipient.qualifier},
        "control": envelope.control,
        "prepared": envelope.prepared_at.isoformat(timespec="seconds"),
        "test": interchange.test,
        "verdict": "rejected" if refused else interchange.verdict,
        "error": reject_with,
        "messages": [
            {
                "reference": message.reference,
                "type": message.type,
                "verdict": "rejected" if refused else message.verdict,
                "findings": [_said(finding) for finding in message.findings],
            }
            for message in interchange.messages
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _said(finding: Finding) -> dict[str, object]:
    return {
        "place": finding.segment,
        "position": finding.position,
        "code": finding.code,
        "severity": finding.severity,
        "text": finding.text,
    }


def _answer(document: dict[str, Any], control: str, raw: list[Any]) -> Message:
    """Read an acknowledgement of ours as a `Control`."""
    rejected = document.get("verdict") == "rejected"
    named = [entry for entry in raw if isinstance(entry, dict)]
    messages = tuple(
        ControlMessage(
            _text(entry, "reference"), _text(entry, "type"), "4" if entry.get("verdict") == "rejected" else "7"
        )
        for entry in named
    )
    body = Control(control, Party(""), Party(""), "4" if rejected else "7", "", messages)
    return Message(ANSWER, "JSON", "", control, "accepted", (), body, 1, agency="", dialect="json")
