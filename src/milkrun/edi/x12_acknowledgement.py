"""Writes and reads the acknowledgements of X12: the functional one (997) and the one of the interchange (TA1).

A 997 answers each functional group: every set is accepted (A), accepted with errors (E) or rejected (R), with the
segment (AK3) and element (AK4) at fault. What is wrong with the interchange itself, or with whom it came from, is told
by a TA1 alone. Neither is ever answered.

Source: ASC X12 997; X12.5 for TA1; data elements 715 to 723 and I18 for the codes.
"""

import re
from collections.abc import Sequence

from milkrun.edi.fields import Fields
from milkrun.edi.grammars import X12_VERSIONS
from milkrun.edi.messages import Control, ControlMessage, Envelope, Finding, Group, Interchange, Message, Party
from milkrun.edi.syntax import Segment
from milkrun.edi.x12_syntax import X12Separators, render_x12

ANSWERS = frozenset({"997", "999", "TA1"})
_SEPARATORS = X12Separators()
_MAX_REPORTED = 99  # places reported per set
_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)
_SET = {
    "unsupported_message": "1",
    "unsupported_version": "1",
    "missing_trailer": "2",
    "reference_mismatch": "3",
    "count_wrong": "4",
    "duplicate_reference": "23",
}
_SEGMENT = {
    "unknown_segment": "6",
    "segment_out_of_place": "7",
    "missing_segment": "3",
    "missing_line": "3",
    "too_many_repeats": "5",
    "unexpected_segment": "2",
}
_ELEMENT = {
    "missing_element": "1",
    "missing_number": "1",
    "missing_quantity": "1",
    "missing_part": "1",
    "missing_date": "1",
    "missing_sequence": "2",
    "too_many_elements": "3",
    "element_too_long": "5",
    "not_a_number": "6",
    "control_character": "6",
    "undecodable": "6",
    "invalid_date": "8",
}
_OTHER_ELEMENT = "7"  # invalid code value: what is there cannot be used
_GROUP = {
    "unsupported_version": "2",
    "missing_trailer": "3",
    "reference_mismatch": "4",
    "count_wrong": "5",
    "no_messages": "5",
    "not_a_number": "6",
}
_INTERCHANGE = {
    "reference_mismatch": "001",
    "unsupported_syntax_version": "017",
    "not_a_number": "018",
    "count_wrong": "021",
    "missing_header": "022",
    "unexpected_segment": "022",
    "missing_trailer": "023",
    "truncated": "023",
    "no_messages": "024",
    "bad_separators": "026",
    "trailing_data": "024",
}
_ISA_ELEMENTS = {"5": "005", "6": "006", "7": "007", "8": "008", "9": "014", "10": "015", "12": "017", "13": "018"}
# Why an interchange is refused whatever it says: error of data element 0085 -> TA1 note.
_REFUSED = {"23": "006", "7": "008", "25": "020", "26": "025"}


def answers_with_ta1(interchange: Interchange, reject_with: str = "") -> bool:
    """Tell whether the interchange as a whole is refused, so that a TA1 says why and no 997 is due."""
    faulty = any(finding.severity == "error" for finding in interchange.findings)
    return bool(reject_with) or (faulty and interchange.verdict == "rejected")


def write_x12_answer(interchange: Interchange, envelope: Envelope, *, reject_with: str = "") -> bytes:
    """Write the answer to an X12 interchange: a TA1 where it is refused as a whole, else a 997 for each group.

    Args:
        interchange: as read.
        envelope: sender is who answers; its control reference is written as nine digits.
        reject_with: refuse the whole for this error (0085): 7, 23, 25 or 26.

    Raises:
        ValueError: the interchange is itself an answer, or a name does not fit the ISA.
    """
    whole = answers_with_ta1(interchange, reject_with)
    groups = [group for group in interchange.groups if group.code != "FA"]
    if not (interchange.control and interchange.sender.id and interchange.recipient.id) or not (whole or groups):
        raise ValueError("interchange: is an acknowledgement, or does not say who sent it under which number")
    rows: list[list[str]] = []
    if whole or interchange.ack_requested:
        rows.append(_ta1(interchange, whole, reject_with))
    if not whole:
        rows += _functional(interchange, groups, envelope)
    header = _isa(interchange, envelope)
    trailer = ["IEA", "0" if whole else "1", _number(envelope.control)]
    body = "".join(render_x12(row, _SEPARATORS) + "\n" for row in [*rows, trailer])
    return (header + body).encode("ascii")


