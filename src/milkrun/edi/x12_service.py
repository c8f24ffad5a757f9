"""Checks the X12 envelopes themselves: what ISA, GS and ST must say, and that trailers agree with what was read.

Source: ASC X12.5 and X12.6.
"""

import re

from milkrun.edi.check import check_elements, number_pattern, printable
from milkrun.edi.findings import Findings
from milkrun.edi.grammars import X12_SETS, X12_VERSIONS, segment_formats
from milkrun.edi.syntax import Segment

_DATE = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])", re.ASCII)
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-4])[0-5][0-9]", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,10}", re.ASCII)
_VERSION = re.compile(r"[0-9]{5}", re.ASCII)
_WANTED = {
    5: "the qualifier of the sender",
    6: "the sender",
    7: "the qualifier of the recipient",
    8: "the recipient",
    9: "the date",
    10: "the time",
    12: "the version",
    13: "the control number",
}
_WIDEST = {5: 2, 6: 15, 7: 2, 8: 15, 13: 9}


def check_interchange(header: Segment, findings: Findings) -> None:
    """Check that the ISA names parties, time, version and control number."""
    for element, name in _WANTED.items():
        if not header.get(element):
            text = f"ISA does not give {name}: send it in element {element}."
            findings.add("missing_element", "ISA", 1, text, element=str(element))
    for element, width in _WIDEST.items():
        if len(header.get(element)) > width:
            text = f"ISA element {element} is longer than {width} characters: shorten it."
            findings.add("element_too_long", "ISA", 1, text, element=str(element))
    for element, pattern in ((9, _DATE), (10, _CLOCK)):
        if header.get(element) and not pattern.fullmatch(header.get(element)):
            text = "ISA holds no valid date and time: send YYMMDD in element 9 and HHMM in element 10."
            findings.add("invalid_date", "ISA", 1, text, element=str(element))
    if header.get(12) and not _VERSION.fullmatch(header.get(12)):
        text = f'ISA names version "{printable(header.get(12))}": send five digits, for instance 00401.'
        findings.add("unsupported_syntax_version", "ISA", 1, text, element="12")
    if header.get(13) and not _DIGITS.fullmatch(header.get(13)):
        findings.add(
            "not_a_number", "ISA", 1, "ISA element 13 (control number) is not a number: send digits.", element="13"
        )


def check_group(header: Segment, position: int, findings: Findings) -> None:
    """Check that the GS has all its elements and names a version that is read."""
    check_elements(header, segment_formats("segments_x12"), number_pattern("."), position, findings)
    version = header.get(8)
    if version and not X12_VERSIONS.match(version):
        text = f'GS names version "{printable(version)}", which is not read: send 002001 to 005010.'
        findings.add("unsupported_version", "GS", position, text, element="8")


def check_set_header(header: Segment, group: Segment, references: set[str], findings: Findings) -> None:
    """Check that a set stands in a group of its kind, under a control number that the group has not had."""
    reference, kind = header.get(2), header.get(1)
    if reference and reference in references:
        text = f"ST repeats the control number {printable(reference)}: give each set of a group its own."
        findings.add("duplicate_reference", "ST", 1, text, element="2")
    references.add(reference)
    wanted = X12_SETS[kind][2] if kind in X12_SETS else ""
    if wanted and group.get(1) and group.get(1) != wanted:
        text = f"GS announces a group {printable(group.get(1))}, but set {kind} belongs into {wanted}: send it in one."
        findings.warn("wrong_group", "ST", 1, text, element="1")


def check_x12_trailer(
    trailer: Segment, position: int, control: str, counted: int, what: str, findings: Findings
) -> None:
    """Check the count and the control number of SE, GE or IEA against what was read."""
    tag, stated, repeated = trailer.tag, trailer.get(1), trailer.get(2)
    header = {"SE": "ST", "GE": "GS", "IEA": "ISA"}[tag]
    if not _DIGITS.fullmatch(stated) or int(stated) != counted:
        said = f"states {printable(stated)}" if stated else "states no number of"
        text = f"{tag} {said} {what}, {counted} were read: correct the count, or send again if something was lost."
        findings.add("count_wrong", tag, position, text, element="1")
    if not _same_number(repeated, control, exact=tag == "SE"):
        shown, given = printable(repeated), printable(control)
        text = f'{tag} repeats the control number "{shown}", but {header} gave "{given}": send the same in both.'
        findings.add("reference_mismatch", tag, position, text, element="2")


def _same_number(one: str, other: str, *, exact: bool) -> bool:
    """Tell whether two control numbers are the same; those that are numbers may differ in leading zeros."""
    if one == other or exact:
        return one == other
    return bool(_DIGITS.fullmatch(one) and _DIGITS.fullmatch(other)) and int(one) == int(other)
