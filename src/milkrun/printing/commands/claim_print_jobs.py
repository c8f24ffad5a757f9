"""Take the next label of each printer under a lease, so that one worker at a time serves a printer."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from milkrun.kernel.command import command
from milkrun.kernel.lock import hold, lock
from milkrun.kernel.machine import move
from milkrun.printing.models import PrintJob
from milkrun.printing.states import PRINT_MOVES

LEASE = timedelta(seconds=30)
LOST = gettext_noop("The program ended while it was sending this label. Whether it came out is not known.")


@dataclass(frozen=True, slots=True)
class PrintParcel:
    """A label to be printed: layout and data as JSON, and where to."""

    print_job_id: int
    lease: int
    host: str
    port: int
    says_goodbye: bool
    layout: str
    data: str


@dataclass(frozen=True, slots=True)
class PrintJobsClaimed:
    """At most one label for each printer, and how many were found whose sender had died."""

    parcels: tuple[PrintParcel, ...]
    lost: int


@command
def claim_print_jobs(*, at: datetime) -> PrintJobsClaimed:
    """Lease the oldest waiting label of every printer that is idle.

    A label whose lease ran out was being sent by a worker that died: it may have come out, so it is not sent again but
    fails, for a person to look at.
    """
    hold("print", 0)
    heads: dict[int, int] = {}
    waiting = PrintJob.objects.filter(state="queued", printer__active=True).order_by("pk")
    for key, printer_id in waiting.values_list("pk", "printer_id"):
        heads.setdefault(printer_id or 0, key)
    if not heads:
        return PrintJobsClaimed((), 0)
    rows = lock(PrintJob.objects.filter(pk__in=heads.values(), state="queued").select_related("printer"))
    lost = [row for row in rows if row.leased_until is not None and row.leased_until <= at]
    if lost:
        move(lost, PRINT_MOVES, "fail", noun="Print job", unsure=True, error=LOST, leased_until=None)
    free = [row for row in rows if row.state == "queued" and row.leased_until is None and row.due_at <= at]
    for row in free:
        row.lease += 1
        row.leased_until = at + LEASE
    PrintJob.objects.bulk_update(free, ["lease", "leased_until"])
    return PrintJobsClaimed(tuple(_parcel(row) for row in free), len(lost))


def _parcel(row: PrintJob) -> PrintParcel:
    assert row.printer is not None  # noqa: S101 - the table's check says so for queued jobs
    return PrintParcel(
        row.pk, row.lease, row.printer.host, row.printer.port, row.printer.says_goodbye, json.dumps(row.layout),
        json.dumps(row.data),
    )  # fmt: skip
