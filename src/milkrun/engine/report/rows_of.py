"""Tables of the page: a column is a key, a title and a unit; columns in which nothing stands are left out."""

from collections.abc import Mapping, Sequence
from typing import Any

from milkrun.engine.report.figure_words import UNKNOWN, amount, number, share, text

MANY = 8
Column = tuple[str, str, str]
"""Key, title, unit: empty for text, n for a number, share, money or days."""


def table(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], caption: str = "") -> str:
    """Return a table that scrolls sideways by itself where it is too wide."""
    used = [column for column in columns if any(row.get(column[0]) not in (None, "") for row in rows)]
    head = "".join(f'<th scope="col"{_right(unit)}>{text(title)}</th>' for _, title, unit in used)
    body = "".join(
        "<tr>" + "".join(f"<td{_right(unit)}>{cell(row.get(key), unit)}</td>" for key, _, unit in used) + "</tr>"
        for row in rows
    )
    said = f"<caption>{text(caption)}</caption>" if caption else ""
    wide = " big" if len(used) > MANY else ""
    inner = f"<table>{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide{wide}" tabindex="0">{inner}</div>'


def _right(unit: str) -> str:
    return ' class="n"' if unit else ""


def cell(value: Any, unit: str) -> str:
    """Return one cell."""
    if value is None or value == "":
        return UNKNOWN if unit else ""
    if not unit:
        return text(value)
    if unit == "share":
        return share(value)
    if unit == "n":
        return number(value, 0 if float(value).is_integer() or abs(value) >= 100 else 2)
    return amount(value, unit)