def _number(control: str) -> str:
    return f"{int(control) % 10**9:09d}"


def _isa(interchange: Interchange, envelope: Envelope) -> str:
    prepared = envelope.prepared_at
    version = next((group.version for group in interchange.groups if X12_VERSIONS.match(group.version)), "004010")[:5]
    values = [
        "00", " " * 10, "00", " " * 10,
        envelope.sender.qualifier.ljust(2), envelope.sender.id.ljust(15),
        envelope.recipient.qualifier.ljust(2), envelope.recipient.id.ljust(15),
        prepared.strftime("%y%m%d"), prepared.strftime("%H%M"),
        "U" if version < "00402" else "^", version, _number(envelope.control), "0",
        "T" if interchange.test or envelope.test else "P", _SEPARATORS.component,
    ]  # fmt: skip
    for name, value, width in (("sender", values[5], 15), ("recipient", values[7], 15)):
        if len(value) > width or not value.isascii() or set(value) & {"*", "~", ">"}:
            raise ValueError(f"{name}: {value.strip()[:35]!r} does not fit the {width} characters of an ISA")
    return _SEPARATORS.element.join(["ISA", *values]) + _SEPARATORS.terminator + "\n"


def _ta1(interchange: Interchange, rejected: bool, reject_with: str) -> list[str]:
    day, _, clock = interchange.prepared.partition(":")
    note = _REFUSED.get(reject_with, "024") if reject_with else "000"
    if rejected and not reject_with:
        first = next(finding for finding in interchange.findings if finding.severity == "error")
        note = _ISA_ELEMENTS.get(first.element, "024") if first.segment == "ISA" and first.element else "024"
        note = _INTERCHANGE.get(first.code, note)
    control = _plain(interchange.control.rjust(9, "0"))[-9:]
    return ["TA1", control, _plain(day)[:6], _plain(clock)[:4], "R" if rejected else "A", note]


def _plain(text: str) -> str:
    """Keep what a sender wrote and X12 can hold: what cannot be written back is left out."""
    return "".join(c for c in text if c.isascii() and c.isprintable() and c not in "*~>")


def _name(given: str, party: Party) -> str:
    """Name an application as the group did, or by its company where that cannot be written back."""
    return given if 2 <= len(given) <= 15 and given == _plain(given) else party.id


def _functional(interchange: Interchange, groups: list[Group], envelope: Envelope) -> list[list[str]]:
    control, prepared = _number(envelope.control), envelope.prepared_at
    version = groups[0].version if X12_VERSIONS.match(groups[0].version) else "004010"
    day, clock = prepared.strftime("%Y%m%d" if version >= "004" else "%y%m%d"), prepared.strftime("%H%M")
    # The application that sent a group is the one that wants to hear of it.
    names = [_name(groups[0].recipient, envelope.sender), _name(groups[0].sender, envelope.recipient)]
    number = str(int(control))
    rows = [["GS", "FA", *names, day, clock, number, "X", version[:6]]]
    told: dict[int, list[Message]] = {}
    for message in interchange.messages:
        told.setdefault(message.group, []).append(message)
    answered = [(place, group) for place, group in enumerate(interchange.groups, 1) if group.code != "FA"]
    for index, (place, group) in enumerate(answered, 1):
        inside = _group(group, told.get(place, []))
        reference = f"{index:04d}"
        rows += [["ST", "997", reference], *inside, ["SE", str(len(inside) + 2), reference]]
    rows.append(["GE", str(len(groups)), number])
    return rows


