"""Dates and times of EDI messages: what a message wrote, and which instant it means.

A message states a local time in one of a few formats; only some carry a zone. `parse_time` reads what is written,
`resolve` turns it into UTC by the zone of the message or, failing that, the zone of the plant. Midnight may be written
as 24:00. A time that the clock change skips means the next valid instant, one that it repeats means the earlier; both
come with a warning.

Source: UN/EDIFACT data element 2379 codes 102, 203, 204, 303, 304.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from milkrun.edi.messages import EdiTime

# format code -> (number of digits, a zone may follow)
FORMATS: dict[str, tuple[int, bool]] = {
    "102": (8, False),
    "203": (12, False),
    "204": (14, False),
    "303": (12, True),
    "304": (14, True),
}
_TEXT = re.compile(r"([0-9]+)([A-Z]{3,4}|[+-][0-9]{2}(?:[0-9]{2})?)?", re.ASCII)
_LONGEST = 19  # characters: 14 digits and an offset
# Zone words as minutes east of UTC. They are read as the fixed offset they name, summer or winter.
_ZONE_WORDS: dict[str, int] = {
    "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "CET": 60, "MEZ": 60, "CES": 120, "MES": 120, "EET": 120, "EES": 180,
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "JST": 540,
    "CEST": 120, "MESZ": 120, "EEST": 180,
}  # fmt: skip


def parse_time(text: str, format_code: str) -> EdiTime | None:
    """Read a date or time as written.

    Args:
        text: data element 2380, for instance "202611221015".
        format_code: data element 2379, one of `FORMATS`.

    Returns:
        The time, or None where the text is no such date, the hour does not exist or the format is not known.
    """
    return _parsed(text, format_code) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)  # calls of one hour share their times
def _parsed(text: str, format_code: str) -> EdiTime | None:
    digits, zoned = FORMATS.get(format_code, (0, False))
    match = _TEXT.fullmatch(text)
    if not digits or not match or len(match[1]) != digits or (match[2] and not zoned):
        return None
    numbers = match[1]
    clock = numbers[8:].ljust(6, "0")
    midnight = clock == "240000"
    try:
        day = datetime(int(numbers[:4]), int(numbers[4:6]), int(numbers[6:8]))  # noqa: DTZ001 (local by intent)
        hour, minute, second = (0, 0, 0) if midnight else (int(clock[:2]), int(clock[2:4]), int(clock[4:]))
        local = day.replace(hour=hour, minute=minute, second=second) + timedelta(days=midnight)
    except (ValueError, OverflowError):
        return None
    return EdiTime(text, format_code, local, match[2])


def resolve(edi_time: EdiTime, default_zone: ZoneInfo) -> tuple[datetime, str | None]:
    """Find the instant an EDI time means.

    Args:
        edi_time: as read from the message.
        default_zone: zone of the plant, used where the message names none or one we do not know.

    Returns:
        The instant as aware UTC, and a warning sentence where the reading needed a rule, else None.
    """
    if edi_time.zone:
        zone = _fixed_zone(edi_time.zone)
        if zone is None:
            instant, _ = _local_to_utc(edi_time, default_zone)
            return instant, f"Zone {edi_time.zone} is not known; {edi_time.text} was read in {default_zone.key}."
        return _utc(edi_time.local.replace(tzinfo=zone)), None
    return _local_to_utc(edi_time, default_zone)


def _fixed_zone(word: str) -> tzinfo | None:
    if word[0] in "+-":
        minutes = int(word[1:3]) * 60 + int(word[3:] or 0)
        return timezone(timedelta(minutes=-minutes if word[0] == "-" else minutes)) if minutes < 1440 else None
    return timezone(timedelta(minutes=_ZONE_WORDS[word])) if word in _ZONE_WORDS else None


def _local_to_utc(edi_time: EdiTime, zone: ZoneInfo) -> tuple[datetime, str | None]:
    earlier = edi_time.local.replace(tzinfo=zone, fold=0)
    later = earlier.replace(fold=1)
    before, after = earlier.utcoffset(), later.utcoffset()
    if before == after or before is None or after is None:
        return _utc(earlier), None
    if before > after:
        return _utc(earlier), f"{edi_time.text} happens twice in {zone.key} that day; the earlier was taken."
    # The clock jumps over this time. With the offset of before the jump the clock would pass it right after the jump
    # by as much as it lies in the gap; the first valid instant is the jump itself.
    low, high = _utc(later), _utc(earlier)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    instant = high.replace(microsecond=0)
    text = instant.astimezone(zone).strftime("%H:%M")
    return (
        instant,
        f"{edi_time.text} does not exist in {zone.key} (clock change); the next valid time {text} was taken.",
    )


def _utc(moment: datetime) -> datetime:
    """Convert to UTC; at the ends of the calendar stay within it."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)
