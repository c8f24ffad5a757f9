"""The home page and the search-or-scan box."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.billing import queries as billing
from milkrun.demand import queries as demand
from milkrun.exchange import queries as exchange
from milkrun.insight.queries.touchless import touchless
from milkrun.kernel.paging import Hit
from milkrun.parts import queries as parts
from milkrun.production import queries as production
from milkrun.shipping import queries as shipping
from milkrun.stock import queries as stock
from milkrun.web import pages
from milkrun.web.access import StaffRequest, signed_in
from milkrun.web.live import following
from milkrun.web.today.deciding import decisions, exceptions


@dataclass(frozen=True, slots=True)
class Figure:
    """A live number with the list behind it."""

    number: str
    word: str
    url: str
    tone: str = ""


@signed_in
@require_safe
def today(request: StaffRequest) -> HttpResponse:
    """Show the numbers that matter to the person's roles and what to decide now."""
    return pages.page(request, "today/today.html", _today(request))


@signed_in
@require_safe
def live(request: StaffRequest) -> HttpResponse:
    """Return the numbers and decisions alone, or "not modified" while nothing happened."""
    return following(request, lambda: pages.page(request, "today/live.html", _today(request)))


@signed_in
@require_safe
def tasks(request: StaffRequest) -> HttpResponse:
    """Show everything that waits for the person, ordinary work too."""
    return pages.page(request, "today/tasks.html", {"decisions": decisions(request)})


def _today(request: StaffRequest) -> dict[str, object]:
    return {
        "figures": _figures(request),
        "decisions": exceptions(request),
        "tasks": len(decisions(request)),
        "last_file": exchange.last_received(request.zone),
        "can_upload": "receive_interchange" in request.access.actions,
    }


def _figures(request: StaffRequest) -> list[Figure]:
    may, site = request.access.actions, request.site.id
    figures: list[Figure] = []
    if "view_calls" in may:
        states, pressure = demand.call_counts(site), demand.pressure(site, timezone.now())
        figures += [
            _calls(pressure["late"], _("calls late"), reverse("calls"), "act"),
            _calls(pressure["soon"], _("calls due in 4 hours"), reverse("calls")),
            _calls(states.get("created", 0), _("calls to release"), reverse("calls") + "?state=created"),
        ]
    if "view_jobs" in may:
        made = production.counts(site)
        figures += [
            _figure(made["open_jobs"], _("open jobs"), reverse("jobs")),
            _figure(made["failed_postings"], _("failed postings"), reverse("failed_postings"), "act"),
        ]
    if "view_packing" in may:
        figures.append(_figure(demand.racks_to_pack(site), _("racks to pack"), reverse("packing")))
    if "view_deliveries" in may:
        counts = shipping.delivery_counts(site)
        waiting = counts.get("open", 0) + counts.get("picked", 0)
        figures.append(_figure(waiting, _("deliveries to send"), reverse("deliveries")))
        if "view_billing" in may:
            figures.append(_figure(counts.get("issued", 0), _("shipped, not billed"), reverse("billing")))
    if "view_setup" in may:
        share = touchless(site, timezone.now())
        number = "–" if share.percent is None else f"{share.percent} %"
        figures.append(Figure(number, _("without a hand, last 7 days"), reverse("automatic_steps")))
    return figures


def _calls(number: int, word: str, url: str, tone: str = "") -> Figure:
    """Show a count of calls, which ends early where there are very many."""
    return Figure(demand.counted(number), word, url, tone if number else "")


def _figure(number: int, word: str, url: str, tone: str = "") -> Figure:
    return Figure(f"{number:,}", word, url, tone if number else "")


# kind of hit -> (name of its page, the action that opens it)
TARGETS = {
    "call": ("call", "view_calls"),
    "part": ("item", "view_stock"),
    "handling_unit": ("handling_unit", "view_stock"),
    "rack": ("rack", "view_packing"),
    "delivery": ("delivery", "view_deliveries"),
    "job": ("job", "view_jobs"),
    "invoice": ("invoice", "view_billing"),
}


@signed_in
@require_safe
def search(request: StaffRequest) -> HttpResponse:
    """Find by any number; one exact hit is opened at once."""
    text = request.GET.get("q", "").strip()[:80]
    hits = [hit for hit in _find(request.site.id, text) if TARGETS[hit.kind][1] in request.access.actions]
    exact = [hit for hit in hits if hit.exact]
    if exact and (len(exact) == 1 or exact[0].kind == "rack" or "scan" in request.GET):
        return redirect(_target(exact[0]))
    shown = [{"hit": hit, "url": _target(hit)} for hit in hits]
    return pages.page(request, "today/search.html", {"q": text, "hits": shown})


def _target(hit: Hit) -> str:
    return reverse(TARGETS[hit.kind][0], args=[hit.public_id])


def _find(site_id: int, text: str) -> list[Hit]:
    if not text or not text.isprintable():
        return []
    units = stock.find(site_id, text)
    found = stock.handling_unit_ids(site_id, [hit.public_id for hit in units if hit.exact])
    return [
        *demand.find_racks(site_id, found),
        *units,
        *demand.find(site_id, text),
        *shipping.find(site_id, text),
        *production.find(site_id, text),
        *billing.find(site_id, text),
        *parts.find(text),
    ]
