"""Deliveries and one delivery with all that leaves with it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.billing import queries as billing
from milkrun.exchange import queries as exchange
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.kernel.spoken import paper_word
from milkrun.labels.documents import in_words, write_paper
from milkrun.labels.documents_shipping import shipping_paper
from milkrun.partners import queries as partners
from milkrun.shipping import queries as shipping
from milkrun.shipping.queries.advice import preview as notice_preview
from milkrun.shipping.queries.board import departures
from milkrun.shipping.queries.papers import customer_of, shipment
from milkrun.stock import queries as stock
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.history import history
from milkrun.web.live import following
from milkrun.web.papers import pdf_answer
from milkrun.web.printing.card import label_card

# what a state allows -> the command behind it
MOVES = {
    "finish_picking": "pick_delivery",
    "issue": "post_goods_issue",
    "reverse_issue": "reverse_goods_issue",
    "bill": "issue_invoice",
    "change": "split_delivery",
    "cancel": "cancel_delivery",
}


@permit("view_deliveries")
@require_safe
def deliveries(request: StaffRequest) -> HttpResponse:
    """List deliveries, the earliest due first."""
    state = request.GET.get("state", "")
    if state and state not in words.STATES["delivery"]:
        raise Invalid([Problem("state", _("“{state}” is not a state of a delivery.").format(state=state[:20]))])
    page = shipping.deliveries(request.site.id, request.zone, state, request.GET.get("after", ""))
    context = {
        "rows": page.rows,
        "state": state,
        "counts": shipping.delivery_counts(request.site.id),
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'state': state, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode({'state': state})}",
    }
    return pages.page(request, "deliveries/deliveries.html", context)


@permit("view_deliveries")
@require_safe
def delivery(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one delivery."""
    return delivery_page(request, public_id)


def delivery_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one delivery; after a refusal with what was typed."""
    found = shipping.delivery(request.site.id, public_id, request.zone)
    row = found.row
    context: dict[str, Any] = {
        "delivery": found,
        "row": row,
        "allows": {MOVES[move] for move in row.open if move in MOVES} & request.access.actions,
        "to_pick": [unit.sscc for unit in found.units if unit.state == "closed"],
        "outbox": exchange.outbox_of("delivery", row.id, request.zone),
        "may_change": row.state in ("open", "picked") and not found.notices,
        "packed": shipping.packed_for(row.id) if row.state in ("open", "picked") else (),
        "invoices": billing.invoices_of_delivery(row.id, request.zone),
        **label_card(
            request, stock.handling_unit_ids(request.site.id, [unit.public_id for unit in found.units]), "gs1_logistics"
        ),
        "history": history([("delivery", row.id)], request.zone),
    }
    return pages.page(request, "deliveries/delivery.html", context, refusal=refusal)


@permit("view_deliveries")
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Show what leaves when, how much of it is loaded and what is missing."""
    return pages.page(request, "deliveries/board.html", {"rows": departures(request.site.id, timezone.now())})


@permit("view_deliveries")
@require_safe
def board_rows(request: StaffRequest) -> HttpResponse:
    """Render the board's rows for a page that follows them."""

    def rows() -> HttpResponse:
        return pages.page(request, "deliveries/board_rows.html", {"rows": departures(request.site.id, timezone.now())})

    return following(request, rows)


@permit("view_deliveries")
@require_safe
def preview(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show the shipping notice as a goods issue would send it now."""
    found = shipping.delivery(request.site.id, public_id, request.zone)
    shown = notice_preview(request.site.id, public_id, timezone.now())
    return pages.page(request, "deliveries/preview.html", {"row": found.row, "preview": shown})


@permit("view_deliveries")
@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    """List how customers' deliveries are announced."""
    return rules_page(request)


def rules_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render the customers' rules; after a refusal with what was typed."""
    return pages.page(request, "deliveries/rules.html", {"rows": shipping.shipping_rules()}, refusal=refusal)


@permit("view_deliveries")
@require_safe
def paper(request: StaffRequest, public_id: str, kind: str) -> HttpResponse:
    """Download a paper of a delivery, made of what left (or stands to leave)."""
    with partners.writing_to(customer_of(request.site.id, public_id)):
        made = in_words(shipping_paper(kind, shipment(request.site.id, public_id)), paper_word)
    return pdf_answer(f"{kind}-{made.number}.pdf", write_paper(made))
