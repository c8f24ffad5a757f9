"""Webhooks on the page: made, changed, tested, paused, their events sent again. The secret is shown once."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milkrun.connections.commands.change_webhook import change_webhook
from milkrun.connections.commands.create_webhook import create_webhook
from milkrun.connections.commands.replay_events import replay_events
from milkrun.connections.commands.rotate_webhook_secret import rotate_webhook_secret
from milkrun.connections.commands.send_test_event import send_test_event
from milkrun.connections.commands.switch_webhook import switch_webhook
from milkrun.connections.queries.kinds import EVENT_KINDS, EVERY_KIND
from milkrun.connections.queries.secrets import secret_of
from milkrun.connections.queries.webhooks import notes, webhook, webhook_key
from milkrun.gateway.addresses import networks, refuse_private
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.measure.wording import moment
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.acting import doing, done_before, typed_text


@permit("create_webhook")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Ask for a webhook, or make one and show its secret this once."""
    if request.method != "POST":
        return _form(request)
    try:
        url = typed_text(request, "url")
        refuse_private(url, networks(settings.MILKRUN_WEBHOOK_NETWORKS))
        made = create_webhook(
            name=typed_text(request, "name"),
            url=url,
            kinds=_kinds(request),
            site_id=request.site.id if request.POST.get("where") == "site" else None,
            **doing(request, "create_webhook"),
        )
    except Refusal as refusal:
        return _form(request, refusal)
    return _page(request, made.public_id, secret=secret_of(made.public_id, made.version))


def _kinds(request: StaffRequest) -> list[str]:
    return [EVERY_KIND] if request.POST.get("all") else request.POST.getlist("kind")


def _form(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    chosen = request.POST.getlist("kind")
    context = {"kinds": EVENT_KINDS, "chosen": chosen, "all": bool(request.POST.get("all")) or not chosen}
    return pages.page(request, "connections/new_webhook.html", context, refusal=refusal)


@permit("view_connections")
@require_safe
def shown(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one webhook with its events."""
    return _page(request, public_id)


def _page(request: StaffRequest, public_id: str, refusal: Refusal | None = None, secret: str = "") -> HttpResponse:
    found = webhook(public_id)
    state = request.GET.get("state", "")
    page = notes(public_id, state if state in ("queued", "sent", "held") else "", request.GET.get("after", ""))
    context: dict[str, Any] = {
        "hook": found,
        "kinds": EVENT_KINDS,
        "all": EVERY_KIND in found.kinds,
        "created": moment(found.created_at, request.zone),
        "failing_since": moment(found.failing_since, request.zone),
        "next_try": moment(found.next_try_at, request.zone),
        "former_until": moment(found.former_secret_until, request.zone),
        "rows": [
            {"note": note, "at": moment(note.occurred_at, request.zone), "sent": moment(note.sent_at, request.zone),
             "tried": moment(note.tried_at, request.zone)}
            for note in page.rows
        ],
        "state": state,
        "secret": secret,
        "next_cursor": page.next_cursor,
        "next_url": f"?state={state}&after={page.next_cursor}",
        "first_url": f"?state={state}",
    }  # fmt: skip
    answer = pages.page(request, "connections/webhook.html", context, refusal=refusal)
    if secret:
        answer["Cache-Control"] = "no-store"
    return answer


@permit("change_webhook")
@require_POST
def change(request: StaffRequest, public_id: str) -> HttpResponse:
    """Give the webhook another name, address or choice of events."""
    try:
        url = typed_text(request, "url")
        refuse_private(url, networks(settings.MILKRUN_WEBHOOK_NETWORKS))
        change_webhook(
            webhook_id=webhook_key(public_id), name=typed_text(request, "name"), url=url, kinds=_kinds(request),
            **doing(request, "change_webhook"),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, public_id, refusal)
    messages.success(request, _("Changed. What waits is sent to this address."))
    return redirect("webhook", public_id)


@permit("rotate_webhook_secret")
@require_POST
def rotate(request: StaffRequest, public_id: str) -> HttpResponse:
    """Make a new secret and show it this once."""
    try:
        done = rotate_webhook_secret(webhook_id=webhook_key(public_id), **doing(request, "rotate_webhook_secret"))
    except Refusal as refusal:
        return _page(request, public_id, refusal)
    return _page(request, public_id, secret=secret_of(done.public_id, done.version))


@permit("switch_webhook")
@require_POST
def switch(request: StaffRequest, public_id: str) -> HttpResponse:
    """Pause the webhook, let it go on, or remove it."""
    try:
        done = switch_webhook(
            webhook_id=webhook_key(public_id), switch=request.POST.get("switch", ""),
            **doing(request, "switch_webhook"),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, public_id, refusal)
    messages.success(request, _("The webhook is %(state)s now.") % {"state": done.state})
    return redirect("connections") if done.state == "removed" else redirect("webhook", public_id)


@permit("send_test_event")
@require_POST
def test(request: StaffRequest, public_id: str) -> HttpResponse:
    """Send an event that says nothing but that the way is open."""
    try:
        send_test_event(webhook_id=webhook_key(public_id), **doing(request, "send_test_event"))
    except Refusal as refusal:
        return _page(request, public_id, refusal)
    messages.success(request, _("A test event is on its way. What came of it stands on top of the list in a moment."))
    return redirect("webhook", public_id)


@permit("replay_events")
@require_POST
def replay(request: StaffRequest, public_id: str) -> HttpResponse:
    """Send one event, or everything since an instant, once more."""
    try:
        given = doing(request, "replay_events")
        since = None if request.POST.get("event") or done_before(request, "replay_events") else _since(request)
        events = [request.POST["event"]] if request.POST.get("event") else []
        done = replay_events(webhook_id=webhook_key(public_id), event_ids=events, since=since, **given)
    except Refusal as refusal:
        return _page(request, public_id, refusal)
    text = ngettext("%(n)d event is sent again.", "%(n)d events are sent again.", done.events)
    messages.success(request, text % {"n": done.events})
    return redirect("webhook", public_id)


def _since(request: StaffRequest) -> datetime:
    try:
        given = datetime.fromisoformat(request.POST.get("since", ""))
        return given if given.tzinfo else timezone.make_aware(given, ZoneInfo(request.zone))
    except (ValueError, OverflowError):
        raise Invalid([Problem("since", _("Choose the day and time from which on events are sent again."))]) from None
