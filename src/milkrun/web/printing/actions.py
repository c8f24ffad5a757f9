"""Printing a label, sending it elsewhere, and setting printers up."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.printing import queries as printing
from milkrun.printing.commands.print_label import print_label
from milkrun.printing.commands.redirect_print_job import redirect_print_job
from milkrun.printing.commands.save_printer import save_printer
from milkrun.stock import queries as stock
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.printing.card import BROWSER
from milkrun.web.printing.views import ask_page, job_page, printers_page

TYPED = {"release": "release.number", "order": "order.number", "note": "packaging.note"}


@permit("print_label")
@require_POST
def print_one(request: StaffRequest) -> HttpResponse:
    """Print the labels of the posted units; the chosen printer is remembered for this person's browser."""
    chosen = request.POST.get("printer", "")
    ids = stock.handling_unit_ids(request.site.id, request.POST.getlist("unit"))
    try:
        done = print_label(
            site_id=request.site.id, hu_ids=ids, template=request.POST.get("template", "tag"),
            printer_id=None if chosen == BROWSER else printing.printer_id(request.site.id, chosen),
            reason=typed_text(request, "reason"), device=request.headers.get("User-Agent", "")[:120],
            typed={name: typed_text(request, field, longest=60) for field, name in TYPED.items()},
            **doing(request, "print_label"),
        )  # fmt: skip
    except Refusal as refusal:
        return ask_page(request, ids, refusal)
    request.session["printer"] = chosen
    if len(done.labels) == 1:
        return redirect("print_job", public_id=done.labels[0].public_id)
    count = len(done.labels)
    messages.success(request, ngettext("%(n)d label is on its way.", "%(n)d labels are on their way.", count) % {
        "n": count})  # fmt: skip
    back = request.POST.get("back", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, None) else "labels")


@permit("print_label")
@require_POST
def redirect_one(request: StaffRequest, public_id: str) -> HttpResponse:
    """Send the same copy to the chosen printer, or show it in the browser."""
    try:
        found = printing.job(request.site.id, public_id, request.zone)
        chosen = request.POST.get("printer", "")
        redirect_print_job(
            print_job_id=found.id,
            printer_id=None if chosen == BROWSER else printing.printer_id(request.site.id, chosen),
            **doing(request, "redirect_print_job"),
        )
    except Refusal as refusal:
        return job_page(request, public_id, refusal)
    if chosen == BROWSER:
        return redirect("print_job_pdf", public_id=public_id)
    request.session["printer"] = chosen
    messages.success(request, _("On its way to %s.") % chosen)
    return redirect("print_job", public_id=public_id)


@permit("save_printer")
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """Save a printer."""
    try:
        port = request.POST.get("port", "").strip()
        if not (port.isascii() and port.isdigit() and len(port) < 6):
            raise Invalid([Problem("port", _("A port is a number such as 9100."))])
        done = save_printer(
            site_id=request.site.id, code=typed_text(request, "code", _("Give the printer a code."), longest=40),
            host=typed_text(request, "host", _("Write the printer's name or address."), longest=120),
            port=int(port), place=typed_text(request, "place", longest=80), active="active" in request.POST,
            says_goodbye="says_goodbye" in request.POST, **doing(request, "save_printer"),
        )  # fmt: skip
    except Refusal as refusal:
        return printers_page(request, refusal)
    messages.success(request, _("Saved: %s.") % done.code)
    return redirect("printers")
