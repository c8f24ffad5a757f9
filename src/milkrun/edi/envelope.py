"""Puts segments into messages and messages into interchanges, and checks counts and references on the way.

A fault of the envelope rejects the whole interchange, because nobody can say what was lost. A fault inside one message
rejects that message alone. Only one message is in memory at a time, besides what was already read from the others.

Source: ISO 9735 for UNB/UNZ, UNG/UNE, UNH/UNT; data element 0085 for the error numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from milkrun.edi.check import check_flaws, printable
from milkrun.edi.findings import Findings
from milkrun.edi.messages import Interchange, Message, Party, Verdict
from milkrun.edi.service_segments import check_header, check_identity, check_trailer
from milkrun.edi.syntax import CODECS, LEVEL_A, Segment, Tokens

MAX_MESSAGE_SEGMENTS = 250_000
MAX_MESSAGES = 100_000  # in one file, interchanges counted too
CountErrors = Literal["reject", "accept"]
_TOLERABLE = frozenset({"count_wrong"})
# (segments of one message, its own findings, decimal mark) -> the message
ReadMessage = Callable[[list[Segment], Findings, str], Message]


@dataclass
class _Open:
    """The interchange being read."""

    header: Segment
    findings: Findings = field(default_factory=Findings)
    messages: list[Message] = field(default_factory=list)
    references: set[str] = field(default_factory=set)
    position: int = 0
    message_count: int = 0
    group_count: int = 0
    group: Segment | None = None
    group_messages: int = 0
    beyond_level_a: bool = False


class Envelopes:
    """Takes segments one by one and collects the interchanges they make."""

    def __init__(self, tokens: Tokens, count_errors: CountErrors, charset: str | None, read: ReadMessage) -> None:
        self.interchanges: list[Interchange] = []
        self._tokens = tokens
        self._accept_counts = count_errors == "accept"
        self._charset = charset
        self._read = read
        self._open: _Open | None = None
        self._message: list[Segment] = []
        self._units = 0

    @property
    def is_open(self) -> bool:
        """Tell whether an interchange was begun and not yet closed."""
        return self._open is not None

    @property
    def is_full(self) -> bool:
        """Tell whether the file holds more than is sensible, so that reading must stop to keep memory in bounds."""
        return self._units > MAX_MESSAGES or len(self._message) > MAX_MESSAGE_SEGMENTS

    @property
    def expects_message(self) -> bool:
        """Tell whether the next segment may be a UNH and nothing is wrong with that."""
        opened = self._open
        return opened is not None and not self._message and not (opened.group_count and opened.group is None)

    @property
    def asks_level_a(self) -> bool:
        """Tell whether the characters of what comes must still be looked at for being more than UNOA."""
        opened = self._open
        return opened is not None and not opened.beyond_level_a and opened.header.get(1) == "UNOA"

    def knows(self, reference: str) -> bool:
        """Tell whether the interchange has had a message of this reference."""
        return self._open is not None and reference in self._open.references

    def take_plain(self, message: Message) -> None:
        """Take a whole message with nothing wrong in it, for which `expects_message` holds."""
        if opened := self._open:
            self._units += 1
            opened.position += message.segment_count
            opened.message_count += 1
            opened.group_messages += 1
            opened.references.add(message.reference)
            opened.messages.append(message)

    def take(self, segment: Segment) -> None:
        """Take the next segment of the file."""
        if segment.tag == "UNB":
            self.finish()
            self._begin(segment)
            return
        if segment.elements == [[""]]:
            self._note_empty()
            return
        opened = self._open or self._begin(None)
        opened.position += 1
        match segment.tag:
            case "UNH":
                self._close_message(opened, None)
                self._message = [segment]
            case "UNT" if self._message:
                self._message.append(segment)
                self._close_message(opened, segment)
            case "UNZ":
                self._close_message(opened, None)
                _note_flaws(opened, segment)
                self._end(opened, segment)
            case "UNG":
                self._close_message(opened, None)
                _note_flaws(opened, segment)
                _begin_group(opened, segment)
            case "UNE":
                self._close_message(opened, None)
                _note_flaws(opened, segment)
                _end_group(opened, segment)
            case _ if self._message:
                self._message.append(segment)
            case _:
                tag = printable(segment.tag)
                text = f"Segment {opened.position} ({tag}) stands outside any message: put it between UNH and UNT."
                opened.findings.add("unexpected_segment", tag, opened.position, text)
        if not opened.beyond_level_a and opened.header.get(1) == "UNOA":
            opened.beyond_level_a = not all(
                LEVEL_A.issuperset(part) for element in segment.elements for part in element
            )

    def _note_empty(self) -> None:
        """A terminator sent twice makes an empty segment; it counts nowhere and is mentioned once."""
        opened = self._open
        if opened and not any(finding.code == "empty_segment" for finding in opened.findings.items):
            text = f"An empty segment follows segment {opened.position}: a terminator was sent twice; it was left out."
            opened.findings.warn("empty_segment", "", opened.position, text)

    def finish(self) -> None:
        """The file is over, or another interchange begins: close what is open as cut off."""
        if self._open:
            self._close_message(self._open, None)
            self._end(self._open, None)

    def fail(self, code: str, text: str) -> None:
        """Reject the interchange being read for a fault that stopped the reading."""
        opened = self._open or self._begin(None)
        opened.findings.add_fatal(code, opened.position + 1, text)

    def _begin(self, header: Segment | None) -> _Open:
        self._units += 1
        opened = self._open = _Open(header or Segment("UNB", [["UNB"]]), position=1 if header else 0)
        if header is None:
            self._tokens.codec = "latin-1"
            text = "UNB is missing: the file must begin with an interchange header, else nobody knows who sent it."
            opened.findings.add("missing_header", "UNB", 1, text)
            return opened
        self._choose_charset(header, opened.findings)
        # The header was cut before its own character set was known.
        opened.header = header = self._decoded(header)
        _note_flaws(opened, header)
        check_header(header, opened.findings)
        return opened

    def _choose_charset(self, header: Segment, findings: Findings) -> None:
        name = header.get(1)
        codec = CODECS.get(name)
        if codec is None:
            known = ", ".join(CODECS)
            text = f'UNB names the character set "{printable(name)}", which is not read: send one of {known}.'
            if name:
                findings.add("unsupported_charset", "UNB", 1, text, element="1:1")
            codec = "ascii"
        self._tokens.codec = self._charset or codec

    def _decoded(self, header: Segment) -> Segment:
        codec = self._tokens.codec
        if all(part.isascii() for element in header.elements for part in element):
            return header
        elements = [
            [part.encode("latin-1").decode(codec, "surrogateescape") for part in element] for element in header.elements
        ]
        text = "".join(part for element in elements for part in element)
        return Segment(header.tag, elements, () if text.isprintable() else self._tokens.flaws(text))

    def _end(self, opened: _Open, trailer: Segment | None) -> None:
        self._open = None
        if opened.group is not None:
            text = "UNE is missing: the group begun by UNG was not closed; the file may be cut off, send it again."
            opened.findings.add("missing_trailer", "UNE", opened.position, text)
        if trailer is None:
            text = "UNZ is missing: the interchange was cut off or never closed; send it again whole."
            opened.findings.add("missing_trailer", "UNZ", opened.position + 1, text)
        else:
            counted, what = (opened.group_count, "groups") if opened.group_count else (opened.message_count, "messages")
            check_trailer(trailer, opened.position, opened.header.get(5), counted, what, opened.findings)
            if not opened.message_count:
                text = "UNB to UNZ hold no message: send at least one."
                opened.findings.add("no_messages", "UNZ", opened.position, text)
        if opened.beyond_level_a and not self._charset:
            text = "UNB declares UNOA (capital letters only) but the data hold other characters: declare UNOB or UNOC."
            opened.findings.warn("charset_disagrees", "UNB", 1, text, element="1:1")
        self.interchanges.append(self._finished(opened))

    def _finished(self, opened: _Open) -> Interchange:
        header, findings = opened.header, tuple(opened.findings.items)
        errors = [f.code for f in findings if f.severity == "error"]
        fatal = any(not (self._accept_counts and code in _TOLERABLE) for code in errors)
        messages = tuple(opened.messages)
        if fatal:
            messages = tuple(replace(message, verdict="rejected", body=None) for message in messages)
        return Interchange(
            control=_clean(header.get(5)),
            sender=Party(_clean(header.get(2)), _clean(header.get(2, 2))),
            recipient=Party(_clean(header.get(3)), _clean(header.get(3, 2))),
            prepared=_clean(":".join(part for part in (header.get(4), header.get(4, 2)) if part)),
            charset=_clean(header.get(1)),
            association=_clean(header.get(7)),
            test=header.get(11) == "1",
            ack_requested=header.get(9) in ("1", "2"),
            messages=messages,
            findings=findings,
            verdict=_verdict(messages, fatal, bool(errors)),
        )

    def _close_message(self, opened: _Open, trailer: Segment | None) -> None:
        segments = self._message
        if not segments:
            return
        self._message = []
        self._units += 1
        opened.message_count += 1
        opened.group_messages += 1
        if opened.group_count and opened.group is None:
            text = f"The message ending in segment {opened.position} stands outside any group: group all or none."
            opened.findings.add("groups_mixed", "UNH", opened.position, text)
        findings = Findings()
        for position, segment in enumerate(segments, 1):
            if segment.flaws:
                check_flaws(segment, position, findings)
        check_identity(segments[0], opened.position, opened.findings)
        _check_reference(opened, segments[0], findings)
        if trailer is None:
            text = "UNT is missing: the message was cut off or never closed; send it again whole."
            findings.add("missing_trailer", "UNT", len(segments) + 1, text)
        else:
            check_trailer(trailer, len(segments), segments[0].get(1), len(segments), "segments", findings)
        mark = self._tokens.separators.decimal
        message = self._read(segments, findings, mark)
        errors = {f.code for f in findings.items if f.severity == "error"}
        verdict: Verdict = "accepted"
        if errors:
            tolerated = self._accept_counts and errors <= _TOLERABLE
            verdict = "accepted_with_errors" if tolerated else "rejected"
        body = None if verdict == "rejected" else message.body
        opened.messages.append(replace(message, verdict=verdict, findings=tuple(findings.items), body=body))


def _note_flaws(opened: _Open, segment: Segment) -> None:
    if segment.flaws:
        check_flaws(segment, opened.position, opened.findings)


def _check_reference(opened: _Open, header: Segment, findings: Findings) -> None:
    reference = header.get(1)
    if reference and reference in opened.references:
        text = f"UNH repeats the message reference {printable(reference)}: give each message its own."
        findings.add("duplicate_reference", "UNH", 1, text, element="1")
    opened.references.add(reference)


def _begin_group(opened: _Open, segment: Segment) -> None:
    if opened.group is not None:
        text = f"Segment {opened.position} (UNG) begins a group inside another: close the first with UNE."
        opened.findings.add("unexpected_segment", "UNG", opened.position, text)
    if opened.message_count and not opened.group_count:
        text = f"Segment {opened.position} (UNG) follows messages outside any group: group all messages or none."
        opened.findings.add("groups_mixed", "UNG", opened.position, text)
    opened.group, opened.group_messages = segment, 0
    opened.group_count += 1


def _end_group(opened: _Open, segment: Segment) -> None:
    if opened.group is None:
        text = f"Segment {opened.position} (UNE) closes a group that was not begun: send its UNG."
        opened.findings.add("unexpected_segment", "UNE", opened.position, text)
        return
    count, reference = opened.group_messages, opened.group.get(5)
    check_trailer(segment, opened.position, reference, count, "messages", opened.findings)
    opened.group = None


def describe(segments: list[Segment]) -> Message:
    """Name a message by its UNH; verdict and body are still open."""
    header = segments[0]
    return Message(
        type=_clean(header.get(2)),
        version=_clean(header.get(2, 2) + header.get(2, 3)),
        association=_clean(header.get(2, 5)),
        reference=_clean(header.get(1)),
        verdict="rejected",
        findings=(),
        body=None,
        segment_count=len(segments),
        agency=_clean(header.get(2, 4)),
        release=_clean(header.get(2, 3)),
    )


def _verdict(messages: tuple[Message, ...], fatal: bool, troubled: bool) -> Verdict:
    if fatal or all(message.verdict == "rejected" for message in messages):
        return "rejected"
    clean = all(message.verdict == "accepted" for message in messages)
    return "accepted" if clean and not troubled else "accepted_with_errors"


def _clean(text: str) -> str:
    """Keep half characters and endless text of a broken envelope out of names that others will print and store."""
    text = text[:70]
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
