"""Labels: asked for, printed again with a reason, drawn as PDF and ZPL; printers and templates."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by
from milkrun.api.fields import Body, Code, CodeOrEmpty, Cursor, Listed, Words, listed
from milkrun.api.operations.sites import Id, SiteCode, site_of
from milkrun.api.operations.units import SsccField, SsccOrEmpty
from milkrun.api.routes import reads, runs
from milkrun.labels import write_pdf, write_zpl
from milkrun.printing.commands.print_label import print_label
from milkrun.printing.commands.redirect_print_job import redirect_print_job
from milkrun.printing.queries import printer_id
from milkrun.printing.queries.records import (
    LabelRecord,
    PrinterRecord,
    TemplateDetail,
    TemplateRecord,
    label_key,
    label_record,
    label_records,
    label_scene,
    printer_records,
    template_record,
    template_records,
)
from milkrun.stock.queries.unit_records import unit_key

router = Router(tags=["labels"])

TemplateName = Annotated[str, Path(), Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$")]


class PrintBody(Body):
    """Labels of 1 to 200 units; without a printer they are fixed and read as PDF or ZPL.

    From the second copy on a reason is needed, and the label says that it is a reprint.
    """

    handling_units: Annotated[list[SsccField], Field(min_length=1, max_length=200)]
    template: Annotated[Code, Field(max_length=40)]
    printer: CodeOrEmpty = ""
    reason: Words = ""
    release_no: Annotated[CodeOrEmpty, Field(max_length=60)] = ""
    order_no: Annotated[CodeOrEmpty, Field(max_length=60)] = ""


class RedirectBody(Body):
    """The printer that tries the same copy; none: it is read as PDF or ZPL."""

    printer: CodeOrEmpty = ""


class LabelQueuedReply(Schema):
    """One label; copy 1 is the first."""

    label_id: str
    sscc: str
    copy_no: int
    state: str


class LabelsQueuedReply(Schema):
    """The labels that were asked for."""

    labels: list[LabelQueuedReply]


class LabelRedirectedReply(Schema):
    """The same copy is on its way again; the printer is empty where it is read instead."""

    label_id: str
    state: str
    printer: str


class PrintersReply(Schema):
    """The printers of a site by code."""

    items: list[PrinterRecord]


class TemplatesReply(Schema):
    """The company's label templates."""

    items: list[TemplateRecord]


class LabelQuery(Cursor):
    """Which labels are wanted."""

    state: Literal["", "queued", "sent", "failed"] = ""
    sscc: SsccOrEmpty = ""


@runs(router, "/sites/{site}/labels", "print_label", LabelsQueuedReply)
def post_label(request: HttpRequest, site: SiteCode, body: PrintBody) -> Any:
    """Ask for a label of each unit; what it says is fixed now."""
    site_id = site_of(site).id
    done = print_label(
        site_id=site_id, hu_ids=[unit_key(site_id, sscc) for sscc in body.handling_units], template=body.template,
        printer_id=printer_id(site_id, body.printer) if body.printer else None, reason=body.reason,
        typed={"release.number": body.release_no, "order.number": body.order_no}, **by(request),
    )  # fmt: skip
    return LabelsQueuedReply(
        labels=[
            LabelQueuedReply(label_id=label.public_id, sscc=label.sscc, copy_no=label.copy_no, state=label.state)
            for label in done.labels
        ]
    )


@runs(
    router, "/sites/{site}/labels/{label_id}/redirect", "redirect_print_job", LabelRedirectedReply, action="print_label"
)
def post_redirected(request: HttpRequest, site: SiteCode, label_id: Id, body: RedirectBody) -> Any:
    """Send the same copy to another printer, where nothing can have come out yet."""
    site_id = site_of(site).id
    done = redirect_print_job(
        print_job_id=label_key(site_id, label_id),
        printer_id=printer_id(site_id, body.printer) if body.printer else None, **by(request),
    )  # fmt: skip
    return LabelRedirectedReply(label_id=done.public_id, state=done.state, printer=done.printer)


@reads(router, "/sites/{site}/labels", "list_labels", Listed[LabelRecord], action="view_stock")
def list_labels(request: HttpRequest, site: SiteCode, query: Query[LabelQuery]) -> Any:
    """List labels with how far each is, the newest first."""
    return listed(label_records(site_of(site).id, query.state, query.sscc, query.cursor, query.limit))


@reads(router, "/sites/{site}/labels/{label_id}", "get_label", LabelRecord, action="view_stock")
def get_label(request: HttpRequest, site: SiteCode, label_id: Id) -> Any:
    """Read one label."""
    return label_record(site_of(site).id, label_id)


@reads(router, "/sites/{site}/labels/{label_id}/pdf", "get_label_pdf", None, action="view_stock",
       media="application/pdf")  # fmt: skip
def get_label_pdf(request: HttpRequest, site: SiteCode, label_id: Id) -> Any:
    """Draw a label as PDF, byte for byte the same each time."""
    return HttpResponse(write_pdf([label_scene(site_of(site).id, label_id)]), content_type="application/pdf")


@reads(router, "/sites/{site}/labels/{label_id}/zpl", "get_label_zpl", None, action="view_stock",
       media="application/octet-stream")  # fmt: skip
def get_label_zpl(request: HttpRequest, site: SiteCode, label_id: Id) -> Any:
    """Write a label in the language of label printers (ZPL), as it is sent to them."""
    written = write_zpl([label_scene(site_of(site).id, label_id)])
    return HttpResponse(written, content_type="application/octet-stream")


@reads(router, "/sites/{site}/printers", "list_printers", PrintersReply, action="view_stock")
def list_printers(request: HttpRequest, site: SiteCode) -> Any:
    """List the printers of a site with what waits for them."""
    return PrintersReply(items=printer_records(site_of(site).id))


@reads(router, "/label-templates", "list_label_templates", TemplatesReply, action="view_stock", every_site=True)
def list_label_templates(request: HttpRequest) -> Any:
    """List the company's label templates."""
    return TemplatesReply(items=template_records())


@reads(
    router, "/label-templates/{template}", "get_label_template", TemplateDetail, action="view_stock", every_site=True
)
def get_label_template(request: HttpRequest, template: TemplateName) -> Any:
    """Read one label template with its layout."""
    return template_record(template)
