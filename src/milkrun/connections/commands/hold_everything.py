"""Let nothing leave and nobody in after a copy was brought back, until a person says so."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session

from milkrun.connections.models import Webhook
from milkrun.connections.states import WEBHOOK_MOVES
from milkrun.exchange.models import OutboxMessage
from milkrun.exchange.states import OUTBOX_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move
from milkrun.partners.models import ApiToken


@dataclass(frozen=True, slots=True)
class EverythingHeld:
    """How many files and mails were held, webhooks paused, tokens revoked and people signed out."""

    outbox: int
    webhooks: int
    tokens: int
    sessions: int


@command
def hold_everything(*, actor: Actor, at: datetime, reason: str = "") -> EverythingHeld:
    """Hold the outbox, pause webhooks, revoke tokens, end sessions.

    What waits in a copy may have left since the copy was made; whether it goes once more is for a person to decide.
    """
    files = lock(OutboxMessage.objects.filter(state="queued").defer("payload"))
    move(files, OUTBOX_MOVES, "hold", noun="Message", leased_until=None)
    hooks = lock(Webhook.objects.filter(state="active"))
    move(hooks, WEBHOOK_MOVES, "pause", noun="Webhook")
    tokens = ApiToken.objects.filter(revoked_at=None).update(revoked_at=at)
    sessions = Session.objects.all().delete()[0]

    facts = {"outbox": len(files), "webhooks": len(hooks), "tokens": tokens, "sessions": sessions}
    journal.write([journal.Entry("hold_everything", "installation", 0, reason=reason, facts=facts)], actor=actor, at=at)
    return EverythingHeld(len(files), len(hooks), tokens, sessions)
