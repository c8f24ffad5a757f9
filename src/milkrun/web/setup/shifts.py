"""When the site works: its shifts by weekday, and who takes the alerts in each."""

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.partners import queries as partners
from milkrun.planning.commands.set_shifts import MOST, set_shifts
from milkrun.planning.queries.shifts import ShiftInput, shift_rows
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing


@permit("view_setup")
@require_safe
def shifts(request: StaffRequest) -> HttpResponse:
    """Show the shifts as a form, with an empty line for one more."""
    return _page(request)


@permit("set_shifts")
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """Keep the shifts as they stand in the form; a line without a title is none."""
    try:
        done = set_shifts(site_id=request.site.id, shifts=_given(request.POST), **doing(request, "set_shifts"))
    except Refusal as refusal:
        return _page(request, refusal)
    if done.shifts:
        messages.success(request, _("The shifts are saved. Times in rules that count working time go by them."))
    else:
        messages.success(request, _("Without shifts the site works around the clock."))
    return redirect("shifts")


def _page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    kept = shift_rows(request.site.id)
    lines = _typed(request.POST) if refusal else [_line(n, row) for n, row in enumerate(kept, 1)]
    lines += [_empty(len(lines) + 1)] if len(lines) < MOST and not refusal else []
    context: dict[str, Any] = {
        "lines": lines,
        "days": [(str(number), word) for number, word in enumerate(words.WEEKDAYS, 1)],
        "roles": words.ROLES,
        "people": partners.staff(),
        "zone": request.zone,
        "any": bool(kept),
    }
    return pages.page(request, "setup/shifts.html", context, refusal=refusal)


def _line(number: int, row: Any) -> dict[str, Any]:
    return {
        "number": number, "title": row.title, "weekdays": row.weekdays, "starts": row.starts, "ends": row.ends,
        "role": row.role, "owner": row.owner_id,
    }  # fmt: skip


def _empty(number: int) -> dict[str, Any]:
    return {
        "number": number, "title": "", "weekdays": "12345", "starts": "06:00", "ends": "14:00", "role": "",
        "owner": None,
    }  # fmt: skip


def _typed(post: QueryDict) -> list[dict[str, Any]]:
    found = []
    for number in range(1, MOST + 1):
        if f"title_{number}" not in post:
            break
        owner = post.get(f"owner_{number}", "")
        found.append(
            {
                "number": number, "title": post.get(f"title_{number}", "").strip()[:41],
                "weekdays": "".join(sorted(set(post.getlist(f"weekdays_{number}"))))[:7],
                "starts": post.get(f"starts_{number}", ""), "ends": post.get(f"ends_{number}", ""),
                "role": post.get(f"role_{number}", "")[:24],
                "owner": int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 19 else None,
            }
        )  # fmt: skip
    return found


def _given(post: QueryDict) -> list[ShiftInput]:
    problems: list[Problem] = []
    found = []
    for line in _typed(post):
        if not line["title"]:
            continue
        starts, ends = (_time(line[name], f"{name}_{line['number']}", problems) for name in ("starts", "ends"))
        found.append(ShiftInput(line["title"], line["weekdays"], starts, ends, line["role"], line["owner"]))
    if problems:
        raise Invalid(problems)
    return found


def _time(text: str, name: str, problems: list[Problem]) -> time:
    try:
        return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        problems.append(Problem(name, _("Write a time like 06:00."), "not_a_time"))
        return time()
