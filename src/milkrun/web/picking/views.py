"""Waves with what can be put on one, and one wave with its tasks in the order of the walk."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.partners import queries as partners
from milkrun.shipping.queries import picking
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.history import history


@permit("view_deliveries")
@require_safe
def waves(request: StaffRequest) -> HttpResponse:
    """Show what waits to be picked, what went wrong, and the waves."""
    return waves_page(request)


def waves_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render the list of waves; after a refusal with what was chosen."""
    state = request.GET.get("state", "open")
    if state not in words.STATES["wave"]:
        raise Invalid([Problem("state", _("“{state}” is not a state of a wave.").format(state=state[:20]))])
    site = request.site.id
    found = picking.waves(site, request.zone, state, request.GET.get("after", ""))
    deliveries, calls = picking.pickable(site, request.zone)
    context: dict[str, Any] = {
        "rows": found.rows,
        "state": state,
        "states": [(name, str(word)) for name, (__, word) in words.STATES["wave"].items()],
        "deliveries": deliveries,
        "calls": calls,
        "issues": picking.issues(site, request.zone),
        "rules": {rule.partner: rule.mode for rule in picking.picking_rules(site)},
        "modes": picking.MODES,
        "customers": partners.customers() if "set_picking_rule" in request.access.actions else (),
        "chosen": request.POST.getlist("call") + request.POST.getlist("delivery"),
        "next_cursor": found.next_cursor,
        "next_url": f"?{urlencode({'state': state, 'after': found.next_cursor})}",
        "first_url": f"?{urlencode({'state': state})}",
    }
    return pages.page(request, "picking/waves.html", context, refusal=refusal)


@permit("view_deliveries")
@require_safe
def wave(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one wave."""
    return wave_page(request, public_id)


def wave_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one wave; after a refusal with what was typed."""
    found = picking.wave(request.site.id, public_id, request.zone)
    context = {
        "wave": found,
        "row": found.row,
        "percent": percent(found),
        "history": history([("wave", found.row.id)], request.zone),
    }
    return pages.page(request, "picking/wave.html", context, refusal=refusal)


def percent(found: picking.WaveView) -> int:
    """Return how far a wave is; a task found short is done with."""
    return (found.row.done + found.row.short) * 100 // found.row.tasks if found.row.tasks else 100
