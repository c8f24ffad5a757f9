"""Puts X12 segments into transaction sets, groups and interchanges, and checks counts and control numbers on the way.

A fault of the interchange (ISA, IEA) rejects everything, one of a group (GS, GE) its sets, one inside a set that set
alone: these are the three layers of acknowledgement, TA1, 997 and within it AK5.

Source: ASC X12.5 for ISA/IEA, X12.6 for GS/GE and ST/SE.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from milkrun.edi.check import check_flaws, printable
from milkrun.edi.envelope import MAX_MESSAGE_SEGMENTS, MAX_MESSAGES, CountErrors
from milkrun.edi.findings import Findings
from milkrun.edi.messages import Group, Interchange, Message, Party, Verdict
from milkrun.edi.syntax import Segment
from milkrun.edi.x12_service import check_group, check_interchange, check_set_header, check_x12_trailer

_TOLERABLE = frozenset({"count_wrong"})
# (segments of one set, its own findings, GS of its group) -> the message
ReadSet = Callable[[list[Segment], Findings, Segment], Message]


@dataclass
class _Group:
    """A functional group being read, or read."""

    header: Segment
    findings: Findings = field(default_factory=Findings)
    references: set[str] = field(default_factory=set)
    count: int = 0
    stated: str = ""


@dataclass
class _Open:
    """The interchange being read."""

    header: Segment
    findings: Findings = field(default_factory=Findings)
    messages: list[Message] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)
    group: _Group | None = None
    position: int = 1


class X12Envelopes:
    """Takes segments one by one and collects the interchanges they make."""

    def __init__(self, count_errors: CountErrors, read: ReadSet) -> None:
        self.interchanges: list[Interchange] = []
        self._accept_counts = count_errors == "accept"
        self._read = read
        self._open: _Open | None = None
        self._set: list[Segment] = []
        self._units = 0

    @property
    def is_open(self) -> bool:
        """Tell whether an interchange was begun and not yet closed."""
        return self._open is not None

    @property
    def is_full(self) -> bool:
        """Tell whether the file holds more than is sensible, so that reading must stop to keep memory in bounds."""
        return self._units > MAX_MESSAGES or len(self._set) > MAX_MESSAGE_SEGMENTS

    def begin(self, header: Segment, padded: bool) -> None:
        """Begin an interchange with its ISA; one still open was never closed."""
        self.finish()
        self._units += 1
        opened = self._open = _Open(header)
        check_flaws(header, 1, opened.findings, undeclared=True)
        check_interchange(header, opened.findings)
        if not padded:
            text = "ISA does not have its fixed widths; its elements were counted instead: pad it with blanks."
            opened.findings.warn("unpadded_header", "ISA", 1, text)

    def take(self, segment: Segment) -> None:
        """Take the next segment of the file."""
        opened = self._open or self._begin_without_header()
        if segment.elements == [[""]]:
            _note_empty(opened)
            return
        opened.position += 1
        match segment.tag:
            case "ST":
                self._close_set(opened, None)
                self._set = [segment]
            case "SE" if self._set:
                self._set.append(segment)
                self._close_set(opened, segment)
            case "GS":
                self._close_set(opened, None)
                _close_group(opened, None)
                self._units += 1
                opened.group = _Group(segment)
                opened.groups.append(opened.group)
                check_flaws(segment, opened.position, opened.group.findings, undeclared=True)
                check_group(segment, opened.position, opened.group.findings)
            case "GE":
                self._close_set(opened, None)
                _close_group(opened, segment)
            case "IEA":
                self._close_set(opened, None)
                _close_group(opened, None)
                check_flaws(segment, opened.position, opened.findings, undeclared=True)
                self._end(opened, segment)
            case "TA1" if not self._set and opened.group is None:
                self._units += 1
                opened.messages.append(self._read([segment], Findings(), opened.header))
            case _ if self._set:
                self._set.append(segment)
            case _:
                tag = printable(segment.tag)
                text = (
                    f"Segment {opened.position} ({tag}) stands outside any transaction set: put it between ST and SE."
                )
                opened.findings.add("unexpected_segment", tag, opened.position, text)

    def finish(self) -> None:
        """The file is over, or another interchange begins: close what is open as cut off."""
        if self._open:
            self._close_set(self._open, None)
            _close_group(self._open, None)
            self._end(self._open, None)

    def fail(self, code: str, text: str) -> None:
        """Reject the interchange being read for a fault that stopped the reading."""
        opened = self._open or self._begin_without_header()
        opened.findings.add_fatal(code, opened.position + 1, text)

    def _begin_without_header(self) -> _Open:
        self._units += 1
        opened = self._open = _Open(Segment("ISA", [["ISA"]]), position=0)
        text = "ISA is missing: the file must begin with an interchange header, else nobody knows who sent it."
        opened.findings.add("missing_header", "ISA", 1, text)
        return opened

    def _close_set(self, opened: _Open, trailer: Segment | None) -> None:
        segments = self._set
        if not segments:
            return
        self._set = []
        self._units += 1
        findings = Findings()
        for position, segment in enumerate(segments, 1):
            if segment.flaws:
                check_flaws(segment, position, findings, undeclared=True)
        group = opened.group
        if group is None:
            text = f"The set ending in segment {opened.position} stands in no group: put it between GS and GE."
            opened.findings.add("unexpected_segment", "ST", opened.position, text)
            group = _Group(Segment("GS", [["GS"]]))
        group.count += 1
        check_set_header(segments[0], group.header, group.references, findings)
        if trailer is None:
            text = "SE is missing: the transaction set was cut off or never closed; send it again whole."
            findings.add("missing_trailer", "SE", len(segments) + 1, text)
        else:
            check_x12_trailer(trailer, len(segments), segments[0].get(2), len(segments), "segments", findings)
        message = self._read(segments, findings, group.header)
        errors = {f.code for f in findings.items if f.severity == "error"}
        verdict = self._verdict(errors)
        body = None if verdict == "rejected" else message.body
        found = tuple(findings.items)
        opened.messages.append(
            replace(
                message, verdict=verdict, findings=found, body=body, group=len(opened.groups) if opened.group else 0
            )
        )

    def _verdict(self, errors: set[str]) -> Verdict:
        if not errors:
            return "accepted"
        return "accepted_with_errors" if self._accept_counts and errors <= _TOLERABLE else "rejected"

    def _end(self, opened: _Open, trailer: Segment | None) -> None:
        self._open = None
        if trailer is None:
            text = "IEA is missing: the interchange was cut off or never closed; send it again whole."
            opened.findings.add("missing_trailer", "IEA", opened.position + 1, text)
        else:
            control, count = opened.header.get(13), len(opened.groups)
            check_x12_trailer(trailer, opened.position, control, count, "groups", opened.findings)
            if not opened.messages:
                text = "ISA to IEA hold no transaction set: send at least one."
                opened.findings.add("no_messages", "IEA", opened.position, text)
        self.interchanges.append(self._finished(opened))

    def _finished(self, opened: _Open) -> Interchange:
        header = opened.header
        own = self._verdict({f.code for f in opened.findings.items if f.severity == "error"})
        verdicts = [self._verdict({f.code for f in g.findings.items if f.severity == "error"}) for g in opened.groups]
        lost = {number for number, verdict in enumerate(verdicts, 1) if verdict == "rejected"}
        messages = [_refused(m) if own == "rejected" or m.group in lost else m for m in opened.messages]
        inside: dict[int, list[Verdict]] = {}
        for message in messages:
            inside.setdefault(message.group, []).append(message.verdict)
        groups = [
            _described(group, _sum_up(verdict, inside.get(number, [])))
            for number, (group, verdict) in enumerate(zip(opened.groups, verdicts, strict=True), 1)
        ]
        return Interchange(
            control=_clean(header.get(13)),
            sender=Party(_clean(header.get(6)), _clean(header.get(5))),
            recipient=Party(_clean(header.get(8)), _clean(header.get(7))),
            prepared=_clean(":".join(part for part in (header.get(9), header.get(10)) if part)),
            charset="",
            association="",
            test=header.get(15) == "T",
            ack_requested=header.get(14) == "1",
            messages=tuple(messages),
            findings=tuple(opened.findings.items),
            verdict=_sum_up(own, [*(group.verdict for group in groups), *inside.get(0, [])]),
            groups=tuple(groups),
            dialect="x12",
        )


def _refused(message: Message) -> Message:
    return replace(message, verdict="rejected", body=None)


def _sum_up(own: Verdict, inside: list[Verdict]) -> Verdict:
    if own == "rejected" or all(verdict == "rejected" for verdict in inside):
        return "rejected"
    clean = own == "accepted" and all(verdict == "accepted" for verdict in inside)
    return "accepted" if clean else "accepted_with_errors"


def _described(group: _Group, verdict: Verdict) -> Group:
    header = group.header
    return Group(
        code=_clean(header.get(1)),
        control=_clean(header.get(6)),
        version=_clean(header.get(8)),
        sender=_clean(header.get(2)),
        recipient=_clean(header.get(3)),
        stated=_clean(group.stated),
        findings=tuple(group.findings.items),
        verdict=verdict,
    )


def _close_group(opened: _Open, trailer: Segment | None) -> None:
    group, opened.group = opened.group, None
    if group is None:
        if trailer is not None:
            text = f"Segment {opened.position} (GE) closes a group that was not begun: send its GS."
            opened.findings.add("unexpected_segment", "GE", opened.position, text)
        return
    if trailer is None:
        text = "GE is missing: the group begun by GS was not closed; the file may be cut off, send it again."
        group.findings.add("missing_trailer", "GE", opened.position, text)
        return
    group.stated = trailer.get(1)
    if not group.count:
        text = f"The group ending in segment {opened.position} holds no transaction set: send at least one."
        group.findings.add("no_messages", "GE", opened.position, text)
    check_flaws(trailer, opened.position, group.findings, undeclared=True)
    check_x12_trailer(trailer, opened.position, group.header.get(6), group.count, "transaction sets", group.findings)


def _note_empty(opened: _Open) -> None:
    if not any(finding.code == "empty_segment" for finding in opened.findings.items):
        text = f"An empty segment follows segment {opened.position}: a terminator was sent twice; it was left out."
        opened.findings.warn("empty_segment", "", opened.position, text)


def _clean(text: str) -> str:
    """Keep half characters and endless text of a broken envelope out of names that others will print and store."""
    text = text[:70]
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
