"""One screen for a complaint: type a lot, a heat, a job, a delivery or a handling unit; see both ways; recall."""

import csv
import io
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milkrun.kernel.errors import Invalid, NotFound, Problem, Refusal
from milkrun.shipping.commands.recall_goods import recall_goods
from milkrun.shipping.commands.recall_lots import recall_lots
from milkrun.shipping.queries.following import Start, Trace, TraceRow, start_of
from milkrun.shipping.queries.suspect import Suspicion
from milkrun.shipping.queries.suspected import Suspected, suspected
from milkrun.shipping.queries.trace import backward, forward
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, typed_text
from milkrun.web.calls.views import harmless
from milkrun.web.history import history

# kind of a row -> (name of its page, the action that opens it)
PAGES = {
    "lot": ("item", "view_stock"),
    "place": ("item", "view_stock"),
    "job": ("job", "view_jobs"),
    "call": ("call", "view_calls"),
    "delivery": ("delivery", "view_deliveries"),
}
DEEPEST_SHOWN = 8
# What goods without a lot are asked for by.
ASKED = ("part", "received_from", "received_until", "receipt", "unit")


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


@permit("recall_goods")
@require_POST
def recall_without_lot(request: StaffRequest) -> HttpResponse:
    """Set suspect goods without a lot apart, block what was made of them, and tell the customers."""
    try:
        reason = typed_text(request, "reason", _("Say why: the customers read it."))
        done = recall_goods(
            site_id=request.site.id, suspicion=_suspicion(request.POST), reason=reason, **doing(request, "recall_goods")
        )
    except Refusal as refusal:
        return _page(request, "", refusal, request.POST)
    facts = {"apart": ", ".join(done.set_apart) or _("nothing"), "customers": ", ".join(done.customers) or _("nobody")}
    messages.success(request, _("Set apart: %(apart)s. Told: %(customers)s.") % facts)
    if done.left:
        messages.warning(request, _("Still in use, decide on it: %s.") % "; ".join(done.left[:10]))
    asked = {name: request.POST.get(name, "") for name in ASKED if request.POST.get(name)}
    return redirect(f"{reverse('trace')}?{urlencode(asked)}")


def _suspicion(given: QueryDict) -> Suspicion:
    """Read what is suspected; days that are none are refused."""
    problems, days = [], {}
    for name in ("received_from", "received_until"):
        text = given.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            problems.append(Problem(name, _("Write the day as year-month-day."), "not_a_day"))
    if problems:
        raise Invalid(problems)
    return Suspicion(
        part=given.get("part", "").strip()[:80], receipt=given.get("receipt", "").strip()[:80],
        unit=given.get("unit", "").strip()[:80], **days,
    )  # fmt: skip


def _suspected(request: StaffRequest, given: QueryDict) -> tuple[Suspected | None, Refusal | None]:
    if not any(given.get(name, "").strip() for name in ASKED):
        return None, None
    try:
        return suspected(request.site.id, _suspicion(given), request.zone), None
    except Refusal as refusal:
        return None, refusal


def _page(
    request: StaffRequest, number: str, refusal: Refusal | None = None, given: QueryDict | None = None
) -> HttpResponse:
    found = start_of(number)
    asked = given if given is not None else request.GET
    suspects, unanswered = _suspected(request, asked)
    ways = _ways(request, found) if found else []
    context: dict[str, Any] = {
        "number": number,
        "found": found,
        "ways": ways,
        "asked": {name: asked.get(name, "") for name in ASKED},
        "suspects": suspects,
        "suspect_rows": [_row(request, row) for row in suspects.rows] if suspects else [],
        "may_recall_goods": "recall_goods" in request.access.actions,
        "may_recall": bool(found and found.lot_ids) and "recall_lots" in request.access.actions,
        "history": history([("lot", key) for key in found.lot_ids], request.zone) if found and found.lot_ids else [],
    }
    return pages.page(request, "trace/trace.html", context, refusal=refusal or unanswered)


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
