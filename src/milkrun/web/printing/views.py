"""The queue of labels, one label with its picture and PDF, and the printers."""

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.labels import Scene, layout_from, place, write_pdf, write_png
from milkrun.printing import queries as printing
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.live import following
from milkrun.web.printing.card import label_card


@permit("view_stock")
@require_safe
def jobs(request: StaffRequest) -> HttpResponse:
    """List the labels that were asked for, newest first."""
    state = request.GET.get("state", "")
    if state and state not in words.STATES["print_job"]:
        raise Invalid([Problem("state", _("“%s” is not a state of a label.") % state[:20])])
    page = printing.jobs(request.site.id, request.zone, state, request.GET.get("after", ""))
    context = {
        "rows": page.rows,
        "state": state,
        "states": [(name, word) for name, (_tone, word) in words.STATES["print_job"].items()],
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'state': state, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode({'state': state})}",
    }
    return pages.page(request, "printing/jobs.html", context)


def ask_page(request: StaffRequest, hu_ids: Sequence[int], refusal: Refusal) -> HttpResponse:
    """Show the card once more after a refusal, with what was typed."""
    context = label_card(request, hu_ids, request.POST.get("template", "")[:40])
    return pages.page(request, "printing/ask.html", context, refusal=refusal)


@permit("view_stock")
@require_safe
def job(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show a label with its picture and how far it is."""
    return job_page(request, public_id)


def job_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one label; after a refusal with its sentence."""
    return pages.page(request, "printing/job.html", _job(request, public_id), refusal=refusal)


@permit("view_stock")
@require_safe
def live(request: StaffRequest, public_id: str) -> HttpResponse:
    """Return how far a label is, alone."""
    return following(request, lambda: pages.page(request, "printing/state.html", _job(request, public_id)))


def _job(request: StaffRequest, public_id: str) -> dict[str, object]:
    found = printing.job(request.site.id, public_id, request.zone)
    others = [row for row in printing.printers(request.site.id, only_active=True) if row.code != found.printer]
    return {"job": found, "others": others, "findings": _scene(found).findings}


@permit("view_stock")
@require_safe
def as_pdf(request: StaffRequest, public_id: str) -> HttpResponse:
    """Draw the label as it was fixed, for the browser's own printing."""
    found = printing.job(request.site.id, public_id, request.zone)
    answer = HttpResponse(write_pdf([_scene(found)]), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="label-{found.sscc}-{found.copy_no}.pdf"'
    return answer


@permit("view_stock")
@require_safe
def as_png(request: StaffRequest, public_id: str) -> HttpResponse:
    """Draw the label as a picture."""
    return HttpResponse(write_png(_scene(printing.job(request.site.id, public_id, request.zone))), "image/png")


def _scene(found: printing.JobRow) -> Scene:
    return place(layout_from(json.loads(found.layout)), json.loads(found.data))


@permit("view_stock")
@require_safe
def printers(request: StaffRequest) -> HttpResponse:
    """List the printers."""
    return printers_page(request)


def printers_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render the printers with the form for one."""
    rows = printing.printers(request.site.id)
    code = request.GET.get("change", "")
    changed = next((row for row in rows if row.code == code), None)
    filled = {
        "code": changed.code if changed else "", "place": changed.place if changed else "",
        "host": changed.host if changed else "", "port": changed.port if changed else 9100,
    }  # fmt: skip
    if refusal:
        filled = {name: request.POST.get(name, "") for name in filled}
    context = {"rows": rows, "changed": changed, "filled": filled}
    return pages.page(request, "printing/printers.html", context, refusal=refusal)
