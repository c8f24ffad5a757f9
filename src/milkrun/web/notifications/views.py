"""What a person was told, what partners were told, their addresses, and the page an e-mail's link opens."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from milkrun.exchange.commands.read_mail import read_mail
from milkrun.exchange.commands.read_notifications import read_notifications
from milkrun.exchange.queries import telling
from milkrun.kernel.errors import Forbidden, Invalid, Problem, Refusal
from milkrun.kernel.identity import Actor
from milkrun.measure.wording import moment
from milkrun.partners import queries as partners
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit, public, signed_in
from milkrun.web.notifications.documents import document_link

STATES = ("", "held", "waiting", "delivered", "read", "no_address")


def _user(request: StaffRequest) -> int:
    return request.actor.user_id or 0


@signed_in
@require_safe
def mine(request: StaffRequest) -> HttpResponse:
    """List what this person was told, newest first."""
    page = telling.my_notifications(
        _user(request), request.access.roles, request.site.id, request.zone, request.GET.get("after", "")
    )
    context = {
        "rows": page.rows,
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'after': page.next_cursor})}",
        "first_url": "?",
    }
    return pages.page(request, "notifications/mine.html", context)


@signed_in
@require_safe
def one(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one notification; opening it is reading it."""
    own = telling.is_mine(public_id, _user(request), request.access.roles, request.site.id)
    if not own and "view_messages" not in request.access.actions:
        # The same answer whether it exists or not.
        raise Forbidden(_("This notification was not meant for you."))
    if own and request.method == "GET":
        read_notifications(
            user_id=_user(request), site_id=request.site.id, roles=request.access.roles, public_id=public_id,
            actor=request.actor, at=timezone.now(),
        )  # fmt: skip
    found = telling.notification(public_id, request.zone, _user(request))
    context = {"row": found, "document": document_link(found.document_kind, found.document_id, request.access.actions)}
    return pages.page(request, "notifications/notification.html", context)


@permit("view_messages")
@require_safe
def told(request: StaffRequest) -> HttpResponse:
    """List what partners were told, with what was delivered and read."""
    chosen = {name: request.GET.get(name, "") for name in ("partner", "kind", "state")}
    if chosen["state"] not in STATES:
        raise Invalid([Problem("state", _("This list does not exist. Choose one of the lists above it."))])
    page = telling.partner_notifications(
        request.zone, chosen["partner"], chosen["kind"], chosen["state"], request.GET.get("after", "")
    )
    context = {
        "rows": page.rows,
        "chosen": chosen,
        "states": STATES,
        "kinds": words.NOTIFICATION_KINDS,
        "partners": partners.customers(),
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({**chosen, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode(chosen)}",
    }
    return pages.page(request, "notifications/told.html", context)


@permit("view_messages")
@require_safe
def contacts(request: StaffRequest) -> HttpResponse:
    """List partners' addresses."""
    return contacts_page(request)


def contacts_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Render partners' addresses; after a refusal with what was typed."""
    context: dict[str, Any] = {
        "rows": telling.contacts(),
        "kinds": {kind: words.word("told", kind) for kind in telling.partner_kinds()},
        "partners": partners.customers(),
    }
    return pages.page(request, "notifications/contacts.html", context, refusal=refusal)


@public
@require_GET
def opened(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a message to whoever has its address; the first opening is kept as the time it was read."""
    actor = Actor(name="e-mail link", via="web", request_id=getattr(request, "request_id", ""))
    try:
        found = read_mail(token=public_id, actor=actor, at=timezone.now())
    except Refusal as refusal:
        return pages.refused(request, refusal)
    context = {"mail": found, "sent": moment(found.sent_at, "UTC"), "read": moment(found.read_at, "UTC")}
    return pages.page(request, "notifications/opened.html", context)
