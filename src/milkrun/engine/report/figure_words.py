"""Numbers as people read them. One place decides how many digits a unit has."""

from html import escape
from typing import Any

UNKNOWN = "–"


def number(value: float | None, digits: int = 0) -> str:
    """Return a number with groups of thousands.

    Example:
        >>> number(1234567.8), number(0.25, 2), number(None)
        ('1,234,568', '0.25', '–')
    """
    return UNKNOWN if value is None else f"{value:,.{digits}f}"


def share(value: float | None) -> str:
    """Return a share in percent.

    Example:
        >>> share(0.12345), share(None)
        ('12.3 %', '–')
    """
    return UNKNOWN if value is None else f"{value * 100:,.1f} %"


def amount(value: float | None, unit: str) -> str:
    """Return a value in its unit, with as many digits as tell something.

    Example:
        >>> amount(0.9384, "share"), amount(4.2, "turns"), amount(1800000, "money"), amount(12.34, "days")
        ('93.8 %', '4.20 turns', '1,800,000', '12.3 days')
    """
    if value is None:
        return UNKNOWN
    if unit == "share":
        return share(value)
    if unit.startswith("money"):
        rest = unit.removeprefix("money")
        return f"{number(value, 0 if abs(value) >= 100 else 2)}{rest}"
    if unit in ("turns", "ratio"):
        return f"{number(value, 2)} {unit}".replace(" ratio", "")
    whole = float(value).is_integer() or abs(value) >= 1000
    return f"{number(value, 0 if whole else 1 if abs(value) >= 10 else 2)} {unit}".strip()


def text(value: Any) -> str:
    """Return anything safe for a page."""
    return escape("" if value is None else str(value))


def plural(count: int, one: str, many: str) -> str:
    """Return a count with its word.

    Example:
        >>> plural(1, "row", "rows"), plural(2500, "row", "rows")
        ('1 row', '2,500 rows')
    """
    return f"{count:,} {one if count == 1 else many}"
