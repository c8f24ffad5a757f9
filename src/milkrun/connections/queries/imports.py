"""Tables that were taken in: their counts, and the rows that were set aside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from milkrun.connections.models import ImportRun, SetAside
from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """A table that was taken in; the four counts add up to the rows."""

    id: str
    kind: str
    source: str
    file_name: str
    size: int
    rows: int
    new: int
    changed: int
    same: int
    refused: int
    refusal: str
    actor: str
    event_at: datetime | None
    recorded_at: datetime
    reading: Mapping[str, Any]
    header: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetAsideRecord:
    """A row that was set aside, as it came, with everything that is wrong with it."""

    line: int
    cells: tuple[str, ...]
    problems: tuple[Mapping[str, Any], ...]


def lines_to_try(site_id: int, kind: str, sha256: str) -> set[int] | None:
    """Return the lines of a file that came before and were set aside then; None where it never came.

    A file that could not be read at all counts as one that never came.
    """
    last = ImportRun.objects.filter(site_id=site_id, kind=kind, sha256=sha256, refusal="").order_by("-pk").first()
    if last is None:
        return None
    return set(SetAside.objects.filter(run=last).values_list("line", flat=True))


def imports(site_id: int, kind: str = "", after: str = "", limit: int = 50) -> Page[ImportRecord]:
    """List tables that were taken in at a site, newest first."""
    rows = ImportRun.objects.filter(site_id=site_id).order_by("-pk")
    if kind:
        rows = rows.filter(kind=kind)
    start = position(after, int)
    if start:
        rows = rows.filter(pk__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_record(row) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def import_run(site_id: int, public_id: str) -> ImportRecord:
    """Read one.

    Raises:
        NotFound: there is none at this site.
    """
    return _record(_run(site_id, public_id))


def _run(site_id: int, public_id: str) -> ImportRun:
    row = ImportRun.objects.filter(site_id=site_id, public_id=public_id).first()
    if row is None:
        raise NotFound(_("This import does not exist at this site."), import_id=public_id)
    return row


def _record(row: ImportRun) -> ImportRecord:
    return ImportRecord(
        row.public_id, row.kind, row.source, row.file_name, row.size, row.rows_read, row.rows_new, row.rows_changed,
        row.rows_same, row.rows_refused, row.refusal, row.actor, row.event_at, row.recorded_at, row.reading,
        tuple(row.header),
    )  # fmt: skip


def set_aside(site_id: int, public_id: str, after: str = "", limit: int = 50) -> Page[SetAsideRecord]:
    """List the rows of an import that were set aside, by line.

    Raises:
        NotFound: there is no such import at this site.
    """
    rows = SetAside.objects.filter(run=_run(site_id, public_id)).order_by("line")
    start = position(after, int)
    if start:
        rows = rows.filter(line__gt=start[0])
    found = list(rows[: limit + 1])
    last = cursor(found[:limit][-1].line) if found else ""
    return page_of([SetAsideRecord(r.line, tuple(r.cells), tuple(r.problems)) for r in found], limit, last)


def every_set_aside(site_id: int, public_id: str) -> Iterator[SetAsideRecord]:
    """Give all rows of an import that were set aside, by line, for a file.

    Raises:
        NotFound: there is no such import at this site.
    """
    rows = SetAside.objects.filter(run=_run(site_id, public_id)).order_by("line")
    for row in rows.iterator(chunk_size=2000):
        yield SetAsideRecord(row.line, tuple(row.cells), tuple(row.problems))
