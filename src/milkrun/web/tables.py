"""Tables that are shown on a page and downloaded as CSV from the same cells."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse

from milkrun.web.words import Word


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, the page it leads to, a tone where it warns; `plain` is what a file says instead."""

    text: str
    url: str = ""
    tone: str = ""
    plain: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, and whether it holds numbers."""

    title: Word
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of cells."""

    columns: Sequence[Column]
    rows: list[list[Cell]] = field(default_factory=list)

    @property
    def cells(self) -> list[list[tuple[Column, Cell]]]:
        """Pair each cell with its column."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def cell(value: object, **other: str) -> Cell:
    """Make a cell of any value; None is empty."""
    return Cell("" if value is None else str(value), **other)


def download(table: Table, name: str) -> HttpResponse:
    """Answer with a table as CSV, with a mark that spreadsheets know UTF-8 by."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([str(column.title) for column in table.columns])
    writer.writerows(_plain(row) for row in table.rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _plain(row: Iterable[Cell]) -> list[str]:
    return [harmless(one.plain or one.text) for one in row]


def harmless(text: str) -> str:
    """Keep a spreadsheet from taking text for a formula: such text gets an apostrophe before it."""
    number = text.replace(".", "", 1).removeprefix("-").isdigit()
    return text if number else "'" + text if text[:1] in "=+-@\t\r\n" and text else text
