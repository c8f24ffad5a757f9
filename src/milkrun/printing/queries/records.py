"""Labels, printers and templates as other systems read them: plain values, nothing worded for people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.labels import Scene, layout_from, place, plain
from milkrun.printing.models import Printer, PrintJob
from milkrun.printing.queries.layouts import layout_for, template_titles


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """One copy of a label; `unsure` where it may have come out although nobody knows."""

    id: str
    sscc: str
    template: str
    copy_no: int
    state: str
    unsure: bool
    printer: str
    error: str
    reason: str
    asked_at: datetime
    asked_by: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class PrinterRecord:
    """A printer of a site; `waiting` labels stand in its queue."""

    printer: str
    place: str
    active: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class TemplateRecord:
    """A label template of the company; version 0 came with the product."""

    template: str
    title: str
    version: int


@dataclass(frozen=True, slots=True)
class TemplateDetail:
    """A template with its layout, as `milkrun label` takes it."""

    template: TemplateRecord
    layout: dict[str, Any]


def label_records(site_id: int, state: str = "", sscc: str = "", after: str = "", limit: int = 50) -> Page[LabelRecord]:
    """List labels of a site, the newest first."""
    rows = PrintJob.objects.filter(site_id=site_id).select_related("hu", "printer").order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if sscc:
        rows = rows.filter(hu__sscc=sscc)
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_label(row) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def label_record(site_id: int, public_id: str) -> LabelRecord:
    """Read one label.

    Raises:
        NotFound: it was not printed at this site.
    """
    return _label(_found(site_id, public_id))


def label_key(site_id: int, public_id: str) -> int:
    """Turn a label's public id into its key.

    Raises:
        NotFound: it was not printed at this site.
    """
    return _found(site_id, public_id).pk


def label_scene(site_id: int, public_id: str) -> Scene:
    """Place what a label says, as it was fixed when it was asked for: every format is drawn from this.

    Raises:
        NotFound: it was not printed at this site.
    """
    row = _found(site_id, public_id)
    return place(layout_from(row.layout), row.data)


def printer_records(site_id: int) -> list[PrinterRecord]:
    """List the printers of a site by code."""
    waiting: dict[int, int] = {}
    for key in PrintJob.objects.filter(site_id=site_id, state="queued").values_list("printer_id", flat=True):
        waiting[key or 0] = waiting.get(key or 0, 0) + 1
    rows = Printer.objects.filter(site_id=site_id).order_by("code")
    return [PrinterRecord(row.code, row.place, row.active, waiting.get(row.pk, 0)) for row in rows]


def template_records() -> list[TemplateRecord]:
    """List the company's label templates."""
    return [TemplateRecord(name, title, layout_for(name, None)[1]) for name, title in template_titles()]


def template_record(name: str) -> TemplateDetail:
    """Read one template with its layout.

    Raises:
        UnknownTemplate: there is none of this name.
    """
    layout, version = layout_for(name, None)
    return TemplateDetail(TemplateRecord(name, layout.title, version), plain(layout))


def _found(site_id: int, public_id: str) -> PrintJob:
    rows = PrintJob.objects.filter(site_id=site_id, public_id=public_id).select_related("hu", "printer")
    row = rows.first()
    if row is None:
        raise NotFound(_("This label was not printed at this site."), public_id=public_id)
    return row


def _label(row: PrintJob) -> LabelRecord:
    return LabelRecord(
        row.public_id, row.hu.sscc, row.template, row.copy_no, row.state, row.unsure,
        row.printer.code if row.printer else "", row.error, row.reason, row.created_at, row.created_by, row.sent_at,
    )  # fmt: skip
