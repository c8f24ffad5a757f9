"""Quantities, money and instants as people read them, the same in every language: 1,250.5 pcs, 2026-11-21 14:05 CET."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from milkrun.measure.money import from_minor

UNIT_WORDS = {
    "PCE": "pcs", "PR": "pair", "DZN": "doz", "KGM": "kg", "GRM": "g", "TNE": "t", "LBR": "lb", "MTR": "m",
    "MMT": "mm", "CMT": "cm", "FOT": "ft", "INH": "in", "MTK": "m²", "LTR": "l", "MTQ": "m³",
}  # fmt: skip


def quantity(value: Decimal | int | None, unit: str = "") -> str:
    """Write a quantity with its unit; an empty text where there is none.

    Example:
        >>> quantity(Decimal("1250.5"), "KGM"), quantity(Decimal(48), "PCE")
        ('1,250.5 kg', '48 pcs')
    """
    if value is None:
        return ""
    number = f"{Decimal(value):,f}"
    return f"{number} {UNIT_WORDS.get(unit, unit)}".strip()


def amount(minor: int, currency: str) -> str:
    """Write an amount of money.

    Example:
        >>> amount(125000, "EUR")
        '1,250.00 EUR'
    """
    return f"{from_minor(minor, currency):,f} {currency}"


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
    return "" if at is None else f"{at.astimezone(zone_of(zone)):%Y-%m-%d %H:%M %Z}"


def day(on: date | None) -> str:
    """Write a date; an empty text where there is none."""
    return "" if on is None else on.isoformat()
