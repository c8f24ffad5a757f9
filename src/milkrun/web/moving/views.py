"""What must move now, by our clock and by the customer's, on a desk, on a phone and on a wall."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.insight import queries as insight
from milkrun.insight.queries import MoveRow
from milkrun.measure.wording import moment
from milkrun.partners import queries as partners
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.live import following

# kind of load -> (name of its page, the action that opens it)
PAGES = {
    "delivery": ("delivery", "view_deliveries"),
    "rack": ("rack", "view_packing"),
    "call": ("call", "view_calls"),
}
ON_A_WALL = 6


@permit("view_calls")
@require_safe
def monitor(request: StaffRequest) -> HttpResponse:
    """Show what must move, the most urgent first."""
    return pages.page(request, "moving/monitor.html", {**_list(request), "customers": partners.customers()})


@permit("view_calls")
@require_safe
def rows(request: StaffRequest) -> HttpResponse:
    """Return the list alone, or "not modified" while nothing happened."""
    return following(request, lambda: pages.page(request, "moving/rows.html", _list(request)))


def _list(request: StaffRequest) -> dict[str, Any]:
    wanted = {name: request.GET.get(name, "")[:40] for name in ("customer", "zone", "clock")}
    found = insight.moving(request.site.id, request.zone, wanted["customer"], wanted["zone"])
    return {
        "wanted": wanted,
        "rows": [_shown(request, row) for row in found],
        "zones": insight.zones(found),
        "theirs": wanted["clock"] != "ours",
        "live_url": f"{reverse('moving_rows')}?{urlencode(wanted)}",
    }


def _shown(request: StaffRequest, row: MoveRow) -> dict[str, Any]:
    name, action = PAGES[row.kind]
    return {
        "row": row,
        "kind": words.word("hit", row.kind),
        "next": words.NEXT_STEPS.get(row.state, ""),
        "url": reverse(name, args=[row.public_id]) if action in request.access.actions else "",
    }


@permit("view_calls")
@require_safe
def wall(request: StaffRequest) -> HttpResponse:
    """Show the next loads for reading from four metres: few rows, no rail, nothing moves by itself."""
    return pages.page(request, "moving/wall.html", _wall(request))


@permit("view_calls")
@require_safe
def wall_rows(request: StaffRequest) -> HttpResponse:
    """Return the rows of the wall alone."""
    return following(request, lambda: pages.page(request, "moving/wall_rows.html", _wall(request)))


def _wall(request: StaffRequest) -> dict[str, Any]:
    found = insight.moving(request.site.id, request.zone, limit=10 * ON_A_WALL)
    text = request.GET.get("page", "")
    last = max(-(-len(found) // ON_A_WALL), 1)
    page = min(int(text), last) if text.isascii() and text.isdigit() and 0 < len(text) < 4 and int(text) else 1
    act, watch = insight.bell(request.site.id, tuple(words.ROLES), None)
    return {
        "rows": [_shown(request, row) for row in found[(page - 1) * ON_A_WALL : page * ON_A_WALL]],
        "page_number": page,
        "pages": range(1, last + 1) if last > 1 else (),
        "act": act,
        "watch": watch,
        "clock": moment(timezone.now(), request.zone),
        "live_url": f"{reverse('wall_rows')}?page={page}",
        "pause_word": _("Pause"),
    }