def _group(group: Group, messages: list[Message]) -> list[list[str]]:
    control = group.control if _DIGITS.fullmatch(group.control) else "0"
    rows = [["AK1", _plain(group.code)[:2] or "ZZ", control]]
    for message in messages:
        rows += _message(message)
    accepted = sum(message.verdict != "rejected" for message in messages)
    errors = [finding for finding in group.findings if finding.severity == "error"]
    clean = not errors and all(message.verdict == "accepted" for message in messages)
    verdict = "R" if group.verdict == "rejected" else "P" if accepted < len(messages) else "A" if clean else "E"
    stated = group.stated if _DIGITS.fullmatch(group.stated) else str(len(messages))
    codes = list(dict.fromkeys(_GROUP.get(finding.code, "1") for finding in errors))[:5]
    rows.append(["AK9", verdict, stated[:6], str(len(messages)), str(accepted), *codes])
    return rows


def _message(message: Message) -> list[list[str]]:
    rows = [["AK2", _plain(message.type)[:3] or "ZZZ", _plain(message.reference)[:9] or "0"]]
    errors = [finding for finding in message.findings if finding.severity == "error"]
    codes = dict.fromkeys(_SET[finding.code] for finding in errors if _is_about_set(finding))
    places: dict[int, list[Finding]] = {}
    for finding in [finding for finding in errors if not _is_about_set(finding)][:_MAX_REPORTED]:
        places.setdefault(max(finding.position, 1), []).append(finding)
    for position, found in sorted(places.items()):
        rows += _places(position, found)
    if places:
        codes["5"] = None
    verdict = {"accepted": "A", "accepted_with_errors": "E"}.get(message.verdict, "R")
    rows.append(["AK5", verdict, *list(codes)[:5]])
    return rows


def _is_about_set(finding: Finding) -> bool:
    return finding.code in _SET and (finding.segment in ("ST", "SE") or finding.code.startswith("unsupported"))


def _places(position: int, found: list[Finding]) -> list[list[str]]:
    whole = [finding for finding in found if not finding.element]
    inside = [finding for finding in found if finding.element]
    rows = []
    for finding in whole:
        rows.append(["AK3", _tag(finding), str(position), "", _SEGMENT.get(finding.code, "8")])
    if inside:
        rows.append(["AK3", _tag(inside[0]), str(position), "", "8"])
    for finding in inside:
        number, _, component = finding.element.partition(":")
        place = number + (_SEPARATORS.component + component if component and component != "1" else "")
        rows.append(["AK4", place, "", _ELEMENT.get(finding.code, _OTHER_ELEMENT)])
    return rows


def _tag(finding: Finding) -> str:
    return "".join(c for c in finding.segment if c.isascii() and c.isalnum())[:3] or "ZZZ"


def read_997(segments: Sequence[Segment], fields: Fields) -> Control | None:
    """Read an answer to a group of ours, as a `Control` whose actions are those of a CONTRL."""
    named = next((segment for segment in segments if segment.tag == "AK1"), None)
    verdict = next((segment.get(1) for segment in segments if segment.tag == "AK9"), "")
    if named is None or not verdict:
        return None  # the grammar check has reported it
    messages: list[ControlMessage] = []
    for segment in segments:
        if segment.tag == "AK2":
            messages.append(ControlMessage(segment.get(2), segment.get(1), "7"))
        elif segment.tag == "AK5" and messages and segment.get(1) not in ("A", "E"):
            last = messages[-1]
            messages[-1] = ControlMessage(last.reference, last.type, "4", segment.get(2))
    action = "4" if verdict not in ("A", "E", "P") else "7"
    return Control(named.get(2), Party(""), Party(""), action, "", tuple(messages))


def read_ta1(segment: Segment) -> Control:
    """Read an answer to an interchange of ours."""
    action = "4" if segment.get(4) == "R" else "7"
    note = segment.get(5)
    return Control(segment.get(1), Party(""), Party(""), action, "" if note == "000" else note)
