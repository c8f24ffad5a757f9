"""Reads numbers and times out of the segment at hand and reports what cannot be read.

The readers of the single messages walk the segments and keep `position` and `segment` set to the one they look at.
"""

from decimal import Decimal
from zoneinfo import ZoneInfo

from milkrun.edi.check import number_pattern, printable
from milkrun.edi.findings import Findings
from milkrun.edi.messages import EdiTime
from milkrun.edi.syntax import Segment
from milkrun.edi.times import FORMATS, parse_time

_WHOLE_DIGITS, _DECIMALS = 12, 6  # what a quantity or an amount may have


class Fields:
    """The segment being read, and where findings about it go."""

    def __init__(self, findings: Findings, decimal_mark: str, zone: ZoneInfo) -> None:
        self.findings = findings
        self.decimal_mark = decimal_mark
        self.zone = zone
        self.position = 0
        self.segment = Segment("", [[""]])
        self.time_faulted = False
        self._pattern = number_pattern(decimal_mark)

    def error(self, code: str, text: str, *, element: str = "") -> None:
        """Report an error on the segment at hand; `text` goes on from "Segment n (TAG) ..."."""
        tag = self.segment.tag
        self.findings.add(code, tag, self.position, f"Segment {self.position} ({tag}) {text}.", element=element)

    def at(self, code: str, tag: str, position: int, text: str, *, element: str = "") -> None:
        """Report an error at a place; `text` is the sentence without its full stop."""
        self.findings.add(code, tag, position, f"{text}.", element=element)

    def warn_at(self, code: str, tag: str, position: int, text: str, *, element: str = "") -> None:
        """Report a warning at a place; `text` is the sentence without its full stop."""
        self.findings.warn(code, tag, position, f"{text}.", element=element)

    def number(self, element: int, component: int, *, missing: str = "missing_element") -> Decimal | None:
        """Read a number of the segment at hand exactly, or report and return None."""
        text, place = self.segment.get(element, component), f"{element}:{component}"
        if not text:
            self.error(missing, "carries no number; send it", element=place)
            return None
        if not self._pattern.fullmatch(text):
            shown = printable(text)
            self.error("not_a_number", f'holds "{shown}" where a number belongs; send digits only', element=place)
            return None
        whole, _, decimals = text.lstrip("-").partition(self.decimal_mark)
        if len(whole) > _WHOLE_DIGITS or len(decimals) > _DECIMALS:
            text = f"holds a number with more than {_WHOLE_DIGITS} digits or {_DECIMALS} decimals; shorten it"
            self.error("invalid_value", text, element=place)
            return None
        return Decimal(text.replace(self.decimal_mark, "."))

    def time(self) -> EdiTime | None:
        """Read the date or time of the DTM at hand, or report and return None."""
        text, format_code = self.segment.get(1, 2), self.segment.get(1, 3)
        time = parse_time(text, format_code)
        if time is None:
            self.time_faulted = True
            if format_code not in FORMATS:
                known = ", ".join(FORMATS)
                shown = printable(format_code)
                said = f'states its date in format "{shown}"; send one of {known}'
                self.error("unsupported_date_format", said, element="1:3")
            else:
                said = f'holds "{printable(text)}", which is no date of format {format_code}; correct it'
                self.error("invalid_date", said, element="1:2")
        return time
