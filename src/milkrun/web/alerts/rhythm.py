"""The customers' rhythm: who was heard when, how often each usually calls, and the days without work."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.insight import queries as insight
from milkrun.insight.queries import PulseRow
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.partners import queries as partners
from milkrun.planning import queries as planning
from milkrun.planning.commands.close_day import close_day
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text


@permit("view_alerts")
@require_safe
def shown(request: StaffRequest) -> HttpResponse:
    """Show the rhythm of each customer as a week of hours, and the days without work to come."""
    return _page(request)


def _page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    now = timezone.now()
    context = {
        "pulses": [{"pulse": row, "week": _week(row)} for row in insight.pulses(request.site.id, now)],
        "days": planning.closed_days(request.site.id, timezone.localdate(now)),
        "customers": partners.customers(),
    }
    return pages.page(request, "alerts/rhythm.html", context, refusal=refusal)


def _week(row: PulseRow) -> list[dict[str, Any]]:
    """Shade the hours of a week by how often calls come, in five steps."""
    most = max(row.week, default=0) or 1
    return [
        {"day": day, "hours": [_hour(row.week[number * 24 + hour], hour, most) for hour in range(24)]}
        for number, day in enumerate(words.WEEKDAYS)
        if row.week
    ]


def _hour(millionths: int, hour: int, most: int) -> dict[str, Any]:
    step = -(-millionths * 4 // most)
    return {"hour": hour, "step": step, "rate": f"{millionths / 1_000_000:.1f}"}


@permit("close_day")
@require_POST
def close(request: StaffRequest) -> HttpResponse:
    """Note a day without work, or take one back."""
    try:
        customer = partners.partner_by_code(request.POST.get("customer", ""))
        close_day(
            site_id=request.site.id,
            partner_id=customer.id if customer else None,
            on=_day(request.POST.get("on", "")),
            why=typed_text(request, "why", longest=120),
            closed="open" not in request.POST,
            **doing(request, "close_day"),
        )
    except Refusal as refusal:
        return _page(request, refusal)
    messages.success(request, _("The calendar is changed."))
    return redirect("rhythm")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid([Problem("on", _("Write the date like 2026-12-25."))]) from None
