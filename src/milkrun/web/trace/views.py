"""One screen for a complaint: type a lot, a heat, a job, a delivery or a handling unit; see both ways; recall."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import NotFound, Refusal
from milkrun.shipping.commands.recall_lots import recall_lots
from milkrun.shipping.queries.following import Start, Trace, TraceRow, start_of
from milkrun.shipping.queries.trace import backward, forward
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.calls.views import harmless
from milkrun.web.history import history

# kind of a row -> (name of its page, the action that opens it)
PAGES = {
    "lot": ("item", "view_stock"),
    "job": ("job", "view_jobs"),
    "call": ("call", "view_calls"),
    "delivery": ("delivery", "view_deliveries"),
}
DEEPEST_SHOWN = 8


@permit("view_stock")
@require_safe
def trace(request: StaffRequest) -> HttpResponse:
    """Show both ways of what was asked for."""
    return _page(request, request.GET.get("number", "").strip()[:80])


@permit("view_stock")
@require_safe
def export(request: StaffRequest) -> HttpResponse:
    """Download both ways as CSV, a row for each line of the trees."""
    found = start_of(request.GET.get("number", "").strip()[:80])
    if found is None:
        raise NotFound(_("Nothing has this number."))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("way"), _("level"), _("kind"), _("number"), _("detail"), _("quantity"), _("state")])
    ways = ((_("went to"), forward(found, request.zone)), (_("came from"), backward(found, request.zone)))
    for way, tree in ways:
        for row in tree.rows:
            cells = (way, str(row.level), row.kind, row.title, row.detail, row.qty, row.state)
            writer.writerow([harmless(cell) for cell in cells])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="trace.csv"'
    return answer


@permit("recall_lots")
@require_POST
def recall(request: StaffRequest) -> HttpResponse:
    """Block the lots found and all made of them, and tell the customers."""
    number = request.POST.get("number", "").strip()[:80]
    try:
        reason = typed_text(request, "reason", _("Say why: the customers read it."))
        found = start_of(number)
        if found is None or not found.lot_ids:
            raise NotFound(_("Choose a lot, a supplier's lot or a heat to recall."))
        done = recall_lots(lot_ids=found.lot_ids, reason=reason, **doing(request, "recall_lots"))
    except Refusal as refusal:
        return _page(request, number, refusal)
    facts = {"lots": ", ".join(done.blocked) or _("none new"), "customers": ", ".join(done.customers) or _("nobody")}
    messages.success(request, _("Blocked: %(lots)s. Told: %(customers)s.") % facts)
    return redirect(f"{reverse('trace')}?{urlencode({'number': number})}")


def _page(request: StaffRequest, number: str, refusal: Refusal | None = None) -> HttpResponse:
    found = start_of(number)
    ways = _ways(request, found) if found else []
    context: dict[str, Any] = {
        "number": number,
        "found": found,
        "ways": ways,
        "may_recall": bool(found and found.lot_ids) and "recall_lots" in request.access.actions,
        "history": history([("lot", key) for key in found.lot_ids], request.zone) if found and found.lot_ids else [],
    }
    return pages.page(request, "trace/trace.html", context, refusal=refusal)


def _ways(request: StaffRequest, found: Start) -> list[dict[str, Any]]:
    unused, bought = (
        _("Nothing was made of it and nothing of it was delivered."),
        _("Nothing it came from is kept by lot."),
    )
    ways = (
        (_("Where it went"), unused, forward(found, request.zone)),
        (_("What it came from"), bought, backward(found, request.zone)),
    )
    return [
        {
            "title": title,
            "nothing": nothing,
            "way": way,
            "rows": [_row(request, row) for row in way.rows],
            "sums": _sums(way),
        }
        for title, nothing, way in ways
    ]


def _row(request: StaffRequest, row: TraceRow) -> dict[str, Any]:
    name, action = PAGES[row.kind]
    url = reverse(name, args=[row.public_id]) if row.public_id and action in request.access.actions else ""
    return {"row": row, "url": url, "indent": min(row.level, DEEPEST_SHOWN)}


def _sums(way: Trace) -> dict[str, int]:
    return {"lots": len(way.lot_ids), "deliveries": len(way.delivery_ids), "customers": len(way.customers)}
