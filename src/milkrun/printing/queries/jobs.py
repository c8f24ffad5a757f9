"""Print jobs and printers as people and doors read them."""

import json
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import moment
from milkrun.printing.errors import UnknownPrinter
from milkrun.printing.models import Printer, PrintJob


@dataclass(frozen=True, slots=True)
class PrinterRow:
    """A printer with what waits for it and what it said last."""

    id: int
    public_id: str
    code: str
    place: str
    host: str
    port: int
    active: bool
    says_goodbye: bool
    waiting: int
    trouble: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """A copy of a label and how far it is; `again` tells whether the same copy may go to another printer."""

    id: int
    public_id: str
    sscc: str
    unit_public_id: str
    template: str
    copy_no: int
    state: str
    unsure: bool
    printer: str
    error: str
    reason: str
    asked: str
    by: str
    device: str
    sent: str
    again: bool
    layout: str
    data: str


def printers(site_id: int, *, only_active: bool = False) -> list[PrinterRow]:
    """List the printers of a site by code."""
    rows = Printer.objects.filter(site_id=site_id).order_by("code")
    if only_active:
        rows = rows.filter(active=True)
    waiting: dict[int, list[str]] = {}
    for printer_id, error in PrintJob.objects.filter(site_id=site_id, state="queued").values_list(
        "printer_id", "error"
    ):
        waiting.setdefault(printer_id or 0, []).append(error)
    return [
        PrinterRow(
            row.pk, row.public_id, row.code, row.place, row.host, row.port, row.active, row.says_goodbye,
            len(waiting.get(row.pk, ())), next(filter(None, waiting.get(row.pk, ())), ""),
        )
        for row in rows
    ]  # fmt: skip


def printer_id(site_id: int, code: str) -> int:
    """Turn the code of a printer in use into its key.

    Raises:
        UnknownPrinter: the site has none of this code, or it is switched off.
    """
    found = Printer.objects.filter(site_id=site_id, code=code, active=True).values_list("pk", flat=True).first()
    if found is None:
        raise UnknownPrinter(
            _("There is no printer {code} in use at this site.").format(code=code[:20]), printer=code[:20]
        )
    return found


def jobs(site_id: int, zone: str, state: str = "", after: str = "", limit: int = 50) -> Page[JobRow]:
    """List print jobs, newest first."""
    rows = _rows(site_id)
    if state:
        rows = rows.filter(state=state)
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_job(row, zone) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def jobs_of_unit(site_id: int, hu_id: int, zone: str, limit: int = 30) -> list[JobRow]:
    """List what was printed for a handling unit, newest first: the log of its labels."""
    return [_job(row, zone) for row in _rows(site_id).filter(hu_id=hu_id)[:limit]]


def job(site_id: int, public_id: str, zone: str) -> JobRow:
    """Read one print job.

    Raises:
        NotFound: there is none at this site.
    """
    row = _rows(site_id).filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("This label was not printed at this site."), public_id=public_id)
    return _job(row, zone)


def trouble(site_id: int) -> int:
    """Count the labels that wait for a person: failed ones, and those whose printer does not answer."""
    rows = PrintJob.objects.filter(site_id=site_id)
    return rows.filter(state="failed").count() + rows.filter(state="queued", attempts__gt=0).count()


def _rows(site_id: int) -> QuerySet[PrintJob]:
    return PrintJob.objects.filter(site_id=site_id).select_related("hu", "printer").order_by("-id")


def _job(row: PrintJob, zone: str) -> JobRow:
    return JobRow(
        row.pk, row.public_id, row.hu.sscc, row.hu.public_id, row.template, row.copy_no, row.state, row.unsure,
        row.printer.code if row.printer else "", row.error, row.reason, moment(row.created_at, zone), row.created_by,
        row.device, moment(row.sent_at, zone), row.state != "sent" and not row.unsure, json.dumps(row.layout),
        json.dumps(row.data),
    )  # fmt: skip
