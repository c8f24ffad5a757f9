"""Pause a webhook, let it go on, or remove it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.connections.models import Webhook
from milkrun.connections.states import WEBHOOK_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move

SWITCHES = ("pause", "resume", "remove")


@dataclass(frozen=True, slots=True)
class WebhookSwitched:
    """Where the webhook stands now."""

    state: str


@command
def switch_webhook(
    *, webhook_id: int, switch: str, actor: Actor, at: datetime, request: Request | None = None
) -> WebhookSwitched:
    """Move a webhook. While it is paused its events wait; when it goes on they are sent in order.

    Args:
        switch: "pause", "resume" or "remove"; a removed one is gone for good, what waited for it is not sent.

    Raises:
        Invalid: there is no such switch.
        NotFound: there is no such webhook.
        IllegalMove: it stands there already.
    """
    if switch not in SWITCHES:
        raise Invalid([Problem("switch", _("A webhook is paused, resumed or removed."), "unknown_switch")])
    row = lock_one(Webhook.objects.filter(pk=webhook_id), noun="webhook")

    fresh = {"due_at": at, "failures": 0, "failing_since": None} if switch == "resume" else {}
    before, after = move([row], WEBHOOK_MOVES, switch, noun="Webhook", **fresh)[row.pk]

    entry = journal.Entry(f"{switch}_webhook", "webhook", row.pk, site_id=row.site_id, before=before, after=after)
    journal.write([entry], actor=actor, at=at)
    return WebhookSwitched(after)
