"""From a file to a typed table: every row is used, excluded by a named rule, or refused with its line and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from milkrun.engine.tables import dates, numbers
from milkrun.engine.tables.answers import Answers
from milkrun.engine.tables.content import Content, look
from milkrun.engine.tables.csvtext import read_text
from milkrun.engine.tables.faults import Refused
from milkrun.engine.tables.fields import FIELDS
from milkrun.engine.tables.mapping import ColumnMap, map_columns
from milkrun.engine.tables.opening import Limits, Source, unpack
from milkrun.engine.tables.raw import LINE, SHOWN, Raw
from milkrun.engine.tables.workbook import read_parquet, read_workbook

if TYPE_CHECKING:
    import polars as pl

# A text without a digit that stands so often in a column of dates or numbers is somebody's word for "no value".
SENTINEL_FROM = 3
NO_ANSWERS = Answers()
USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was taken in.

    Args:
        name: the file.
        mapping: what it holds and what each column is.
        frame: typed columns named by field, and `line`.
        refused: every value that refused its row.
        read: rows that held something.
        how: how the file was read, with the order of dates and the decimal sign of each column.
        empty: rows without the number they are about: nothing was recorded, which is not zero.
        notes: what was noticed on the way.
        samples: the first rows as texts, for a person to check.
        contents: what each column is like.
    """

    name: str
    mapping: ColumnMap
    frame: pl.DataFrame
    refused: tuple[Refused, ...]
    read: int
    how: dict[str, str]
    orders: dict[str, str]
    decimals: dict[str, str]
    empty: int
    notes: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    contents: dict[str, Content]
    headers: tuple[str, ...]


def read_raw(source: Source, answers: Answers, limits: Limits) -> Raw:
    """Read a file without asking what its columns mean."""
    kind, data = unpack(source.name, source.read(limits), limits)
    if kind == "workbook":
        return read_workbook(source.name, data, answers.sheet, limits)
    return read_parquet(source.name, data, limits) if kind == "parquet" else read_text(source.name, data, limits)


def take_in(source: Source, answers: Answers = NO_ANSWERS, limits: Limits = USUAL) -> Table:
    """Read a file, find what its columns are, and turn its texts into dates and numbers.

    Raises:
        Unreadable: it gives no table.
        Undecided: it can be read in more than one way.
    """
    raw = read_raw(source, answers, limits)
    contents = {header: look(raw.frame[str(place)]) for place, header in enumerate(raw.headers)}
    mapping = map_columns(raw.name, raw.headers, contents, answers)
    return _typed(raw, mapping, contents, answers)


def _typed(raw: Raw, mapping: ColumnMap, contents: dict[str, Content], answers: Answers) -> Table:
    import polars as pl

    reading = _Reading(raw, answers, mapping.kind.needs)
    columns = [reading.column(field, header) for field, header in mapping.columns.items()]
    frame = pl.DataFrame([raw.frame[LINE], *columns])
    bad = {refused.line for refused in reading.refused}
    empty = reading.empty - bad
    kept = frame.filter(~pl.col(LINE).is_in(sorted(bad | empty))) if bad or empty else frame
    return Table(
        raw.name, mapping, kept, tuple(sorted([*raw.refused, *reading.refused])), raw.rows, raw.how, reading.orders,
        reading.decimals, len(empty), (*raw.notes, *reading.notes), _samples(raw), contents, raw.headers,
    )  # fmt: skip


def _samples(raw: Raw) -> tuple[tuple[str, ...], ...]:
    rows = raw.frame.head(20).drop(LINE).rows()
    return tuple(tuple("" if cell is None else str(cell)[:SHOWN] for cell in row) for row in rows)


class _Reading:
    """Turns the columns of one file into types and collects what does not fit."""

    def __init__(self, raw: Raw, answers: Answers, needed: Sequence[str]) -> None:
        self.raw, self.answers, self.needed = raw, answers, needed
        self.refused: list[Refused] = []
        self.orders: dict[str, str] = {}
        self.decimals: dict[str, str] = {}
        self.notes: list[str] = []
        self.empty: set[int] = set()

    def column(self, field: str, header: str) -> pl.Series:
        """Return one column typed by its field."""
        import polars as pl

        texts = self.raw.frame[str(self.raw.headers.index(header))]
        holds = FIELDS[field].holds
        if holds in ("key", "text"):
            values = texts.cast(pl.String)
            missing = values.is_null()
        else:
            texts, missing = self._without_sentinels(header, texts)
            values = self._dates(header, texts) if holds == "date" else self._numbers(header, texts, holds)
            self._refuse(header, texts, values.is_null() & ~missing, f"is no {'date' if holds == 'date' else 'number'}")
        if field in self.needed and holds in ("number", "count"):
            self.empty |= set(self.raw.frame[LINE].filter(missing))
        elif field in self.needed:
            self._refuse(header, texts, missing, f"{field} is missing")
        return values.alias(field)

    def _without_sentinels(self, header: str, texts: pl.Series) -> tuple[pl.Series, pl.Series]:
        """Take words that stand for "no value" as no value, and say so."""
        import polars as pl

        if texts.dtype != pl.String:
            return texts, texts.is_null()
        wordy = texts.filter(~texts.str.contains(r"\d").fill_null(True))
        counts = wordy.value_counts(sort=True).rows()
        said = {word for word, times in counts if times >= SENTINEL_FROM and not _infinite(word)}
        said |= {word for word, _ in counts if word.casefold() in numbers.NOTHING}
        for word, times in sorted(counts):
            if word in said:
                self.notes.append(f"{times} times {word[:SHOWN]!r} in column {header!r} was read as no value.")
        plain = texts.set(texts.is_in(sorted(said)), None) if said else texts
        return plain, plain.is_null()

    def _dates(self, header: str, texts: pl.Series) -> pl.Series:
        if texts.dtype.is_temporal():
            return dates.parse(texts, None)
        days = dates.day_part(texts.cast(str) if texts.dtype.is_numeric() else texts)
        order = dates.date_order(header, days, self.answers.order_of(header))
        if order:
            self.orders[header] = order
        return dates.parse(days, order)

    def _numbers(self, header: str, texts: pl.Series, holds: str) -> pl.Series:
        import polars as pl

        sign = "point"
        if texts.dtype == pl.String:
            sign = numbers.decimal_sign(header, texts.drop_nulls(), self.answers.decimal_of(header))
            self.decimals[header] = sign
        values = numbers.parse(texts, sign)
        self._refuse(header, texts, ~values.is_finite().fill_null(True), "is no finite number")
        if holds == "count":
            self._refuse(header, texts, (values < 0).fill_null(False), "is below zero")
        return values

    def _refuse(self, header: str, texts: pl.Series, where: pl.Series, reason: str) -> None:
        if not where.any():
            return
        lines = self.raw.frame[LINE].filter(where)
        for line, value in zip(lines, texts.filter(where), strict=True):
            self.refused.append(Refused(int(line), header, "" if value is None else str(value)[:SHOWN], reason))


def _infinite(word: str) -> bool:
    return word.casefold().strip("+-") in ("nan", "inf", "infinity")
