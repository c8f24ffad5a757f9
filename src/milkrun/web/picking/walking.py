"""The walk with a scanner: one question on the screen, a wrong scan stops, the next task follows by itself."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import Refusal
from milkrun.measure.wording import quantity
from milkrun.shipping.commands.confirm_pick import confirm_pick
from milkrun.shipping.commands.report_short_pick import report_short_pick
from milkrun.shipping.commands.start_load_unit import start_load_unit
from milkrun.shipping.queries import picking
from milkrun.shipping.queries.loads import load_of_task
from milkrun.shipping.queries.scanning import check_item, check_place, task_for_scan
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_quantity, typed_text
from milkrun.web.picking.views import percent

# refusal code -> the word over the whole width of the page
STOPS = {
    "wrong_location": gettext_lazy("Wrong place"),
    "wrong_item": gettext_lazy("Wrong item"),
    "wrong_handling_unit": gettext_lazy("Wrong unit"),
    "picked_by_other": gettext_lazy("Picked already"),
    "pick_task_ended": gettext_lazy("Cancelled"),
}
ANSWERS = ("location", "item", "qty")


@permit("confirm_pick")
@require_safe
def walk(request: StaffRequest, public_id: str) -> HttpResponse:
    """Ask the next question of the walk."""
    return _page(request, public_id, {name: request.GET.get(name, "") for name in ANSWERS})


@permit("confirm_pick")
@require_POST
def scan(request: StaffRequest, public_id: str) -> HttpResponse:
    """Take one answer: the place, the item, the quantity or the unit it went into; with the last one it is picked."""
    given = {name: request.POST.get(name, "")[:80] for name in ANSWERS}
    before, key = dict(given), request.POST.get("task", "")[:16]
    try:
        text = typed_text(request, "scan", _("Scan or type an answer."), longest=80)
        task = task_for_scan(request.site.id, key)
        sscc = ""
        if not given["location"]:
            check_place(task, text)
            return _ask(public_id, key, given | {"location": text})
        if not given["item"]:
            check_item(task, text)
            given["item"] = text
            if task.hu_id is None:
                return _ask(public_id, key, given)
        elif not given["qty"]:
            given["qty"] = str(typed_quantity(text, "qty"))
            if picking.wave(request.site.id, public_id, request.zone).targets > 1:
                return _ask(public_id, key, given)
        else:
            sscc = text
        done = confirm_pick(
            task_id=task.pk, location=given["location"], item=given["item"], sscc=sscc,
            qty=typed_quantity(given["qty"], "qty") if given["qty"] else None, **doing(request, "confirm_pick"),
        )  # fmt: skip
    except Refusal as refusal:
        # The question that was answered wrong is asked again.
        again = before | {"qty": ""} if refusal.code == "too_much_picked" else before
        return _page(request, public_id, again, refusal)
    messages.success(
        request, _("Right. %(qty)s picked into %(unit)s.") % {"qty": quantity(done.qty), "unit": done.sscc}
    )
    return redirect(f"{reverse('walk', args=[public_id])}?{urlencode({'from': key})}")


@permit("start_load_unit")
@require_POST
def next_unit(request: StaffRequest, public_id: str) -> HttpResponse:
    """Go on with the next box of the load that the task at hand fills."""
    key = request.POST.get("task", "")[:16]
    try:
        done = start_load_unit(
            packing_group_id=load_of_task(request.site.id, key), sscc=request.POST.get("sscc", "").strip()[:40],
            **doing(request, "start_load_unit"),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, public_id, {name: request.POST.get(name, "")[:80] for name in ANSWERS}, refusal)
    messages.success(request, _("What comes now goes into %(unit)s.") % {"unit": done.sscc})
    return redirect(f"{reverse('walk', args=[public_id])}?{urlencode({'task': key})}")


def _ask(public_id: str, task: str, given: dict[str, str]) -> HttpResponse:
    answered = {name: value for name, value in given.items() if value}
    return redirect(f"{reverse('walk', args=[public_id])}?{urlencode({'task': task, **answered})}")


@permit("report_short_pick")
@require_POST
def short(request: StaffRequest, public_id: str) -> HttpResponse:
    """Report that less is here; the walk goes on, to other bins where they have it."""
    given = {"location": request.POST.get("location", "")[:80], "item": "", "qty": ""}
    key = request.POST.get("task", "")[:16]
    try:
        found = typed_quantity(request.POST.get("found", ""), "found")
        done = report_short_pick(
            task_id=picking.task_id(request.site.id, key), location=given["location"], found=found,
            **doing(request, "report_short_pick"),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, public_id, given, refusal)
    if done.short:
        messages.warning(request, _("Noted. %s are short: the office is told.") % quantity(done.short))
    else:
        messages.success(request, _("Noted. %s come from other places.") % quantity(done.offered))
    return redirect(f"{reverse('walk', args=[public_id])}?{urlencode({'from': key})}")


def _page(request: StaffRequest, public_id: str, given: dict[str, str], refusal: Refusal | None = None) -> HttpResponse:
    asked = request.POST.get("task", "") or request.GET.get("task", "")
    found = picking.wave(request.site.id, public_id, request.zone, after_task=request.GET.get("from", asked))
    task = next((row for row in found.tasks if row.public_id == asked and row.state == "open"), None)
    if task is None:
        # The walk goes on with the next task, from its first question.
        task, given = found.next, dict.fromkeys(ANSWERS, "")
    context: dict[str, Any] = {
        "wave": found,
        "row": found.row,
        "task": task,
        "given": given,
        "question": next((name for name in ANSWERS if not given[name]), "unit"),
        "step": sum(bool(given[name]) for name in ANSWERS) + 1,
        "percent": percent(found),
        "stop": str(STOPS.get(refusal.code, _("Stop"))) if refusal else "",
    }
    return pages.page(request, "picking/walk.html", context, refusal=refusal)
