"""The list of alerts, one alert, and the bell in the top bar."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from milkrun.insight import queries as insight
from milkrun.insight.queries import AlertFilter, AlertView
from milkrun.kernel.errors import Refusal
from milkrun.partners import queries as partners
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.history import history
from milkrun.web.live import following

# subject of an alert -> (name of its page, the action that opens it); one that has no page of its own takes no key
PAGES = {
    "call": ("call", "view_calls", True),
    "rack": ("rack", "view_packing", True),
    "delivery": ("delivery", "view_deliveries", True),
    "part": ("item", "view_stock", True),
    "lot": ("item", "view_stock", True),
    "outbox": ("sent", "view_messages", True),
    "received": ("received", "view_messages", True),
    "message": ("received", "view_messages", True),
    "confirmation": ("failed_postings", "view_jobs", False),
    "print_job": ("print_job", "view_stock", True),
    "job": ("job", "view_jobs", True),
    "connection": ("connection", "view_connections", True),
    "stream": ("calls", "view_calls", False),
    "invariant": ("alerts", "view_alerts", False),
    "customer": ("rhythm", "view_alerts", False),
}
# Actions that the primary button takes at once; the others lead to the page where they are taken.
RETRIES = ("reprocess_postings", "send_again", "receive_interchange", "reprocess_call", "print_label")


def wanted(request: StaffRequest) -> AlertFilter:
    """Read the filter from the address; without one a person sees what is theirs."""
    get = request.GET
    mine = get.get("whose", "mine") != "all"
    return AlertFilter(
        show=get.get("show", "open"), mine=request.access.roles if mine else (),
        user_id=request.actor.user_id if mine else None, metric=get.get("metric", "")[:40],
        tone=get.get("tone", "")[:8], text=get.get("text", "").strip()[:80],
    )  # fmt: skip


@permit("view_alerts")
@require_safe
def listed(request: StaffRequest) -> HttpResponse:
    """Show the alerts."""
    return pages.page(request, "alerts/alerts.html", {**_list(request), "metrics": insight.metrics()})


@permit("view_alerts")
@require_safe
def rows(request: StaffRequest) -> HttpResponse:
    """Return the list alone, or "not modified" while nothing happened."""
    return following(request, lambda: pages.page(request, "alerts/rows.html", _list(request)))


@permit("view_alerts")
@require_safe
def bell(request: StaffRequest) -> HttpResponse:
    """Return the bell's count alone; the frame of every page knows it."""
    return following(request, lambda: pages.page(request, "alerts/bell.html", {}))


def _list(request: StaffRequest) -> dict[str, Any]:
    filters = wanted(request)
    page = insight.alerts(request.site.id, filters, request.zone, request.GET.get("after", ""))
    query = request.GET.copy()
    here = query.urlencode()
    query.pop("after", None)
    plain = query.urlencode()
    return {
        "filters": filters,
        "mine": bool(filters.mine),
        "rows": [shown(request, row) for row in page.rows],
        "tabs": _tabs(request, filters),
        "next_cursor": page.next_cursor,
        "next_url": f"{reverse('alerts')}?{plain}&after={page.next_cursor}",
        "first_url": f"{reverse('alerts')}?{plain}",
        "live_url": f"{reverse('alert_rows')}?{here}",
        "plain_query": plain,
    }


def _tabs(request: StaffRequest, filters: AlertFilter) -> list[dict[str, Any]]:
    found = []
    for show, whose, word in words.ALERT_TABS:
        query = request.GET.copy()
        query.pop("after", None)
        query["show"], query["whose"] = show, whose
        current = show == filters.show and (whose == "mine") == bool(filters.mine)
        found.append({"word": word, "query": query.urlencode(), "current": current})
    return found


def shown(request: StaffRequest, row: AlertView) -> dict[str, Any]:
    """Put an alert together with what this person may do about it."""
    name, action, keyed = PAGES.get(row.subject_kind, ("", "", False))
    url = ""
    if name and action in request.access.actions:
        url = reverse(name, args=[row.subject_public_id] if keyed else None)
    return {
        "alert": row,
        "url": url,
        "retry": not row.closed and row.action in RETRIES and row.action in request.access.actions,
        "may": not row.closed and (not row.action or row.action in request.access.actions),
    }


@permit("view_alerts")
@require_safe
def alert(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one alert."""
    return alert_page(request, public_id)


def alert_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one alert with what can be done about it and its history."""
    row = insight.alert(request.site.id, public_id, request.zone)
    context = {
        **shown(request, row),
        "roles": words.ROLES,
        "people": partners.staff(),
        "history": history([("alert", row.id)], request.zone),
        "now": timezone.now(),
    }
    return pages.page(request, "alerts/alert.html", context, refusal=refusal)
