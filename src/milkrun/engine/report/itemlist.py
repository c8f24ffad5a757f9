"""The items as CSV. A text that a spreadsheet would take for a formula is disarmed; numbers are left alone."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from milkrun.engine.analysis.rows import COLUMNS

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def items_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the items as CSV with CRLF and a header, UTF-8 when written.

    Example:
        >>> row = dict.fromkeys(COLUMNS, "") | {"item": "=1+1", "score": -2.5}
        >>> items_csv([row]).splitlines()[1][:12]
        "'=1+1,,,,,-2"
    """
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows([disarmed(row[name]) for name in COLUMNS] for row in rows)
    return written.getvalue()


def disarmed(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would take for a formula; numbers are left alone."""
    if isinstance(value, str) and value.startswith(STARTS_A_FORMULA):
        return f"'{value}"
    return value
