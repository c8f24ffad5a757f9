"""Dates as people write them: the order of day and month is found from the column's own values, or asked for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from milkrun.engine.tables.faults import Undecided

if TYPE_CHECKING:
    import polars as pl

ORDERS = ("dmy", "mdy", "ymd")
EARLIEST, LATEST = 1970, 2100
# Days since 1899-12-30, as spreadsheets count.
SERIAL_FROM = date(1899, 12, 30)
CLOCK = r"(?i)(?:[\sT]+\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s*(?:[ap]\.?m\.?)?\s*(?:z|utc|[+-]\d{2}:?\d{2})?)$"
NUMERIC = re.compile(r"(\d{1,4})([-/. ])\s?(\d{1,2})\2\s?(\d{1,4})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
WEEK = re.compile(r"(\d{4})-?[WwKk][Ww]?(\d{1,2})")
SERIAL = re.compile(r"([2-7]\d{4})(?:\.\d+)?")
NAMED = re.compile(r"(?:[^\W\d]{2,10}\.?,\s*)?(\d{1,4})[-/. ]*\s*([^\W\d]{3,10})\.?[-/., ]*\s*(\d{1,4})")
NAMED_FIRST = re.compile(r"(?:[^\W\d]{2,10}\.?,\s*)?([^\W\d]{3,10})\.?[-/ ]*(\d{1,2})(?:st|nd|rd|th)?,?[-/ ]*(\d{2,4})")
NAMED_MONTH = re.compile(r"([^\W\d]{3,10})\.?[-/ ]*(\d{4})")
# The first letters of the months in English, German, French, Spanish, Italian, Dutch, Portuguese and Polish.
NAMES = {
    1: "jan jän jän ene gen sty", 2: "feb fév fev lut", 3: "mar mär mrz maa", 4: "apr avr abr kwi",
    5: "may mai mag mei maj", 6: "jun jui giu cze", 7: "jul juil lug lip", 8: "aug aoû aou ago sie", 9: "sep set wrz",
    10: "oct okt ott out paź paz", 11: "nov lis", 12: "dec dez déc dic gru",
}  # fmt: skip
MONTHS = {name: month for month, names in NAMES.items() for name in names.split()}


def day_part(texts: pl.Series) -> pl.Series:
    """Take the time of day away: the day as it was written counts, in whatever zone it was written."""
    return texts.str.replace(CLOCK, "").str.strip_chars()


def meaning(text: str, order: str | None) -> date | None:
    """Return the day a text means; None where it is no date in this order.

    Args:
        text: a date without its time.
        order: dmy, mdy or ymd for dates of three numbers of which none has four digits in front.

    Example:
        >>> meaning("6/26/11", "mdy"), meaning("2024-W05", None), meaning("12. März 2024", None)
        (datetime.date(2011, 6, 26), datetime.date(2024, 1, 29), datetime.date(2024, 3, 12))
    """
    try:
        found = _meaning(text, order)
    except ValueError:
        return None
    return found if found and EARLIEST <= found.year <= LATEST else None


def _meaning(text: str, order: str | None) -> date | None:
    if seen := NUMERIC.fullmatch(text):
        return _of_numbers((seen[1], seen[3], seen[4]), order)
    if seen := COMPACT.fullmatch(text) or MONTH.fullmatch(text):
        parts = [int(part) for part in seen.groups()]
        return date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
    if seen := WEEK.fullmatch(text):
        return date.fromisocalendar(int(seen[1]), int(seen[2]), 1)
    if seen := SERIAL.fullmatch(text):
        return SERIAL_FROM + timedelta(days=int(seen[1]))
    return _of_names(text)


def _of_numbers(parts: tuple[str, str, str], order: str | None) -> date | None:
    if len(parts[0]) == 4:
        return date(int(parts[0]), int(parts[1]), int(parts[2])) if len(parts[2]) < 3 else None
    if order is None or len(parts[0]) > 2 or len(parts[2]) == 3 or (order == "ymd" and len(parts[2]) > 2):
        return None
    by_letter = dict(zip(order, parts, strict=True))
    return date(_year(by_letter["y"]), int(by_letter["m"]), int(by_letter["d"]))


def _year(text: str) -> int:
    """Two digits mean 1970 to 2069, as POSIX reads them but for a year."""
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 70 else 1900)


def _of_names(text: str) -> date | None:
    if seen := NAMED.fullmatch(text):
        first, name, last = seen.groups()
        day, year = (last, first) if len(first) == 4 else (first, last)
    elif seen := NAMED_FIRST.fullmatch(text):
        name, day, year = seen.groups()
    elif seen := NAMED_MONTH.fullmatch(text):
        name, year, day = seen[1], seen[2], "1"
    else:
        return None
    month = _month(name)
    return date(_year(year), month, int(day)) if month else None


def _month(name: str) -> int | None:
    # juillet begins as juin does, so four letters are looked at first.
    low = name.casefold()
    return MONTHS.get(low[:4]) or MONTHS.get(low[:3])


def date_order(header: str, texts: pl.Series, answered: str | None) -> str | None:
    """Return the order of the numbers in the dates of a column; None where no date depends on it.

    Args:
        header: the column, for the question.
        texts: days without times.
        answered: the order that a person gave; taken as it is.

    Raises:
        Undecided: more than one order fits all dates, or dates of different orders stand in the column.
    """
    if answered:
        return answered
    dependent = [text for text in texts.unique().drop_nulls().sort() if _depends(text)]
    if not dependent:
        return None
    fits = {order: {text for text in dependent if meaning(text, order)} for order in ORDERS}
    most = max(len(fit) for fit in fits.values())
    best = [order for order in ORDERS if len(fits[order]) == most]
    flag = "--date-order " + "|".join(ORDERS)
    if len(best) > 1:
        raise Undecided("which_date_order", _question(header, dependent[0], best), flag)
    others = set().union(*fits.values()) - fits[best[0]]
    if len(others) * 100 > most:
        example = min(others)
        question = (
            f"Column {header!r} mixes dates: {len(others)} like {example!r} do not fit the order of the other {most}."
        )
        raise Undecided("which_date_order", question, flag)
    return best[0]


def _depends(text: str) -> bool:
    seen = NUMERIC.fullmatch(text)
    return bool(seen) and len(seen[1]) < 3  # type: ignore[index]


def _question(header: str, example: str, orders: list[str]) -> str:
    readings = [f"{meaning(example, order)} ({order})" for order in orders]
    return f"Column {header!r}: does {example!r} mean {' or '.join(readings)}? No value of the column decides it."


def parse(texts: pl.Series, order: str | None) -> pl.Series:
    """Return days; null where a text is no date."""
    import polars as pl

    if texts.dtype.is_temporal():
        return texts.cast(pl.Date)
    days = day_part(texts.cast(pl.String))
    different = days.unique().drop_nulls()
    known = {text: meaning(text, order) for text in different}
    table = pl.DataFrame({"raw": list(known), "day": list(known.values())}, schema={"raw": pl.String, "day": pl.Date})
    return pl.DataFrame({"raw": days}).join(table, on="raw", how="left", maintain_order="left")["day"]
