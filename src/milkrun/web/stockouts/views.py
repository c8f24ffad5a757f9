"""The list of stockouts, and the same as a file."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.insight import queries as insight
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.exporting import download


def _wanted(request: StaffRequest) -> tuple[str, str]:
    return request.GET.get("show", ""), request.GET.get("text", "").strip()[:40]


@permit("view_analysis")
@require_safe
def listed(request: StaffRequest) -> HttpResponse:
    """List stockouts, the newest first."""
    show, text = _wanted(request)
    wanted = {"show": show, "text": text}
    after = request.GET.get("after", "")
    page = insight.stockouts(request.site.id, timezone.now(), request.zone, show, text, after)
    context = {
        "rows": page.rows,
        "wanted": wanted,
        "plain_query": urlencode(wanted),
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({**wanted, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode(wanted)}",
    }
    return pages.page(request, "stockouts/stockouts.html", context)


@permit("export_analysis")
@require_safe
def export(request: StaffRequest, form: str) -> HttpResponseBase:
    """Download every stockout that the filter keeps."""
    head = [_("part"), _("description"), _("state"), _("since"), _("until"), _("minutes"), _("missing now"),
            _("most missing"), _("calls"), _("days at zero of the last 30")]  # fmt: skip
    rows = (
        (row.part, row.description, _("open") if row.open else _("closed"), row.started, row.ended, row.minutes,
         row.unmet, row.peak, ", ".join(f"{call} {customer} {qty}" for call, customer, qty in row.calls),
         row.zero_days)
        for row in insight.stockout_export(request.site.id, timezone.now(), request.zone, *_wanted(request))
    )  # fmt: skip
    return download("stockouts", form, head, rows)
