"""Quantities, money and instants as people read them: 1,250.5 pcs, 2026-11-21 14:05 CET; in German 1.250,5 and 21.11.

Who writes for a reader says with `speaking` which way; files, the API and whatever is kept stay with the first way.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from milkrun.measure.money import from_minor

UNIT_WORDS = {
    "PCE": "pcs", "PR": "pair", "DZN": "doz", "KGM": "kg", "GRM": "g", "TNE": "t", "LBR": "lb", "MTR": "m",
    "MMT": "mm", "CMT": "cm", "FOT": "ft", "INH": "in", "MTK": "m²", "LTR": "l", "MTQ": "m³",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Style:
    """How a language writes: marks of thousands and decimals, a day, words for units that differ."""

    thousands: str = ","
    decimal: str = "."
    day: str = "%Y-%m-%d"
    units: tuple[tuple[str, str], ...] = ()


NEUTRAL = Style()
STYLES = {"de": Style(".", ",", "%d.%m.%Y", (("PCE", "Stk"), ("PR", "Paar"), ("DZN", "Dtzd")))}
_STYLE: ContextVar[Style] = ContextVar("style", default=NEUTRAL)
_NUMBER = re.compile(r"(?<![\w.,])-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(?![\w.,]\w)")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)( \d\d:\d\d.{0,12})?")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write numbers and days for a reader of a language."""
    before = _STYLE.set(STYLES.get(language.partition("-")[0], NEUTRAL))
    try:
        yield
    finally:
        _STYLE.reset(before)


def style() -> Style:
    """Say how numbers and days are written at this moment."""
    return _STYLE.get()


def marked(text: str) -> str:
    """Give the numbers of a text written the neutral way the marks of the reader's language.

    Example:
        >>> with speaking("de"):
        ...     marked("1,250.5 kg")
        '1.250,5 kg'
    """
    if _STYLE.get() is NEUTRAL:
        return text
    swap = {",": _STYLE.get().thousands, ".": _STYLE.get().decimal}
    number, blank, unit = _NUMBER.sub(lambda found: "".join(swap.get(mark, mark) for mark in found[0]), text).partition(
        " "
    )
    words = {UNIT_WORDS[code]: word for code, word in _STYLE.get().units}
    return number + blank + words.get(unit, unit)


def dated(text: str) -> str:
    """Write a text that is a day or an instant as the reader's language writes days.

    Example:
        >>> with speaking("de"):
        ...     dated("2026-11-21 14:05 CET")
        '21.11.2026 14:05 CET'
    """
    found = None if _STYLE.get() is NEUTRAL else _DAY.fullmatch(text)
    return f"{date.fromisoformat(found[1]):{_STYLE.get().day}}{found[2] or ''}" if found else text


def quantity(value: Decimal | int | None, unit: str = "") -> str:
    """Write a quantity with its unit; an empty text where there is none.

    Example:
        >>> quantity(Decimal("1250.5"), "KGM"), quantity(Decimal(48), "PCE")
        ('1,250.5 kg', '48 pcs')
    """
    if value is None:
        return ""
    return f"{marked(f'{Decimal(value):,f}')} {unit_word(unit)}".strip()


def unit_word(code: str) -> str:
    """Return the short word of a unit (PCE: pcs); its code where there is none."""
    return dict(_STYLE.get().units).get(code, UNIT_WORDS.get(code, code))


def amount(minor: int, currency: str) -> str:
    """Write an amount of money.

    Example:
        >>> amount(125000, "EUR")
        '1,250.00 EUR'
    """
    return f"{marked(f'{from_minor(minor, currency):,f}')} {currency}"


@cache
def zone_of(name: str) -> ZoneInfo:
    """Find a time zone by its name, UTC where nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def moment(at: datetime | None, zone: str) -> str:
    """Write an instant in a zone, with the zone; an empty text where there is none.

    Example:
        >>> from datetime import UTC
        >>> moment(datetime(2026, 11, 21, 13, 5, tzinfo=UTC), "Europe/Berlin")
        '2026-11-21 14:05 CET'
    """
    if at is None:
        return ""
    try:
        there = at.astimezone(zone_of(zone))
    except OverflowError:  # the first or last day of the calendar
        there = at
    return f"{there:{_STYLE.get().day} %H:%M %Z}"


def typed(plain: str) -> str:
    """Write a plain number, such as 2.125, the way a reader types it into a field."""
    return plain.replace(".", _STYLE.get().decimal)


def untyped(text: str) -> str | None:
    """Bring a typed number into the plain way; None where it holds marks of thousands, which may mean a decimal.

    Example:
        >>> untyped("12,5"), untyped("1,250")
        ('12.5', None)
        >>> with speaking("de"):
        ...     untyped("2,125"), untyped("1.250"), untyped("12.5")
        ('2.125', None, '12.5')
    """
    plain = "".join(text.split())
    here = _STYLE.get()
    if re.fullmatch(rf"-?\d{{1,3}}({re.escape(here.thousands)}\d{{3}})+({re.escape(here.decimal)}\d+)?", plain):
        return None
    return plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain


def day(on: date | None) -> str:
    """Write a date; an empty text where there is none."""
    return "" if on is None else f"{on:{_STYLE.get().day}}"
