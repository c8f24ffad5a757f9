"""Items with their stock, one item with balances and movements, one handling unit."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.demand import queries as demand
from milkrun.kernel.errors import Refusal
from milkrun.parts import queries as parts
from milkrun.shipping import queries as shipping
from milkrun.stock import queries as stock
from milkrun.stock.queries import MovementRow
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.history import history
from milkrun.web.stock.policies import shown_policy
from milkrun.web.stock.store import keeping


@permit("view_stock")
@require_safe
def items(request: StaffRequest) -> HttpResponse:
    """List parts with what is on hand."""
    text = request.GET.get("text", "").strip()[:80]
    page = stock.items(request.site.id, text, request.GET.get("after", ""))
    context = {
        "rows": page.rows,
        "text": text,
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'text': text, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode({'text': text})}",
    }
    return pages.page(request, "stock/items.html", context)


@permit("view_stock")
@require_safe
def item(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one item."""
    return item_page(request, public_id)


def item_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one item; after a refusal with what was typed."""
    part = parts.part(public_id)
    site = request.site.id
    page = stock.movements(site, part.id, request.zone, request.GET.get("after", ""))
    kept = stock.reservations(site, part.id, request.zone)
    calls = demand.calls_of_components([row.purpose_id for row in kept if row.purpose_kind == "component"])
    places = stock.balances(site, part.id)
    here = reverse("item", args=[public_id])
    context = {
        "part": part,
        "total": stock.on_hand(site, part.id),
        "balances": places,
        "movable": [place for place in places if not place.hu],
        "reservations": [
            {"row": row, "call": calls.get(row.purpose_id) if row.purpose_kind == "component" else None} for row in kept
        ],
        "movements": _with_documents(page.rows),
        "locations": stock.locations(site),
        "history": history([("part", part.id)], request.zone, limit=30),
        **keeping(request, part, places),
        "next_cursor": page.next_cursor,
        "next_url": f"{here}?{urlencode({'after': page.next_cursor})}",
        "first_url": here,
        **shown_policy(request, part.id),
    }
    return pages.page(request, "stock/item.html", context, refusal=refusal)


def _with_documents(rows: tuple[MovementRow, ...]) -> list[dict[str, Any]]:
    """Name the document behind each movement, where it has a page."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.document_id:
            wanted.setdefault(row.document_kind, set()).add(row.document_id)
    calls = demand.calls_of_components(wanted.get("component", ()))
    deliveries = shipping.deliveries_by_id(wanted.get("delivery", ()))
    shown = []
    for row in rows:
        link = None
        if row.document_kind == "component" and (call := calls.get(row.document_id or 0)):
            link = {"word": _("Call %s") % call.number, "url": reverse("call", args=[call.public_id]),
                    "action": "view_calls"}  # fmt: skip
        elif row.document_kind == "delivery" and (delivery := deliveries.get(row.document_id or 0)):
            link = {"word": _("Delivery %s") % delivery[0], "url": reverse("delivery", args=[delivery[1]]),
                    "action": "view_deliveries"}  # fmt: skip
        shown.append({"row": row, "link": link})
    return shown
