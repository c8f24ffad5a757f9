"""Delimited text: its encoding, its delimiter and its header are found, and every row keeps its line."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from milkrun.engine.tables.faults import Refused, Unreadable
from milkrun.engine.tables.opening import Limits
from milkrun.engine.tables.raw import LINE, SHOWN, Raw, unique_headers, without_blank_rows

if TYPE_CHECKING:
    import polars as pl

DELIMITERS = ",;\t|"
HEAD = 200
# Nobody's cell has so many lines: a quotation mark was opened and never closed.
MOST_LINES_IN_A_CELL = 200
BROKEN = "\ufffd"
MORE = "more"
LONGEST_CELL = 100_000


def read_text(name: str, data: bytes, limits: Limits) -> Raw:
    """Read delimited text.

    Raises:
        Unreadable: it is no table, or has too many rows or columns.
    """
    text, encoding, notes = decode(name, data)
    body = text.removeprefix("\ufeff")
    delimiter, start = _delimiter(body)
    if not delimiter:
        body, delimiter, start = _out_of_one_cell(name, body)
    skipped, header = _header(body, start, delimiter)
    headers, said = unique_headers(name, header.cells, limits.columns)
    frame, refused = _rows(name, body, header, delimiter, len(headers), limits)
    frame, blank = without_blank_rows(frame)
    if skipped:
        notes.append(f"{skipped} lines above the header were passed over.")
    if encoding == "mixed":
        frame, broken = _broken_rows(frame, headers)
        refused = [*refused, *broken]
    how = {"kind": "text", "encoding": encoding, "delimiter": {"\t": "tab"}.get(delimiter, delimiter)}
    return Raw(name, headers, frame, how, (*notes, *said), tuple(refused), blank)


def decode(name: str, data: bytes) -> tuple[str, str, list[str]]:
    """Return the text, its encoding and what must be said about it."""
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(codec, errors="replace"), codec, []
    if b"\0" in data[:4096]:
        return _without_a_mark(name, data)
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        pass
    good, bad = _valid_lines(data)
    if good and bad:
        return data.decode("utf-8", errors="replace"), "mixed", [
            f"Most lines are UTF-8, {bad} are not: those rows are refused."
        ]  # fmt: skip
    try:
        return data.decode("cp1252"), "windows-1252", ["The text is no UTF-8; read as Windows-1252 (assumed)."]
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1", ["The text is no UTF-8; read as Latin-1 (assumed)."]


def _without_a_mark(name: str, data: bytes) -> tuple[str, str, list[str]]:
    for codec, zeros in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[0:400:2])):
        if zeros.count(0) > len(zeros) * 0.8:
            return data.decode(codec, errors="replace"), codec, []
    raise Unreadable("not_a_table", f"{name} is not text; save the table as CSV, XLSX or Parquet.")


def _valid_lines(data: bytes) -> tuple[int, int]:
    good = bad = 0
    for line in re.findall(rb"[^\n]*[\x80-\xff][^\n]*", data):
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad += 1
    return good, bad


def _broken_rows(frame: pl.DataFrame, headers: tuple[str, ...]) -> tuple[pl.DataFrame, list[Refused]]:
    """Set aside the rows in which a text is not in the encoding of the others."""
    import polars as pl

    columns = [str(place) for place in range(len(headers))]
    broken = pl.any_horizontal(pl.col(columns).str.contains(BROKEN, literal=True).fill_null(False))
    refused = []
    for row in frame.filter(broken).iter_rows(named=True):
        place = next(place for place in columns if BROKEN in (row[place] or ""))
        reason = "this text is in another encoding than the rest of the file"
        refused.append(Refused(row[LINE], headers[int(place)], row[place][:SHOWN], reason))
    return frame.filter(~broken), refused


def _delimiter(text: str) -> tuple[str, int]:
    """Return the delimiter, empty where there is none, and where the table starts."""
    said = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    if said:
        return said[1], said.end()
    head = text[: 1 << 18].splitlines()[:HEAD]
    best, found = 0.0, ""
    for delimiter in DELIMITERS:
        counts = Counter(len(row) for row in _cells(head, delimiter) if row)
        width, times = max(counts.items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(1, 0))
        # Many columns on most lines; a comma in a few descriptions is no delimiter.
        mark = times / max(1, sum(counts.values())) + min(width, 50) / 1000 if width > 1 else 0.0
        if mark > best:
            best, found = mark, delimiter
    return found, 0


def _cells(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    """Take lines apart; one that is too long or too odd for quoting is cut at its delimiters."""
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:
        yield from (line.rstrip("\r\n").split(delimiter) for line in lines)


def _out_of_one_cell(name: str, text: str) -> tuple[str, str, int]:
    """Undo what a spreadsheet does to a CSV that was opened wrongly: every line as one quoted cell."""
    try:
        lines = [row[0] if row else "" for row in csv.reader(io.StringIO(text))]
    except csv.Error as error:
        raise Unreadable("not_a_table", f"{name} cannot be taken apart into columns: {error}.") from error
    inner = "\n".join(lines)
    delimiter, start = _delimiter(inner)
    if not delimiter:
        unique_headers(name, [text[:SHOWN]], 2)
    return inner, delimiter, start


class _Header:
    """The header's cells, and where the rows begin: their offset and their line."""

    def __init__(self, cells: list[str], offset: int, line: int) -> None:
        self.cells, self.offset, self.line = cells, offset, line


