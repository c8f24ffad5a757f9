"""Keep what became of a table that was taken in: every row of it is accounted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from milkrun.connections.models import ImportRun, SetAside
from milkrun.connections.steps import count_sync
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was set aside: its line in the file, its cells as they came, and all that is wrong with it."""

    line: int
    cells: tuple[str, ...]
    problems: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ImportRecorded:
    """The run that was kept."""

    run_id: int
    public_id: str


@command
def record_import(
    *,
    site_id: int,
    site_code: str,
    kind: str,
    source: str,
    file_name: str,
    sha256: str,
    size: int,
    reading: Mapping[str, Any],
    rows_read: int,
    rows_new: int,
    rows_changed: int,
    rows_same: int,
    refused: Sequence[RefusedRow],
    header: Sequence[str],
    actor: Actor,
    at: datetime,
    refusal: str = "",
    event_at: datetime | None = None,
) -> ImportRecorded:
    """Write the run with its counts and the rows that were set aside; the connection is counted with it.

    Args:
        reading: how the file was read: character set, separator, decimal mark.
        rows_read: all rows; the four counts add up to it, or the database refuses.
        refusal: why no row could be read at all, "" otherwise.
        event_at: when the newest of what the file tells of happened, for the lag.
    """
    row = ImportRun.objects.create(
        site_id=site_id,
        kind=kind,
        source=source,
        file_name=file_name[:200],
        sha256=sha256,
        size=size,
        reading=dict(reading),
        rows_read=rows_read,
        rows_new=rows_new,
        rows_changed=rows_changed,
        rows_same=rows_same,
        rows_refused=len(refused),
        refusal=refusal[:400],
        header=list(header),
        actor=actor.name,
        event_at=event_at,
        recorded_at=at,
    )
    SetAside.objects.bulk_create(
        [
            SetAside(run=row, line=one.line, cells=list(one.cells), problems=[dict(p) for p in one.problems])
            for one in refused
        ],
        batch_size=2000,
    )
    bad = refusal or (
        _("{n} of {rows_read} rows were set aside.").format(n=len(refused), rows_read=rows_read) if refused else ""
    )
    count_sync(
        "drop",
        f"{kind}@{site_code}",
        at=at,
        done=rows_read - len(refused),
        failed=len(refused) or int(bool(refusal)),
        event_at=event_at,
        what=file_name[:80] or kind if bad else "",
        code="rows_refused" if refused else "table_refused",
        detail=bad,
    )

    facts = {
        "kind": kind, "file": file_name, "rows": rows_read, "new": rows_new, "changed": rows_changed,
        "same": rows_same, "refused": len(refused),
    }  # fmt: skip
    journal.write(
        [journal.Entry("record_import", "import", row.pk, site_id=site_id, reason=bad, facts=facts)],
        actor=actor,
        at=at,
    )
    return ImportRecorded(row.pk, row.public_id)
