"""The frame of every page: what the signed-in person may reach, and the site that is looked at."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from milkrun.exchange.queries import telling
from milkrun.insight import queries as insight
from milkrun.partners.queries import Access
from milkrun.web.portal.frame import portal_frame
from milkrun.web.words import Word


@dataclass(frozen=True, slots=True)
class Item:
    """A place in the navigation: its word, its address, the action that opens it and its key after `g`."""

    word: Word
    name: str
    action: str
    key: str = ""
    icon: str = ""


TREE: tuple[tuple[Word, tuple[Item, ...]], ...] = (
    ("", (
        Item(_("Today"), "today", "", "t", "today"),
        Item(_("Alerts"), "alerts", "view_alerts", "a", "bell"),
        Item(_("Floor"), "floor", "", "l", "scan"),
    )),
    (_("Orders"), (
        Item(_("Move now"), "moving", "view_calls", "z", "deliveries"),
        Item(_("Calls"), "calls", "view_calls", "o", "calls"),
        Item(_("Messages"), "messages", "view_messages", "e", "messages"),
    )),
    (_("Make"), (
        Item(_("Jobs"), "jobs", "view_jobs", "m", "jobs"),
        Item(_("Failed postings"), "failed_postings", "view_jobs", "f", "failed"),
        Item(_("Shift"), "shift", "confirm_job", "h", "today"),
        Item(_("Line reports"), "runs", "view_jobs", "r", "jobs"),
        Item(_("Load"), "load", "view_jobs", "c", "rules"),
        Item(_("Scrap"), "scrap", "view_jobs", "", "failed"),
    )),
    (_("Ship"), (
        Item(_("Packing"), "packing", "view_packing", "p", "packing"),
        Item(_("Picking"), "picking", "view_deliveries", "i", "picking"),
        Item(_("Departures"), "departures", "view_deliveries", "d", "deliveries"),
        Item(_("Cross-dock"), "cross_dock", "cross_dock_receipt", "x", "picking"),
        Item(_("Deliveries"), "deliveries", "view_deliveries", "s", "deliveries"),
        Item(_("Labels"), "labels", "view_stock", "j", "label"),
        Item(_("Billing"), "billing", "view_billing", "b", "billing"),
    )),
    (_("Stock"), (
        Item(_("Items"), "items", "view_stock", "k", "stock"),
        Item(_("Handling units"), "handling_units", "view_stock", "g", "packing"),
        Item(_("Trace"), "trace", "view_stock", "y", "search"),
        Item(_("Places and risks"), "places", "view_stock", "w", "stock"),
        Item(_("Counting"), "counts", "view_stock", "n", "scan"),
        Item(_("Scans set aside"), "set_aside_scans", "settle_scan", "", "scan"),
    )),
    (_("Supply"), (Item(_("Receiving"), "receiving", "view_stock", "v", "stock"),)),
    (_("Improve"), (
        Item(_("Analysis"), "demand_deviation", "view_analysis", "q", "chart"),
        Item(_("Stockouts"), "stockouts", "view_analysis", "", "failed"),
        Item(_("Analyse a CSV"), "analyse", "view_analysis", "", "chart"),
    )),
    (_("Set-up"), (
        Item(_("Set-up"), "setup", "view_setup", "u", "setup"),
        Item(_("Sequences"), "streams", "configure_stream", "", "calls"),
        Item(_("Rules for calls"), "call_rules", "set_call_rule", "", "rules"),
        Item(_("Connections"), "connections", "view_connections", "", "rules"),
    )),
)  # fmt: skip
_BOTTOM = 4


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: navigation by right, the site, what the person may do."""
    visitor = getattr(request, "visitor", None)
    if visitor is not None:
        return {"demo_mode": settings.MILKRUN_DEMO, "can": frozenset(), **portal_frame(request, visitor)}
    access = getattr(request, "access", None)
    if access is None or access.site is None:
        return {"demo_mode": settings.MILKRUN_DEMO, "can": frozenset()}
    here = request.resolver_match.url_name if request.resolver_match else ""
    groups = [(title, _open(items, access.actions, here or "")) for title, items in TREE]
    flat = [item for _title, items in groups for item in items]
    return {
        "demo_mode": settings.MILKRUN_DEMO,
        "can": access.actions,
        "access": access,
        "site": access.site,
        "bell": _bell(request, access),
        "zone": access.site.zone,
        "unread": telling.unread_count(request.user.pk or 0, access.roles, access.site.id, timezone.now()),
        "rail": [(title, items) for title, items in groups if items],
        "bottom": flat[:_BOTTOM],
        "more": flat[_BOTTOM:],
    }


def _bell(request: HttpRequest, access: Access) -> tuple[int, int]:
    if access.site is None or "view_alerts" not in access.actions:
        return 0, 0
    return insight.bell(access.site.id, access.roles, request.user.pk)


def _open(items: tuple[Item, ...], actions: frozenset[str], here: str) -> list[dict[str, Any]]:
    return [
        {"word": item.word, "url": reverse(item.name), "key": item.key, "icon": item.icon,
         "current": item.name == _AREA_OF.get(here, here)}
        for item in items
        if not item.action or item.action in actions
    ]  # fmt: skip


# Pages that are no place of the navigation light up the place they belong to.
_AREA_OF = {
    "connection": "connections", "imports": "connections", "import_run": "connections", "upload_table": "connections",
    "webhook": "connections", "new_webhook": "connections",
    "new_job": "jobs", "job_scan": "jobs", "job_card": "jobs", "run": "runs", "work_centre": "load",
    "new_call": "calls", "stream": "streams",
    "call": "calls", "upload": "calls", "job": "jobs", "rack": "packing", "delivery": "deliveries",
    "rack_slot": "packing",
    "wave": "picking", "walk": "picking", "item": "items",
    "preview_asn": "deliveries", "shipping_rules": "deliveries",
    "handling_unit": "handling_units", "print_job": "labels",
    "printers": "labels", "label_templates": "labels", "label_template": "labels",
    "received": "messages", "sent": "messages", "outbox": "messages",
    "place": "places", "space": "places", "expiry": "places", "waste": "places",
    "dwell": "places", "life_cycle": "places", "count": "counts", "count_blind": "counts",
    "receive_scan": "receiving", "new_order": "receiving", "purchase_order": "receiving", "put_away": "receiving",
    "quarantine": "receiving",
    "invoices": "billing", "invoice": "billing", "billing_rules": "billing",
    "told": "messages", "contacts": "messages",
    "alert": "alerts", "alert_rules": "alerts", "alert_rule": "alerts", "new_alert_rule": "alerts",
    "rhythm": "alerts", "stock_availability": "demand_deviation", "coverage": "demand_deviation", "wall": "moving",
}  # fmt: skip
