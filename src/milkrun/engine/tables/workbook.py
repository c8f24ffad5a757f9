"""Workbooks and Parquet files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from milkrun.engine.tables.csvtext import NUMBERLIKE, read_text
from milkrun.engine.tables.faults import Undecided, Unreadable
from milkrun.engine.tables.opening import Limits
from milkrun.engine.tables.raw import LINE, Raw, unique_headers, without_blank_rows

if TYPE_CHECKING:
    import polars as pl

# A sheet with fewer columns is a note, not a table.
TABLE_WIDTH = 2
EMPTY_ROWS_ABOVE = 30


def read_workbook(name: str, data: bytes, sheet: str | None, limits: Limits) -> Raw:
    """Read one sheet of a workbook.

    Raises:
        Unreadable: the workbook is damaged or holds no table.
        Undecided: several sheets hold a table and none was named.
    """
    import fastexcel

    try:
        book = fastexcel.read_excel(data)
        names = list(book.sheet_names)
        if sheet is not None and sheet not in names:
            raise Unreadable("unknown_sheet", f"{name} has no sheet {sheet!r}; it has {', '.join(map(repr, names))}.")
        wanted = [sheet] if sheet is not None else names
        frames = {
            each: book.load_sheet(each, header_row=None, skip_rows=0, dtypes="string").to_polars() for each in wanted
        }
    except fastexcel.FastExcelError as error:
        raise Unreadable("damaged_file", f"{name} is a damaged workbook.") from error
    tables = {each: frame for each, frame in frames.items() if frame.width and frame.height}
    chosen = _one_sheet(name, tables, sheet)
    if tables[chosen].width == 1:
        return _text_in_cells(name, tables[chosen], chosen, limits)
    return _table(name, tables[chosen], chosen, limits)


def _one_sheet(name: str, tables: dict[str, pl.DataFrame], sheet: str | None) -> str:
    if sheet is not None and sheet in tables:
        return sheet
    wide = [each for each, frame in tables.items() if frame.width >= TABLE_WIDTH and frame.height > 1] or list(tables)
    if not wide:
        raise Unreadable("empty_file", f"{name} holds no table: its sheets are empty.")
    if len(wide) > 1:
        listed = ", ".join(map(repr, wide))
        raise Undecided("which_sheet", f"{name} has tables on the sheets {listed}: which one is meant?", "--sheet NAME")
    return wide[0]


def _text_in_cells(name: str, frame: pl.DataFrame, sheet: str, limits: Limits) -> Raw:
    """Read a sheet whose only column holds lines of a CSV."""
    lines = "\n".join(text or "" for text in frame.to_series(0))
    read = read_text(name, lines.encode(), limits)
    note = "The sheet has the lines of a CSV in its first column; they were taken apart."
    return Raw(name, read.headers, read.frame, {**read.how, "kind": "workbook", "sheet": sheet}, (*read.notes, note),
               read.refused, read.blank)  # fmt: skip


def _table(name: str, frame: pl.DataFrame, sheet: str, limits: Limits) -> Raw:
    import polars as pl

    if frame.height > limits.rows:
        raise Unreadable("too_many_rows", f"{name} has more than {limits.rows:,} rows.")
    place = _header_row(frame)
    cells = [None if cell is None else str(cell) for cell in frame.row(place)]
    while cells and cells[-1] is None and frame.to_series(len(cells) - 1).null_count() == frame.height:
        cells.pop()
    headers, notes = unique_headers(name, cells, limits.columns)
    frame = frame.rename(dict(zip(frame.columns, map(str, range(frame.width)), strict=True)))
    columns = [str(each) for each in range(len(headers))]
    text = pl.col(columns).str.strip_chars(" \t\r\n\xa0")
    body = frame.with_columns((pl.int_range(pl.len()) + 1).cast(pl.Int64).alias(LINE)).slice(place + 1)
    body, blank = without_blank_rows(body.select(pl.when(text != "").then(text).name.keep(), LINE))
    if place:
        notes.append(f"{place} rows above the header were passed over.")
    return Raw(name, headers, body, {"kind": "workbook", "sheet": sheet}, tuple(notes), (), blank)


def _header_row(frame: pl.DataFrame) -> int:
    """Find the first row that is filled and made of words."""
    rows = frame.head(EMPTY_ROWS_ABOVE).rows()
    widest = max((sum(cell is not None for cell in row) for row in rows), default=0)
    for place, row in enumerate(rows):
        words = [cell for cell in row if cell is not None and not NUMBERLIKE.match(str(cell))]
        if len(words) >= max(2, widest * 0.6):
            return place
    return 0


def read_parquet(name: str, data: bytes, limits: Limits) -> Raw:
    """Read a Parquet file; its columns keep their types.

    Raises:
        Unreadable: it is damaged, or has too many rows or columns.
    """
    import polars as pl

    try:
        rows = int(pl.scan_parquet(io.BytesIO(data)).select(pl.len()).collect().item())
        schema = pl.read_parquet_schema(io.BytesIO(data))
        if rows > limits.rows:
            raise Unreadable("too_many_rows", f"{name} has {rows:,} rows; the limit is {limits.rows:,}.")
        headers, notes = unique_headers(name, list(schema), limits.columns)
        nested = [each for each, kind in schema.items() if kind.is_nested() or kind in (pl.Binary, pl.Object)]
        frame = pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError as error:
        raise Unreadable("damaged_file", f"{name} is a damaged Parquet file.") from error
    except pl.exceptions.PanicException as error:
        raise Unreadable("damaged_file", f"{name} is a damaged Parquet file.") from error
    notes += [f"Column {each!r} holds no single values and was left out." for each in nested]
    kept = frame.rename(dict(zip(frame.columns, map(str, range(frame.width)), strict=True)))
    kept = kept.with_columns(pl.lit(None, dtype=pl.String).alias(str(list(schema).index(each))) for each in nested)
    kept = kept.with_columns(pl.col(pl.Categorical, pl.Enum, pl.Boolean, pl.Null).cast(pl.String))
    kept = kept.with_columns((pl.int_range(pl.len()) + 1).cast(pl.Int64).alias(LINE))
    kept, blank = without_blank_rows(kept)
    return Raw(name, headers, kept, {"kind": "parquet"}, tuple(notes), (), blank)
