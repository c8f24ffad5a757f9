"""Label templates: the list, and the editor with its preview."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.labels import SAMPLES, SOURCES, Layout, NotALayout, layout_from, place, write_png
from milkrun.labels.layout import ALIGNMENTS, KINDS, ROTATIONS
from milkrun.partners import queries as partners
from milkrun.printing import queries as printing
from milkrun.printing.commands.save_label_template import save_label_template
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text

NUMBERS = ("x", "y", "w", "h", "size")
_SAMPLE = {**SAMPLES, "copy": "REPRINT 1"}


@permit("view_stock")
@require_safe
def templates(request: StaffRequest) -> HttpResponse:
    """List the templates in force."""
    context = {"rows": printing.templates(request.zone), "customers": partners.customers()}
    return pages.page(request, "printing/templates.html", context)


@permit("save_label_template")
@require_safe
def template(request: StaffRequest, public_id: str) -> HttpResponse:
    """Edit one owner's template (a template's name is its public id), starting from what is in force."""
    return template_page(request, public_id)


def template_page(request: StaffRequest, name: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render the editor; after a refusal with the fields as they were sent."""
    owner = (request.POST or request.GET).get("customer", "")[:20]
    base = request.POST.get("base", name) if refusal else request.GET.get("from", name)
    layout, version, partner_id = printing.customers_template(name, owner, base[:40])
    rows = _sent_rows(request) if refusal else [_row(field) for field in layout.fields]
    context = {
        "name": name,
        "owner": owner,
        "layout": layout,
        "title": request.POST.get("title", layout.title) if refusal else layout.title,
        "width": request.POST.get("width", layout.width) if refusal else layout.width,
        "height": request.POST.get("height", layout.height) if refusal else layout.height,
        "version": version,
        "base": base,
        "rows": [*rows, _row(None)],
        "kinds": KINDS,
        "sources": sorted(SOURCES.items()),
        "rotations": ROTATIONS,
        "alignments": ALIGNMENTS,
        "versions": printing.versions(name, partner_id, request.zone),
    }
    return pages.page(request, "printing/template.html", context, refusal=refusal)


def _row(field: Any) -> dict[str, Any]:
    if field is None:
        return {"kind": "", "lines": 1, "size": 3, "rotation": 0, "align": "left"}
    return {name: getattr(field, name) for name in field.__slots__}


@permit("save_label_template")
@require_POST
def preview(request: StaffRequest, public_id: str) -> HttpResponse:
    """Draw the sent layout with sample data; what is wrong with it is said in words."""
    try:
        scene = place(_layout(request, public_id), _SAMPLE)
    except NotALayout as wrong:
        return HttpResponse("\n".join(wrong.problems[:10]), "text/plain; charset=utf-8", status=422)
    answer = HttpResponse(write_png(scene), "image/png")
    answer["X-Findings"] = " ".join(scene.findings).encode("ascii", "replace").decode()[:400]
    return answer


@permit("save_label_template")
@require_POST
def save(request: StaffRequest, public_id: str) -> HttpResponse:
    """Save the sent layout as a new version."""
    name = public_id
    owner = request.POST.get("customer", "")[:20]
    try:
        _fields, _version, partner_id = printing.customers_template(name, owner, request.POST.get("base", name)[:40])
        based_on = request.POST.get("based_on", "")
        if not (based_on.isascii() and based_on.isdigit() and len(based_on) < 9):
            raise Invalid([Problem("based_on", _("This form is incomplete. Load the page again and repeat."))])
        try:
            layout = _layout(request, name)
        except NotALayout as wrong:
            raise Invalid([Problem("layout", problem) for problem in wrong.problems[:10]]) from wrong
        done = save_label_template(
            name=name, layout={"title": layout.title, "width": layout.width, "height": layout.height,
                               "fields": [_kept(field) for field in layout.fields]},
            based_on=int(based_on), partner_id=partner_id, reason=typed_text(request, "reason"),
            **doing(request, "save_label_template"),
        )  # fmt: skip
    except Refusal as refusal:
        return template_page(request, name, refusal)
    messages.success(request, _("Saved as version %d. Labels from now on look like this.") % done.version)
    return redirect(f"{reverse('label_template', args=[name])}?customer={owner}")


def _kept(field: Any) -> dict[str, Any]:
    return {name: getattr(field, name) for name in field.__slots__}


def _sent_rows(request: StaffRequest) -> list[dict[str, str]]:
    """Read the fields as they were sent: lists of equal length, a field for each place."""
    names = ("kind", "source", "text", *NUMBERS, "rotation", "align", "lines", "bold")
    lists = {name: request.POST.getlist(name)[:130] for name in names}
    if len({len(values) for values in lists.values()}) != 1:
        return []
    rows = [dict(zip(names, values, strict=True)) for values in zip(*lists.values(), strict=True)]
    return [row for row in rows if row["kind"]]


def _layout(request: StaffRequest, name: str) -> Layout:
    """Read the sent layout.

    Raises:
        NotALayout: with every problem.
    """
    fields = []
    for row in _sent_rows(request):
        field: dict[str, Any] = {"kind": row["kind"], "align": row["align"], "bold": row["bold"] == "yes"}
        shown = "text" if row["kind"] == "caption" else "source"
        if row["kind"] not in ("line", "box"):
            field[shown] = row[shown]
        for number in (*NUMBERS, "rotation", "lines"):
            field[number] = _number(row[number])
        fields.append(field)
    return layout_from(
        {
            "name": name,
            "title": request.POST.get("title", ""),
            "width": _number(request.POST.get("width", "")),
            "height": _number(request.POST.get("height", "")),
            "fields": fields,
        }
    )


def _number(text: str) -> float | str:
    """Read a number with a point or a comma; what is none is left for the layout to refuse."""
    try:
        return float(text.strip().replace(",", ".", 1))
    except ValueError:
        return text
