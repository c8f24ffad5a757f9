"""The drop folders: `drop/<kind>/` of the data folder, and `drop/<kind>/<SITE>/` where there are several sites.

A file is taken when it is complete: written under a name that ends in .tmp and renamed, or unchanged since the last
look. Afterwards it lies in `done/` (or `refused/`, where no row could be read) with its result beside it:
`NAME.result.csv` says what is wrong, line by line, and `NAME.refused.csv` holds the rows that were set aside, ready to
be corrected and dropped again.
"""

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from milkrun.connections.queries.imports import ImportRecord, SetAsideRecord, every_set_aside, import_run
from milkrun.gateway.folders import read_whole, safe_name, take_away
from milkrun.gateway.tables.cells import safe_cell
from milkrun.gateway.tables.kinds import Place
from milkrun.gateway.tables.reading import Told
from milkrun.gateway.tables.taking import KINDS, TableReport, take_table

DONE, REFUSED = "done", "refused"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file in a drop folder."""

    kind: str
    site_code: str
    path: Path


def drop_folder(home: Path, kind: str) -> Path:
    """Return a kind's drop folder, made where missing."""
    folder = home / "drop" / kind
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def dropped(home: Path, site_codes: Sequence[str]) -> Iterator[Dropped]:
    """List the files of all drop folders, oldest first by kind; names ending in .tmp or beginning with a dot wait.

    A file directly in a kind's folder is for the first site by code.
    """
    for kind in KINDS:
        top = drop_folder(home, kind)
        for code in site_codes:
            folders = [top, top / safe_name(code)] if code == site_codes[0] else [top / safe_name(code)]
            for folder in folders:
                yield from _files(kind, code, folder)


def _files(kind: str, code: str, folder: Path) -> Iterator[Dropped]:
    if not folder.is_dir() or folder.is_symlink():
        return
    entries = []
    with os.scandir(folder) as listing:
        for entry in listing:
            if entry.name.startswith(".") or entry.name.endswith(".tmp") or not entry.is_file(follow_symlinks=False):
                continue
            entries.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.name))
    for _, name in sorted(entries):
        yield Dropped(kind, code, folder / name)


def take_dropped(one: Dropped, place: Place, told: Told) -> TableReport | None:
    """Take one file in and put it away with its result; None where it is gone meanwhile."""
    name = os.fsencode(one.path.name).decode("utf-8", "replace")
    try:
        seen = read_whole(one.path)
    except FileNotFoundError:
        return None
    content = seen.content if seen.content is not None else b"\0"
    report = take_table(content, kind=one.kind, place=place, file_name=name, source="drop", told=told)
    away = take_away(one.path, seen)
    if away is not None:
        put_away(away, one.path.parent / (REFUSED if report.refusal else DONE), name, place, report)
    return report


def put_away(path: Path, folder: Path, name: str, place: Place, report: TableReport) -> Path:
    """Move a file that was taken in to its folder, with its result beside it, never over another one."""
    folder.mkdir(exist_ok=True)
    name = safe_name(name)
    count, target = 1, folder / name
    while target.exists():
        count += 1
        target = folder / f"{count}-{name}"
    run = import_run(place.site_id, report.import_id)
    _write(target.with_name(f"{target.name}.result.csv"), result_lines(run, _aside(place, report)))
    if report.refused:
        _write(target.with_name(f"{target.name}.refused.csv"), refused_lines(run, _aside(place, report)))
    path.replace(target)
    return target


def _aside(place: Place, report: TableReport) -> Iterator[SetAsideRecord]:
    return every_set_aside(place.site_id, report.import_id)


def result_lines(run: ImportRecord, rows: Iterator[SetAsideRecord]) -> Iterator[Sequence[object]]:
    """Give the lines of a result: the counts first, then every problem with its line and column."""
    yield ("line", "column", "value", "code", "problem")
    counts = f"{run.rows} rows: {run.new} new, {run.changed} changed, {run.same} unchanged, {run.refused} set aside"
    yield ("", "", "", "counts", counts)
    if run.refusal:
        yield ("", "", "", "table_refused", run.refusal)
    for row in rows:
        for problem in row.problems:
            yield (row.line, problem["column"], problem["value"], problem["code"], problem["text"])


def refused_lines(run: ImportRecord, rows: Iterator[SetAsideRecord]) -> Iterator[Sequence[object]]:
    """Give the rows that were set aside as they came, under the file's own header."""
    yield run.header
    for row in rows:
        yield row.cells


def _write(target: Path, lines: Iterator[Sequence[object]]) -> None:
    draft = target.with_name(f".{target.name}.tmp")
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        for line in lines:
            writer.writerow([safe_cell(cell) for cell in line])
    draft.replace(target)
