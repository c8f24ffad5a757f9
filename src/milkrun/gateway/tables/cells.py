"""Cells that go out: a text that a spreadsheet would take for a formula gets an apostrophe in front."""

import unicodedata

_DANGEROUS = "=+-@\t\r\n"


def safe_cell(value: object) -> object:
    """Keep a text from being taken for a formula by a spreadsheet; a number stays a number.

    Example:
        >>> safe_cell("=1+1"), safe_cell(" @SUM(A1)"), safe_cell(-5), safe_cell("-5.25"), safe_cell("5N0 881 105 A")
        ("'=1+1", "' @SUM(A1)", -5, '-5.25', '5N0 881 105 A')
    """
    if not isinstance(value, str) or _is_number(value):
        return value
    # Full-width forms become plain ones; marks and blanks in front do not hide what follows.
    start = unicodedata.normalize("NFKC", value).lstrip(" \u00a0\ufeff\u200b\u200e\u200f")
    return f"'{value}" if start[:1] and start[0] in _DANGEROUS else value


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
