"""From a file's bytes to rows of text: character set, separator, header. Nothing is guessed that could be wrong.

The character set is the one the file names by its byte order mark, else the one the sender agreed on, else UTF-8, and
always strict: a byte that does not fit is said with its place and nothing is dropped.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from milkrun.connections.errors import TableRefused

LARGEST = 64 * 1024 * 1024
MOST_ROWS = 500_000
LONGEST_CELL = 4_000
SEPARATORS = (";", ",", "\t", "|")
ENCODINGS = ("utf-8", "windows-1252", "iso-8859-15")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the sender said about the file; empty texts leave it to the file itself.

    Args:
        encoding: one of ENCODINGS.
        decimal: "point" or "comma".
    """

    encoding: str = ""
    decimal: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it came: the line of the file it begins in, and its cells without blanks around them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's header and rows, and how it was read."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str
    separator: str
    doubts: tuple[str, ...] = field(default=())


def read_table(data: bytes, told: Told, columns: Sequence[str]) -> Table:
    """Read a table.

    Args:
        data: the file.
        told: what the sender said about it.
        columns: names that the header may have, to find the separator by.

    Raises:
        TableRefused: the file is too large, empty, not in its character set, or broken as a table.
    """
    if len(data) > LARGEST:
        raise TableRefused(_("The file is larger than 64 MB. Send it in parts."))
    text, encoding = _decoded(data, told)
    if not text.strip():
        raise TableRefused(_("The file is empty. Its first line names the columns."))
    separator, text = _separator(text, columns)
    lines = _lines(text, separator)
    header = next(lines)
    rows = tuple(line for line in lines if any(line.cells))
    if len(rows) > MOST_ROWS:
        raise TableRefused(
            _("The file has {n} rows. Send at most {most_rows} at once.").format(n=len(rows), most_rows=MOST_ROWS)
        )
    doubts: tuple[str, ...] = ()
    if any(mark in text for mark in ("Ã¤", "Ã¶", "Ã¼", "ÃŸ", "Ã©", "â‚¬")):
        doubts = (_("The text looks as if it had been converted to UTF-8 twice. Look at its umlauts."),)
    return Table(header.cells, rows, encoding, separator, doubts)


def _decoded(data: bytes, told: Told) -> tuple[str, str]:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), told.encoding or "utf-8")
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as wrong:
        at = wrong.start if isinstance(wrong, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, at) + 1
        raise TableRefused(
            _(
                "The file is not {encoding}: byte {at}, in line {line}, does not fit. Save it as UTF-8, "
                "or say which character set it has."
            ).format(encoding=encoding.upper().removesuffix("-SIG"), at=at + 1, line=line),
            line=line,
        ) from wrong
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise TableRefused(
            _("Line {line} holds a NUL character: this is no table, or one in UTF-16 without its mark.").format(
                line=line
            )
        )
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff")), encoding.removesuffix("-sig")


def _separator(text: str, columns: Sequence[str]) -> tuple[str, str]:
    """Find the separator: what Excel's first line says, else the one that splits the header into known names."""
    first, __, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], "\n" + rest
    known = {name_key(name) for name in columns}
    header = next((line for line in text.split("\n") if line.strip()), "")
    fitting = {
        separator: sum(name_key(cell.strip().strip('"')) in known for cell in header.split(separator))
        for separator in SEPARATORS
    }
    best = max(SEPARATORS, key=lambda separator: fitting[separator])
    if not fitting[best]:
        raise TableRefused(
            _("The first line names no column that is known here. Columns: {columns}.").format(
                columns=", ".join(columns)
            ),
            columns=list(columns),
        )
    return best, text


def name_key(name: str) -> str:
    """Bring a column's name into the form that is compared.

    Example:
        >>> name_key(" Base Unit "), name_key("base-unit")
        ('base_unit', 'base_unit')
    """
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def _lines(text: str, separator: str) -> Iterator[Line]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    began = 0
    try:
        for cells in reader:
            if cells:
                yield Line(began + 1, tuple(cell.strip(" \u00a0") for cell in cells))
            began = reader.line_num
    except csv.Error as wrong:
        raise TableRefused(
            _("Line {began} cannot be read as a row: {wrong}. Look for a quotation mark that is not closed.").format(
                began=began + 1, wrong=wrong
            ),
            line=began + 1,
        ) from wrong
