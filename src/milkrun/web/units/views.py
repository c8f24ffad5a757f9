"""Handling units of the site, and one of them: contents, label, history, and what can be done with it."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from milkrun.demand import queries as demand
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.stock import queries as stock
from milkrun.stock.queries import units as unit_queries
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.history import history
from milkrun.web.printing.card import label_card

KINDS = {
    "pallet": gettext_lazy("Pallet"),
    "box": gettext_lazy("Box"),
    "rack": gettext_lazy("Rack"),
    "cage": gettext_lazy("Cage"),
    "bundle": gettext_lazy("Bundle"),
    "coil": gettext_lazy("Coil"),
}


@permit("view_stock")
@require_safe
def units(request: StaffRequest) -> HttpResponse:
    """List handling units, newest first."""
    return units_page(request)


def units_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render the list with the form for a new unit."""
    state, text = request.GET.get("state", ""), request.GET.get("text", "").strip()[:40]
    if state and state not in words.STATES["unit"]:
        raise Invalid([Problem("state", _("“%s” is not a state of a handling unit.") % state[:20])])
    page = unit_queries.units(request.site.id, state, text, request.GET.get("after", ""), request.zone)
    context = {
        "rows": page.rows,
        "state": state,
        "text": text,
        "states": [(name, word) for name, (_tone, word) in words.STATES["unit"].items()],
        "kinds": KINDS,
        "locations": stock.locations(request.site.id),
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'state': state, 'text': text, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode({'state': state, 'text': text})}",
    }
    return pages.page(request, "units/units.html", context, refusal=refusal)


@permit("view_stock")
@require_safe
def unit(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show a handling unit with what is in it and what can be done with it."""
    return unit_page(request, public_id)


def unit_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one unit; after a refusal with what was typed."""
    found = stock.handling_unit(request.site.id, public_id, request.zone)
    racks = demand.find_racks(request.site.id, [found.id])
    inside = unit_queries.contents(request.site.id, found.id)
    context = {
        "unit": found,
        "kind": KINDS.get(found.kind, found.kind),
        "inside": inside,
        "takeable": any(row.takeable for row in inside),
        "rack": racks[0] if racks else None,
        "movements": unit_queries.unit_movements(request.site.id, found.id, request.zone),
        "locations": stock.locations(request.site.id),
        "loose": request.POST.get("location") or request.session.get("loose_goods_at", ""),
        "history": history([("hu", found.id)], request.zone),
        **label_card(request, [found.id]),
    }
    return pages.page(request, "units/unit.html", context, refusal=refusal)
