"""Load against capacity, promise dates, work centres with their time, and routings."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.parts.commands.create_work_centre import create_work_centre
from milkrun.parts.commands.set_capacity import DayMinutes, set_capacity
from milkrun.parts.commands.set_routing import StepInput, set_routing
from milkrun.parts.queries.routing import made_part, made_parts, routing, work_centre, work_centres
from milkrun.production.queries import load as loading
from milkrun.production.queries import promise as promising
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_quantity, typed_text

DAYS = (
    later("Monday"), later("Tuesday"), later("Wednesday"), later("Thursday"), later("Friday"), later("Saturday"),
    later("Sunday"),
)  # fmt: skip


@permit("view_jobs")
@require_safe
def load(request: StaffRequest) -> HttpResponse:
    """Show load and capacity by work centre and week, and answer by when a quantity can be promised."""
    return load_page(request)


def load_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render load and capacity."""
    now = timezone.now()
    asked, found = request.GET.get("part", "").strip()[:40], None
    if asked and refusal is None:
        try:
            part = made_part(asked)
            qty = typed_quantity(request.GET.get("qty", ""), "qty")
            if not qty:
                raise Invalid([Problem("qty", _("Say how many."))])
            found = promising.promise(request.site.id, request.zone, now, part, qty)
        except Refusal as problem:
            refusal = problem
    table = loading.load(request.site.id, request.zone, now)
    context = {
        "table": table,
        "weeks": [cell.week for cell in table[0].cells] if table else [],
        "overloads": [(row.centre, cell) for row in table for cell in row.cells if cell.over],
        "parts": made_parts(request.site.id),
        "asked": asked,
        "qty": request.GET.get("qty", "")[:20],
        "promise": found,
        "may_plan": "create_work_centre" in request.access.actions,
    }
    return pages.page(request, "jobs/load.html", context, refusal=refusal)


@permit("create_work_centre")
@require_POST
def add_centre(request: StaffRequest) -> HttpResponse:
    """Make a work centre that works the same time from Monday to Friday."""
    try:
        minutes = _minutes(request.POST.get("minutes", ""), "minutes")
        made = create_work_centre(
            site_id=request.site.id,
            code=typed_text(request, "code", longest=24),
            name=typed_text(request, "name", longest=80),
            day_minutes=(minutes,) * 5 + (0, 0),
            **doing(request, "create_work_centre"),
        )
    except Refusal as refusal:
        return load_page(request, refusal)
    messages.success(request, _("Work centre %s was created.") % made.code)
    return redirect("work_centre", public_id=made.public_id)


def _minutes(text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid([Problem(field, _("Write the minutes of a day, from 0 to 1440."))])
    return int(text)


@permit("view_jobs")
@require_safe
def centre(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show a work centre: its time, its load, the parts it works on."""
    return centre_page(request, public_id)


def centre_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render a work centre."""
    found = work_centre(request.site.id, public_id)
    rows = loading.load(request.site.id, request.zone, timezone.now())
    parts = made_parts(request.site.id, found.id)
    plans = routing(request.site.id, [part.id for part in parts])
    context: dict[str, Any] = {
        "centre": found,
        "days": list(zip(DAYS, found.day_minutes, strict=True)),
        "cells": next(row.cells for row in rows if row.centre.id == found.id),
        "parts": [(part, [s for s in plans[part.id] if s.work_centre_id == found.id]) for part in parts],
        "centres": work_centres(request.site.id),
        "all_parts": made_parts(request.site.id),
        "may_plan": "set_routing" in request.access.actions,
    }
    return pages.page(request, "jobs/centre.html", context, refusal=refusal)


@permit("set_capacity")
@require_POST
def set_time(request: StaffRequest, public_id: str) -> HttpResponse:
    """Change the minutes of each weekday, or of one day that differs."""
    try:
        found = work_centre(request.site.id, public_id)
        given: dict[str, Any] = {}
        if "day_0" in request.POST:
            given["day_minutes"] = tuple(_minutes(request.POST.get(f"day_{n}", ""), f"day_{n}") for n in range(7))
        if request.POST.get("day"):
            text = request.POST.get("minutes", "").strip()
            given["days"] = (DayMinutes(_day(request.POST["day"]), _minutes(text, "minutes") if text else None),)
        set_capacity(work_centre_id=found.id, **given, **doing(request, "set_capacity"))
    except Refusal as refusal:
        return centre_page(request, public_id, refusal)
    messages.success(request, _("The working time is kept."))
    return redirect("work_centre", public_id=public_id)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid([Problem("day", _("Write the day as 2026-12-24."))]) from None


@permit("set_routing")
@require_POST
def set_steps(request: StaffRequest, public_id: str) -> HttpResponse:
    """Replace the steps by which a part is made; rows left empty are no steps."""
    try:
        part = made_part(typed_text(request, "part", _("Say which part."), longest=40))
        steps = tuple(
            StepInput(
                step_no=10 * (n + 1),
                work_centre=request.POST.get(f"centre_{n}", ""),
                setup_minutes=typed_quantity(request.POST.get(f"setup_{n}") or "0", f"setup_{n}"),
                unit_minutes=typed_quantity(request.POST.get(f"unit_{n}") or "0", f"unit_{n}"),
                description=typed_text(request, f"what_{n}", longest=80),
            )
            for n in range(5)
            if request.POST.get(f"centre_{n}")
        )
        set_routing(site_id=request.site.id, part_id=part.id, steps=steps, **doing(request, "set_routing"))
    except Refusal as refusal:
        return centre_page(request, public_id, refusal)
    messages.success(request, _("The routing of %s is kept.") % part.number)
    return redirect("work_centre", public_id=public_id)