NUMBERLIKE = re.compile(r"[\s\d.,:/+\-()%€$£T]*\d[\s\d.,:/+\-()%€$£]*$")


def _header(text: str, start: int, delimiter: str) -> tuple[int, _Header]:
    """Find the header among the first lines: as wide as the table, and made of words."""
    lines = text[start : start + (1 << 22)].splitlines(keepends=True)[:HEAD]
    rows = [next(_cells([line], delimiter), []) for line in lines]
    width = Counter(len(row) for row in rows if len(row) > 1).most_common(1)[0][0] if rows else 1
    offset = start
    before = text[:start].count("\n")
    for place, row in enumerate(rows[:20]):
        wordy = sum(bool(cell.strip()) and not NUMBERLIKE.match(cell.strip()) for cell in row)
        if len(row) >= max(2, width * 0.6) and wordy >= max(2, len(row) * 0.6):
            end = offset + len(lines[place])
            return place, _Header(row, end, before + place + 2)
        offset += len(lines[place])
    return 0, _Header([""] * width, start, before + 1)


def _rows(
    name: str, text: str, header: _Header, delimiter: str, width: int, limits: Limits
) -> tuple[pl.DataFrame, list[Refused]]:
    body = text[header.offset :]
    if body.count("\n") > limits.rows:
        raise Unreadable("too_many_rows", f"{name} has more than {limits.rows:,} rows.")
    frame = _fast(body, delimiter, width) if _cleanly_quoted(body, delimiter) else None
    if frame is None:
        return _patient(name, body, delimiter, width, header.line)
    return _with_lines(frame, width, header.line)


def _cleanly_quoted(body: str, delimiter: str) -> bool:
    """Whether every quotation mark opens or closes a cell, or is doubled inside of one."""
    if '"' not in body:
        return True
    sign = re.escape(delimiter)
    cell = rf'(?:[^"{sign}]*|"[^"]*")'
    row = re.compile(rf"{cell}(?:{sign}{cell})*\r?")
    waiting = ""
    for line in body.replace('""', "").split("\n"):
        if waiting or '"' in line:
            waiting = f"{waiting}\n{line}" if waiting else line
            if waiting.count('"') % 2 == 0:
                if not row.fullmatch(waiting):
                    return False
                waiting = ""
            elif len(waiting) > LONGEST_CELL:
                return False
    return not waiting


def _fast(body: str, delimiter: str, width: int) -> pl.DataFrame | None:
    import polars as pl

    names = [*(str(place) for place in range(width)), MORE]
    head = delimiter.join(names) + "\n"
    try:
        return pl.read_csv(
            (head + body).encode(), separator=delimiter, quote_char='"' if '"' in body else None,
            truncate_ragged_lines=True, infer_schema=False,
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return None


def _with_lines(frame: pl.DataFrame, width: int, first: int) -> tuple[pl.DataFrame, list[Refused]]:
    import polars as pl

    columns = [str(place) for place in range(width)]
    breaks = pl.sum_horizontal(pl.col([*columns, MORE]).str.count_matches("\n", literal=True).fill_null(0))
    frame = frame.with_columns((breaks.cum_sum().shift(1, fill_value=0) + pl.int_range(pl.len()) + first).alias(LINE))
    wide = frame.filter(pl.col(MORE).is_not_null())
    kept = frame.filter(pl.col(MORE).is_null()).select([*columns, LINE]) if wide.height else frame.drop(MORE)
    return _trimmed(kept, columns), [_too_wide(row[0], row[1], width) for row in wide.select(LINE, MORE).iter_rows()]


def _too_wide(line: int, value: str, width: int) -> Refused:
    return Refused(int(line), "", value[:SHOWN], f"the row has more cells than the header ({width})")


def _trimmed(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Take the blanks around the texts away; what is empty then is no value."""
    import polars as pl

    text = pl.col(columns).str.strip_chars(" \t\r\n\xa0")
    return frame.with_columns(pl.when(text != "").then(text).name.keep(), pl.col(LINE).cast(pl.Int64))


class Lines(Protocol):
    """What `csv.reader` gives: rows, and the line it has come to."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


def _patient(name: str, body: str, delimiter: str, width: int, first: int) -> tuple[pl.DataFrame, list[Refused]]:
    """Read what is quoted against the rules cell by cell, as spreadsheets do."""
    import polars as pl

    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    rows: list[list[str | None]] = []
    lines: list[int] = []
    refused: list[Refused] = []
    before = 0
    for row in _unbroken(name, reader, first):
        line, span, before = first + before, reader.line_num - before, reader.line_num
        if span > MOST_LINES_IN_A_CELL:
            raise Unreadable("unclosed_quote", f"{name}: line {line} opens a quotation mark that is never closed.")
        if len(row) > width:
            refused.append(_too_wide(line, row[width], width))
        else:
            rows.append([*(cell or None for cell in row), *[None] * (width - len(row))])
            lines.append(line)
    columns = [str(place) for place in range(width)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return _trimmed(frame.with_columns(pl.Series(LINE, lines, dtype=pl.Int64)), columns), refused


def _unbroken(name: str, reader: Lines, first: int) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        line = first + reader.line_num
        raise Unreadable(
            "unclosed_quote", f"{name}: near line {line} the quotation marks do not match: {error}."
        ) from error
