"""Writes interchanges: segments checked against their formats, service characters released, counts right.

A writer never shortens, replaces or drops anything. Text that does not fit its element or the character set is a
mistake of the caller and raises ValueError with the name of the field.

Source: ISO 9735; element widths from the segment tables in `milkrun.edi.grammars`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from milkrun.edi.check import number_pattern, printable
from milkrun.edi.grammars import MESSAGES, SegmentFormat, segment_formats
from milkrun.edi.messages import Envelope
from milkrun.edi.syntax import CODECS, LEVEL_A, Separators, render

_SEPARATORS = Separators()
_SYNTAX_3 = frozenset({"UNOA", "UNOB", "UNOC", "UNOD", "UNOE", "UNOF"})
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


class Named(str):
    """Text of a message that knows which field it came from, so that a refusal can say so."""

    __slots__ = ("field",)
    field: str

    def __new__(cls, field: str, value: str) -> "Named":
        """Name `value` after `field`."""
        named = super().__new__(cls, value)
        named.field = field
        return named


def required(field: str, value: str) -> Named:
    """Name `value` after `field`, refusing nothing at all.

    Raises:
        ValueError: the text is empty.
    """
    if not value:
        raise ValueError(f"{field}: must not be empty")
    return Named(field, value)


def number(field: str, value: Decimal, *, plain: bool = False) -> Named:
    """Write a number without exponent or separators; zeros behind the last decimal are dropped unless `plain`.

    Raises:
        ValueError: more than 12 digits before or 6 behind the decimal mark, or not a finite number.
    """
    text = format(value, "f") if value.is_finite() else str(value)
    if "." in text and not plain:
        text = text.rstrip("0").rstrip(".")
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{field}: {value} does not fit 12 digits and 6 decimals")
    return Named(field, text)


Element = str | Sequence[str]


@dataclass
class Segments:
    """The segments of one message between UNH and UNT, each checked when it is added."""

    charset: str
    segment_file: str = "segments_d04a"
    rows: list[list[list[str]]] = field(default_factory=list)

    def add(self, tag: str, *elements: Element) -> None:
        """Add a segment; an element is one text or the list of its components.

        Raises:
            ValueError: a text does not fit its element or the character set, or a mandatory one is empty.
        """
        row = [[element] if isinstance(element, str) else list(element) for element in elements]
        _check_row(tag, row, segment_formats(self.segment_file)[tag], self.charset)
        self.rows.append([[tag], *row])


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready to be put into an envelope."""

    reference: str
    type: str
    version: str
    association: str
    segments: Segments


def write_interchange(messages: Sequence[Outgoing], envelope: Envelope, *, una: bool = True) -> bytes:
    """Put messages into an envelope.

    Args:
        messages: at least one.
        envelope: who sends to whom, under which reference.
        una: begin with the service string advice (default separators).

    Returns:
        The bytes, one segment per line.

    Raises:
        ValueError: a text does not fit, the character set is not known or the time is naive.
    """
    codec = CODECS.get(envelope.charset)
    if codec is None:
        raise ValueError(f"charset: {envelope.charset} is not one of {', '.join(CODECS)}")
    if envelope.prepared_at.tzinfo is None:
        raise ValueError("prepared_at: a time with its zone is needed")
    rows = [_unb(messages, envelope)]
    for message in messages:
        rows += _framed(message, envelope.charset)
    trailer = Segments(envelope.charset)
    trailer.add("UNZ", str(len(messages)), envelope.control)
    rows += trailer.rows
    text = ("UNA:+.? '\n" if una else "") + "".join(render(row, _SEPARATORS) + "\n" for row in rows)
    return text.encode(codec)


def segments_for(message_type: str, version: str, charset: str) -> Segments:
    """Begin a message of a directory.

    Raises:
        ValueError: the message is not written in that directory.
    """
    if (message_type, version) not in MESSAGES:
        raise ValueError(f"version: {message_type} is not written in directory {version}")
    return Segments(charset, MESSAGES[message_type, version][1])


def _unb(messages: Sequence[Outgoing], envelope: Envelope) -> list[list[str]]:
    syntax = "3" if envelope.charset in _SYNTAX_3 else "4"
    prepared = envelope.prepared_at
    header = Segments(envelope.charset)
    header.add(
        "UNB",
        [envelope.charset, syntax],
        [Named("sender", envelope.sender.id), Named("sender", envelope.sender.qualifier)],
        [Named("recipient", envelope.recipient.id), Named("recipient", envelope.recipient.qualifier)],
        [prepared.strftime("%y%m%d" if syntax == "3" else "%Y%m%d"), prepared.strftime("%H%M")],
        Named("control", envelope.control),
        "",
        messages[0].type,
        "",
        "1" if envelope.ack_requested else "",
        "",
        "1" if envelope.test else "",
    )
    return header.rows[0]


def _framed(message: Outgoing, charset: str) -> list[list[list[str]]]:
    head, tail = message.version[:1], message.version[1:]
    frame = Segments(charset)
    reference = Named("message_reference", message.reference)
    association = Named("association", message.association)
    frame.add("UNH", reference, [message.type, head, tail, "UN", association])
    frame.add("UNT", str(len(message.segments.rows) + 2), reference)
    return [frame.rows[0], *message.segments.rows, frame.rows[1]]


def _check_row(tag: str, row: list[list[str]], segment_format: SegmentFormat, charset: str) -> None:
    for place, element_format in enumerate(segment_format.elements):
        element = row[place] if place < len(row) else []
        filled = any(element)
        if element_format.mandatory and not filled:
            raise ValueError(f"{_name(element, 0, tag, place)}: must not be empty")
        for index, component in enumerate(element_format.components):
            text = element[index] if index < len(element) else ""
            name = _name(element, index, tag, place)
            if filled and component.mandatory and not text:
                raise ValueError(f"{name}: must not be empty")
            if component.numeric and text and not number_pattern(_SEPARATORS.decimal).fullmatch(text):
                raise ValueError(f"{name}: {printable(text)} is not a number, as {tag} wants it")
            width = sum(c.isdigit() for c in text) if component.numeric else len(text)
            if width > component.width:
                raise ValueError(f"{name}: {len(text)} characters do not fit the {component.width} of {tag}")
            _check_text(name, text, charset)


def _check_text(name: str, text: str, charset: str) -> None:
    if any(c < " " or "\x7f" <= c <= "\x9f" for c in text):
        raise ValueError(f"{name}: holds a control character or line break")
    try:
        text.encode(CODECS[charset])
    except UnicodeEncodeError as error:
        raise ValueError(f"{name}: holds {text[error.start]!r}, which {charset} does not have") from error
    if charset == "UNOA" and not LEVEL_A.issuperset(text):
        raise ValueError(f"{name}: holds characters outside UNOA, which has capital letters only")


def _name(element: list[str], index: int, tag: str, place: int) -> str:
    text = element[index] if index < len(element) else ""
    return text.field if isinstance(text, Named) else f"{tag} {place + 1}:{index + 1}"
