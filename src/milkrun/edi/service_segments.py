"""Checks the service segments themselves: what UNB and UNH must say, and that trailers agree with what was read.

Source: ISO 9735 for the segments, data element 0085 for the error numbers.
"""

import re

from milkrun.edi.check import printable
from milkrun.edi.findings import Findings
from milkrun.edi.syntax import Segment

_DATE = re.compile(r"(?:[0-9]{2}|[0-9]{4})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])", re.ASCII)
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-4])[0-5][0-9]", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,10}", re.ASCII)


def check_header(header: Segment, findings: Findings) -> None:
    """Check that the UNB names syntax, parties, time and reference."""
    wanted = {
        (1, 1): "the syntax identifier",
        (1, 2): "the syntax version",
        (2, 1): "the sender",
        (3, 1): "the recipient",
        (4, 1): "the date of preparation",
        (4, 2): "the time of preparation",
        (5, 1): "the control reference",
    }
    for (element, component), name in wanted.items():
        if not header.get(element, component):
            place = str(element) if element == 5 else f"{element}:{component}"
            findings.add("missing_element", "UNB", 1, f"UNB does not give {name}: send it in {place}.", element=place)
    version = header.get(1, 2)
    if version and version not in ("1", "2", "3", "4"):
        text = f'UNB names syntax version "{printable(version)}": send 1, 2, 3 or 4.'
        findings.add("unsupported_syntax_version", "UNB", 1, text, element="1:2")
    date, clock = header.get(4), header.get(4, 2)
    if (date and not _DATE.fullmatch(date)) or (clock and not _CLOCK.fullmatch(clock)):
        text = "UNB holds no valid date and time of preparation: send YYMMDD:HHMM (CCYYMMDD in syntax 4)."
        findings.add("invalid_date", "UNB", 1, text, element="4")
    elif len(date) == 8 and version in ("1", "2", "3"):
        text = f"UNB writes the year with four digits, which belongs to syntax version 4, not {version}: send YYMMDD."
        findings.warn("invalid_date", "UNB", 1, text, element="4:1")
    for element, width in ((2, 35), (3, 35), (5, 14)):
        if len(header.get(element)) > width:
            text = f"UNB element {element} is longer than {width} characters: shorten it."
            findings.add("element_too_long", "UNB", 1, text, element=str(element) if element == 5 else f"{element}:1")


def check_trailer(trailer: Segment, position: int, reference: str, counted: int, what: str, findings: Findings) -> None:
    """Check the count and the reference of UNT, UNE or UNZ against what was read."""
    tag, stated, repeated = trailer.tag, trailer.get(1), trailer.get(2)
    header = {"UNT": "UNH", "UNE": "UNG", "UNZ": "UNB"}[tag]
    if not _DIGITS.fullmatch(stated) or int(stated) != counted:
        said = f"states {printable(stated)}" if stated else "states no number of"
        text = f"{tag} {said} {what}, {counted} were read: correct the count, or send again if something was lost."
        findings.add("count_wrong", tag, position, text, element="1")
    if repeated != reference:
        shown, given = printable(repeated), printable(reference)
        text = f'{tag} repeats the reference "{shown}", but {header} gave "{given}": send the same in both.'
        findings.add("reference_mismatch", tag, position, text, element="2")


def check_identity(header: Segment, position: int, findings: Findings) -> None:
    """A message that cannot be named cannot be rejected by name, so its fault is one of the envelope.

    `position` is that of the UNT in the interchange.
    """
    for element, component, width in ((1, 1, 14), (2, 1, 6), (2, 2, 3), (2, 3, 3), (2, 4, 3)):
        value, place = header.get(element, component), str(element) if element == 1 else f"{element}:{component}"
        if not value:
            text = f"UNH of the message ending in segment {position} lacks component {place}: it is mandatory, send it."
            findings.add("missing_element", "UNH", position, text, element=place)
        elif len(value) > width:
            text = (
                f"UNH of the message ending in segment {position} has more than {width} characters in {place}: shorten."
            )
            findings.add("element_too_long", "UNH", position, text, element=place)
    if {"undecodable", "control_character"} & set(header.flaws):
        text = f"UNH of the message ending in segment {position} holds invalid characters: send it in the declared set."
        findings.add("undecodable", "UNH", position, text)
