"""Dates and times of X12 sets: a date and a time in two elements, local to the plant, without a zone.

Two digits of a year mean 1980 to 2079. Midnight may be written as 2400.

Source: ASC X12 data elements 373 (date) and 337 (time).
"""

from milkrun.edi.check import printable
from milkrun.edi.fields import Fields
from milkrun.edi.messages import EdiTime
from milkrun.edi.times import parse_time

_PIVOT = "80"
_FORMATS = {8: "102", 12: "203", 14: "204"}


def time_of(fields: Fields, date_at: int, time_at: int = 0, *, day: EdiTime | None = None) -> EdiTime | None:
    """Read a date and, where it is there, a time of the segment at hand, or report and return None.

    Args:
        fields: the segment at hand.
        date_at: the element that holds the date; 0 where the date is that of `day`.
        time_at: the element that holds the time; 0 where there is none.
        day: a time read before, whose date is meant.
    """
    if date_at:
        date = fields.segment.get(date_at).strip()
        date = ("19" if date >= _PIVOT else "20") + date if len(date) == 6 else date
    else:
        date = f"{day.local:%Y%m%d}" if day else ""
    if not date:
        return None
    clock = fields.segment.get(time_at).strip() if time_at else ""
    clock = clock[:6]  # hundredths of a second change no call
    time = parse_time(date + clock, _FORMATS.get(len(date) + len(clock), "")) if len(date) == 8 else None
    if time is None:
        fields.time_faulted = True
        shown = printable(f"{date} {clock}".strip())
        element = str(date_at or time_at)
        fields.error(
            "invalid_date", f'holds "{shown}", which is no date and time; send CCYYMMDD and HHMM', element=element
        )
    return time
