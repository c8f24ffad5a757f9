"""Tables on the page: taken in by hand, listed, with the rows that were set aside."""

import csv
import io
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from milkrun.connections.queries.imports import ImportRecord, every_set_aside, import_run, imports
from milkrun.connections.queries.imports import set_aside as set_aside_rows
from milkrun.gateway.tables.cells import safe_cell
from milkrun.gateway.tables.folders import refused_lines
from milkrun.gateway.tables.kinds import Place
from milkrun.gateway.tables.reading import ENCODINGS, LARGEST, Told
from milkrun.gateway.tables.taking import KINDS, TableReport, take_table
from milkrun.kernel.errors import Invalid, NotFound, Problem, Refusal
from milkrun.measure.wording import moment
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.words import Word

WORDS: dict[str, Word] = {
    "items": gettext_lazy("Items"),
    "bom": gettext_lazy("Bills of material"),
    "stock": gettext_lazy("Stock levels"),
    "calls": gettext_lazy("Calls"),
    "orders": gettext_lazy("Orders to suppliers"),
    "receipts": gettext_lazy("Receipts"),
}


@permit("view_connections")
@require_safe
def listed(request: StaffRequest) -> HttpResponse:
    """List tables that were taken in, newest first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    page = imports(request.site.id, kind, request.GET.get("after", ""))
    context = {
        "rows": [shown(row, request.zone) for row in page.rows],
        "kind": kind,
        "kinds": list(WORDS.items()),
        "next_cursor": page.next_cursor,
        "next_url": f"?kind={kind}&after={page.next_cursor}",
        "first_url": f"?kind={kind}",
    }
    return pages.page(request, "connections/imports.html", context)


def shown(row: ImportRecord, zone: str) -> dict[str, Any]:
    """Put an import into words."""
    tone = "act" if row.refusal else "watch" if row.refused else "ok"
    word = _("Not read") if row.refusal else _("Some set aside") if row.refused else _("Taken in")
    return {"run": row, "kind": WORDS[row.kind], "at": moment(row.recorded_at, zone), "tone": tone, "word": word}


@permit("import_table")
@require_http_methods(["GET", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Ask for a table, or take one in and show what became of it."""
    if request.method != "POST":
        return _form(request)
    try:
        report = _take(request)
    except Refusal as refusal:
        return _form(request, refusal)
    return _run(request, report.import_id)


def _take(request: StaffRequest) -> TableReport:
    kind, given = request.POST.get("kind", ""), request.FILES.get("file")
    if kind not in KINDS:
        raise Invalid([Problem("kind", _("Choose what the table is about."))])
    if given is None or not given.size:
        raise Invalid([Problem("file", _("Choose a file that is not empty."))])
    if given.size > LARGEST:
        raise Invalid([Problem("file", _("The file is larger than 64 MB. Take it in in parts."))])
    encoding, decimal = request.POST.get("encoding", ""), request.POST.get("decimal", "")
    told = Told(encoding if encoding in ENCODINGS else "", decimal if decimal in ("point", "comma") else "")
    place = Place(request.site.id, request.site.code, request.zone, request.actor, timezone.now())
    name = (given.name or "")[:200]
    return take_table(given.read(), kind=kind, place=place, file_name=name, source="upload", told=told)


def _form(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    kinds = [
        {"name": name, "word": WORDS[name], "columns": kind.columns, "together": kind.together}
        for name, kind in KINDS.items()
    ]
    context = {"kinds": kinds, "encodings": ENCODINGS, "wanted": request.GET.get("kind", "")}
    return pages.page(request, "connections/upload.html", context, refusal=refusal)


@permit("view_connections")
@require_safe
def run(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show what became of one table."""
    return _run(request, public_id)


def _run(request: StaffRequest, public_id: str) -> HttpResponse:
    found = import_run(request.site.id, public_id)
    page = set_aside_rows(request.site.id, public_id, request.GET.get("after", ""))
    context = {
        "row": shown(found, request.zone),
        "reading": found.reading,
        "event": moment(found.event_at, request.zone),
        "set_aside": page.rows,
        "next_cursor": page.next_cursor,
        "next_url": f"?after={page.next_cursor}",
        "first_url": "?",
    }
    return pages.page(request, "connections/import.html", context)


@permit("view_connections")
@require_safe
def set_aside(request: StaffRequest, public_id: str) -> HttpResponse:
    """Download the rows that were set aside, ready to be corrected and taken in again."""
    found = import_run(request.site.id, public_id)
    return _csv(
        [
            [safe_cell(cell) for cell in line]
            for line in refused_lines(found, every_set_aside(request.site.id, public_id))
        ],
        f"{found.kind}-set-aside.csv",
    )


@permit("view_connections")
@require_safe
def sample(request: StaffRequest, public_id: str) -> HttpResponse:
    """Download a table with the columns of a kind and one row."""
    what = KINDS.get(public_id)
    if what is None:
        raise NotFound(_("There is no such table."))
    return _csv([[column.name for column in what.columns], list(what.sample)], f"{what.name}.csv")


def _csv(lines: list[list[object]], name: str) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(lines)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
