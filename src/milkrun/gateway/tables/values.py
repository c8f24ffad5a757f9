"""From cells to values: numbers, dates, instants, each by a grammar of its own. What could mean two things is asked.

Python's own conversions take "1_000", "NaN", Arabic digits and more; nothing of the kind gets through here.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

POINT, COMMA, OPEN, MIXED = "point", "comma", "", "mixed"
_NUMBER = {
    POINT: re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII),
    COMMA: re.compile(r"-?[0-9]{1,12}(,[0-9]{1,6})?", re.ASCII),
}
# One mark and three digits after it: "1.234" is a thousand and more, or a little more than one.
_EITHER = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,12}", re.ASCII)
_DATE = re.compile(r"(20|21)\d\d-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"(20|21)\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_YES = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Args:
        name: what the header calls it.
        kind: text, number, date, instant or yes_no.
        required: the header must have it and each cell must say something.
        longest: characters of a text.
    """

    name: str
    kind: str = "text"
    required: bool = False
    longest: int = 40


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one cell."""

    column: str
    code: str
    text: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its values by column; a column that is empty or missing is not among them."""

    line: int
    cells: tuple[str, ...]
    values: dict[str, Any]
    troubles: tuple[Trouble, ...] = field(default=())


def decimal_mark(texts: Iterable[str]) -> str:
    """Infer a column's decimal mark from its cells; open where none shows it beyond doubt, mixed where they disagree.

    Example:
        >>> decimal_mark(["1.5", "1.234"]), decimal_mark(["1,5"]), decimal_mark(["1.234"]), decimal_mark(["1.5", "1,5"])
        ('point', 'comma', '', 'mixed')
    """
    shown = set()
    for text in texts:
        for mark, grammar in _NUMBER.items():
            if grammar.fullmatch(text) and not _WHOLE.fullmatch(text) and not _EITHER.fullmatch(text):
                shown.add(mark)
    if len(shown) > 1:
        return MIXED
    return shown.pop() if shown else OPEN


def number(text: str, mark: str) -> Decimal:
    """Read a number.

    Args:
        text: digits with at most one decimal mark and six decimals.
        mark: "point", "comma", "" where only what means one thing alone is taken, "mixed" where only whole numbers are.

    Raises:
        ValueError: the sentence says what is wrong.
    """
    if _WHOLE.fullmatch(text):
        return Decimal(text)
    if mark == MIXED:
        raise ValueError(
            _("“{text}”: this column has points and commas as decimal marks. Use one of them.").format(text=text[:40])
        )
    if not mark and _EITHER.fullmatch(text):
        raise ValueError(
            _("“{text}” can mean two numbers. Say whether the decimal mark is a point or a comma.").format(text=text)
        )
    fitting = [one for one in ([mark] if mark else [POINT, COMMA]) if _NUMBER[one].fullmatch(text)]
    if not fitting:
        how = {POINT: "1234.5", COMMA: "1234,5", OPEN: "1234.5"}[mark]
        raise ValueError(
            _(
                "“{text}” is no number here. Write it like {how}, without separators of thousands, with "
                "at most 6 decimals."
            ).format(text=text[:40], how=how)
        )
    return Decimal(text.replace(",", "."))


def instant(text: str, zone: str) -> datetime:
    """Read an instant: with an offset, or as local time of a zone where that means exactly one instant.

    Raises:
        ValueError: the sentence says what is wrong, with the two choices where there are two.
    """
    if not _INSTANT.fullmatch(text):
        raise ValueError(
            _("“{text}” is no time. Write it like 2026-11-22T06:30 or 2026-11-22T06:30+01:00.").format(text=text[:40])
        )
    found = datetime.fromisoformat(text.replace(" ", "T"))
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    early, late = (found.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    if early.astimezone(UTC).astimezone(early.tzinfo).replace(tzinfo=None) != found:
        raise ValueError(
            _("“{text}” did not exist in {zone}: the clocks went forward. Write it with its offset.").format(
                text=text, zone=zone
            )
        )
    if early.utcoffset() != late.utcoffset():
        both = " or ".join(one.isoformat() for one in (early, late))
        raise ValueError(
            _("“{text}” came twice in {zone}: the clocks went back. Write {both}.").format(
                text=text, zone=zone, both=both
            )
        )
    return early.astimezone(UTC)


def typed(
    cells: Sequence[str], names: Sequence[str], columns: dict[str, Column], marks: dict[str, str], zone: str
) -> tuple[dict[str, Any], list[Trouble]]:
    """Turn the cells of a row into values; lists everything that is wrong with it."""
    values: dict[str, Any] = {}
    troubles: list[Trouble] = []
    for name, cell in zip(names, cells, strict=False):
        column = columns.get(name)
        if column is None or not cell:
            continue
        try:
            values[name] = _value(cell, column, marks.get(name, OPEN), zone)
        except ValueError as wrong:
            troubles.append(Trouble(name, f"no_{column.kind}", str(wrong), cell[:80]))
    for name, column in columns.items():
        if column.required and name not in values and not any(trouble.column == name for trouble in troubles):
            troubles.append(Trouble(name, "missing", _("The column {name} is empty.").format(name=name)))
    return values, troubles


def _value(cell: str, column: Column, mark: str, zone: str) -> Any:
    if column.kind == "number":
        return number(cell, mark)
    if column.kind == "instant":
        return instant(cell, zone)
    if column.kind == "date":
        return _date(cell)
    if column.kind == "yes_no":
        if cell.lower() not in _YES:
            raise ValueError(_("“{cell}” is neither yes nor no.").format(cell=cell[:40]))
        return _YES[cell.lower()]
    if any(not character.isprintable() and character != "\u00a0" for character in cell):
        raise ValueError(_("The text holds characters that cannot be printed."))
    if len(cell) > column.longest:
        raise ValueError(
            _("At most {longest} characters are kept here; this text has {n}.").format(
                longest=column.longest, n=len(cell)
            )
        )
    return cell


def _date(cell: str) -> date:
    try:
        if _DATE.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise ValueError(_("“{cell}” is no day. Write it like 2026-11-22.").format(cell=cell[:40]))
