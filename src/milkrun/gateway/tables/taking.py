"""Take a table in: every row is taken or set aside with all that is wrong with it, and the run says so of each.

The good rows are taken, the bad ones set aside; rows that belong together go together. The same file a second time
changes nothing: rows that were taken are not taken again, whatever has happened since, and rows that were set aside
are tried once more. Whoever is killed in the middle takes the file in again: each batch is safe to repeat.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from milkrun.connections.commands.record_import import ImportRecorded, RefusedRow, record_import
from milkrun.connections.errors import TableRefused
from milkrun.connections.queries.imports import lines_to_try
from milkrun.gateway.tables.demand import CALLS
from milkrun.gateway.tables.kinds import CHANGED, NEW, REFUSED, SAME, Kind, Outcome, Place, grouped
from milkrun.gateway.tables.masters import BOM, ITEMS, STOCK
from milkrun.gateway.tables.reading import Table, Told, name_key, read_table
from milkrun.gateway.tables.supply import ORDERS, RECEIPTS
from milkrun.gateway.tables.values import Row, Trouble, decimal_mark, typed

KINDS: dict[str, Kind] = {kind.name: kind for kind in (ITEMS, BOM, STOCK, CALLS, ORDERS, RECEIPTS)}
ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class TableReport:
    """What became of a table; the four counts add up to the rows that were read."""

    import_id: str
    kind: str
    file_name: str
    rows: int
    new: int
    changed: int
    same: int
    refused: int
    refusal: str
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A table with its rows as values."""

    table: Table
    rows: list[Row]
    reading: dict[str, Any]


def take_table(
    data: bytes, *, kind: str, place: Place, file_name: str, source: str, told: Told | None = None
) -> TableReport:
    """Take one file in.

    Args:
        data: the file's bytes.
        kind: one of KINDS.
        place: for which site, by whom and when.
        file_name: its name, for people.
        source: drop, upload, api or cli.
        told: what the sender said of character set and decimal mark.
    """
    what = KINDS[kind]
    digest = hashlib.sha256(data).hexdigest()
    about = {"kind": kind, "source": source, "file_name": file_name, "sha256": digest, "size": len(data)}
    try:
        read = _rows(data, what, told or Told(), place.zone)
    except TableRefused as refusal:
        made = _record(place, about, {}, (), {}, {}, refusal=refusal.message, event_at=None)
        return TableReport(made.public_id, kind, file_name, 0, 0, 0, 0, 0, refusal.message)
    again = lines_to_try(place.site_id, kind, digest)
    todo = [row for row in read.rows if again is None or row.line in again]
    outcomes = {row.line: Outcome(row.line, SAME) for row in read.rows}
    outcomes.update({one.line: one for one in _take(what, todo, place)})
    counts = {word: sum(o.outcome == word for o in outcomes.values()) for word in (NEW, CHANGED, SAME, REFUSED)}
    refused = [_set_aside(row, outcomes[row.line]) for row in read.rows if outcomes[row.line].outcome == REFUSED]
    told_of = [row.values[what.event] for row in read.rows if what.event and what.event in row.values]
    newest = max(told_of, default=None)
    made = _record(
        place, about, read.reading, refused, counts, {"header": read.table.header, "rows": len(read.rows)},
        event_at=newest,
    )  # fmt: skip
    return TableReport(
        made.public_id, kind, file_name, len(read.rows), counts[NEW], counts[CHANGED], counts[SAME], counts[REFUSED],
        "", read.table.doubts,
    )  # fmt: skip


def _rows(data: bytes, what: Kind, told: Told, zone: str) -> _Read:
    columns = {column.name: column for column in what.columns}
    table = read_table(data, told, list(columns))
    names = [name_key(name) for name in table.header]
    missing = [name for name, column in columns.items() if column.required and name not in names]
    twice = sorted({name for name in names if names.count(name) > 1 and name in columns})
    if missing or twice:
        said = (
            _("The column {missing} is missing.").format(missing=missing[0])
            if missing
            else _("The column {twice} stands there twice.").format(twice=twice[0])
        )
        raise TableRefused(
            _("{said} Columns: {columns}.").format(said=said, columns=", ".join(columns)), missing=missing, twice=twice
        )
    unknown = [name for name in names if name and name not in columns]
    marks = {
        name: told.decimal or decimal_mark(line.cells[at] for line in table.lines if at < len(line.cells))
        for at, name in enumerate(names)
        if name in columns and columns[name].kind == "number"
    }
    rows = []
    for line in table.lines:
        values, wrong = typed(line.cells, names, columns, marks, zone)
        if len(line.cells) != len(names):
            said = _("The row has {n} cells, the first line {n2}.").format(n=len(line.cells), n2=len(names))
            wrong.append(Trouble("", "cells", said))
        rows.append(Row(line.number, line.cells, values, tuple(wrong)))
    reading = {
        "encoding": table.encoding, "separator": table.separator, "decimal": marks, "unknown_columns": unknown,
        "doubts": list(table.doubts),
    }  # fmt: skip
    return _Read(table, rows, reading)


def _take(what: Kind, rows: Sequence[Row], place: Place) -> Iterator[Outcome]:
    """Take rows over in batches; rows that cannot be read, and those that belong to one, are set aside."""
    bad = {row.line: row.troubles for row in rows if row.troubles}
    if what.together:
        for lines in grouped(rows, what.together).values():
            wrong = [row for row in lines if row.line in bad]
            said = (
                Trouble(
                    "",
                    "belongs_together",
                    _("Line {line} is wrong, and these rows go together.").format(line=wrong[0].line),
                )
                if wrong
                else None
            )
            bad.update({row.line: (said,) for row in lines if said and row.line not in bad})
    yield from (Outcome(line, REFUSED, wrong) for line, wrong in bad.items())
    good = [row for row in rows if row.line not in bad]
    for batch in _batches(what, good):
        yield from what.take(batch, place)


def _batches(what: Kind, rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Cut rows into batches without parting what belongs together."""
    parts: Iterable[list[Row]] = grouped(rows, what.together).values() if what.together else ([row] for row in rows)
    batch: list[Row] = []
    for part in parts:
        batch += part
        if len(batch) >= ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _set_aside(row: Row, outcome: Outcome) -> RefusedRow:
    return RefusedRow(row.line, row.cells, tuple(asdict(trouble) for trouble in outcome.troubles))


def _record(
    place: Place,
    about: Mapping[str, Any],
    reading: Mapping[str, Any],
    refused: Sequence[RefusedRow],
    counts: Mapping[str, int],
    table: Mapping[str, Any],
    *,
    event_at: datetime | None,
    refusal: str = "",
) -> ImportRecorded:
    return record_import(
        site_id=place.site_id,
        site_code=place.site_code,
        **about,
        reading=reading,
        rows_read=table.get("rows", 0),
        rows_new=counts.get(NEW, 0),
        rows_changed=counts.get(CHANGED, 0),
        rows_same=counts.get(SAME, 0),
        refused=refused,
        header=table.get("header", ()),
        refusal=refusal,
        event_at=event_at,
        actor=place.actor,
        at=place.at,
    )
