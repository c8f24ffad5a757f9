"""GS1 element strings as scanners send them: application identifiers with their values.

Understood are the ones a warehouse meets: SSCC (00), GTIN (01), batch (10), production date (11), best before (15),
expiry (17), serial (21), count (37), and the purchase order (400). A symbology prefix (]C1, ]d2, ]Q3) is taken off;
a value of no fixed length ends with the group separator or the text.

Source: GS1 General Specifications, section 3 (application identifiers) and 7.8 (element strings and separators).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from milkrun.measure.identifiers import check_digit

SEPARATOR = "\x1d"
_FIXED = {"00": 18, "01": 14, "02": 14, "11": 6, "13": 6, "15": 6, "17": 6}
_LONGEST = {"10": 20, "21": 20, "37": 8, "400": 30, "240": 30, "241": 30}
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9]")
_BRACKETED = re.compile(r"\((\d{2,4})\)([^(]*)")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan says; a text that is no GS1 element string stands in `text` alone."""

    text: str = ""
    sscc: str = ""
    gtin: str = ""
    lot: str = ""
    serial: str = ""
    count: Decimal | None = None
    made_on: date | None = None
    expires_on: date | None = None
    order: str = ""
    part: str = ""


def read_scan(text: str, *, today: date) -> Scanned:
    """Read a scan, with brackets ("(01)...(10)...") or as the scanner sends it.

    Args:
        text: what was scanned or typed.
        today: dates carry two digits of the year, which are read as the nearest ones.

    Example:
        >>> found = read_scan("(10)L-77(17)270131(37)48", today=date(2026, 11, 22))
        >>> found.lot, found.expires_on.isoformat(), str(found.count)
        ('L-77', '2027-01-31', '48')
        >>> read_scan("FOAM-45", today=date(2026, 11, 22)).text
        'FOAM-45'
    """
    plain = text.strip()
    found = _elements(plain)
    if not found:
        return Scanned(text=plain)
    try:
        return Scanned(
            text=plain,
            sscc=_checked(found.get("00", "")),
            gtin=_checked(found.get("01", "") or found.get("02", "")),
            lot=found.get("10", ""),
            serial=found.get("21", ""),
            count=Decimal(found["37"]) if "37" in found else None,
            made_on=_date(found.get("11", ""), today),
            expires_on=_date(found.get("17", "") or found.get("15", ""), today),
            order=found.get("400", ""),
            part=found.get("241", "") or found.get("240", ""),
        )
    except ValueError:
        return Scanned(text=plain)


def read_sscc(text: str) -> str:
    """Return the SSCC that a scan names, with or without its identifier; another text stands as it is, less spaces.

    Example:
        >>> read_sscc("(00) 3 4012345 0000000017"), read_sscc("]C100340123450000000017"), read_sscc("471")
        ('340123450000000017', '340123450000000017', '471')
    """
    plain = "".join(text.split())
    try:
        return _checked(_elements(plain).get("00", "")) or plain
    except ValueError:
        return plain


def _elements(plain: str) -> dict[str, str]:
    if plain.startswith("("):
        pairs = _BRACKETED.findall(plain)
        whole = "".join(f"({key}){value}" for key, value in pairs) == plain
        known = {key: value.strip() for key, value in pairs if key in _FIXED or key in _LONGEST}
        return known if whole and all(_fits(key, value) for key, value in known.items()) else {}
    marked = bool(_SYMBOLOGY.match(plain)) or SEPARATOR in plain
    body = _SYMBOLOGY.sub("", plain).strip(SEPARATOR)
    found = _unmarked(body)
    # A plain part number may begin like an identifier; only fixed elements with a right check digit tell it apart.
    return found if marked or "00" in found or "01" in found else {}


def _unmarked(body: str) -> dict[str, str]:
    found: dict[str, str] = {}
    rest = body
    while rest:
        key = next((rest[:n] for n in (2, 3) if rest[:n] in _FIXED or rest[:n] in _LONGEST), "")
        if not key:
            return {}
        rest = rest[len(key) :]
        if key in _FIXED:
            value, rest = rest[: _FIXED[key]], rest[_FIXED[key] :].lstrip(SEPARATOR)
        else:
            value, _, rest = rest.partition(SEPARATOR)
        if not _fits(key, value):
            return {}
        found[key] = value
    return found


def _fits(key: str, value: str) -> bool:
    if key in _FIXED:
        return len(value) == _FIXED[key] and value.isascii() and value.isdigit()
    return 0 < len(value) <= _LONGEST[key] and (key != "37" or (value.isascii() and value.isdigit()))


def _checked(code: str) -> str:
    if code and check_digit(code[:-1]) != code[-1]:
        raise ValueError(f"{code} has a wrong check digit.")
    return code


def _date(text: str, today: date) -> date | None:
    """Read YYMMDD; day 00 means the last day of the month.

    Source: GS1 General Specifications, section 7.12 (determination of century in dates).
    """
    if not text:
        return None
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    century = today.year // 100 * 100
    gap = year - today.year % 100
    year += century - (100 if gap >= 51 else 0) + (100 if gap <= -50 else 0)
    if day:
        return date(year, month, day)
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
