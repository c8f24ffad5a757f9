"""Note that a webhook's receiver has taken an event."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.connections.errors import StaleClaim
from milkrun.connections.models import Note, Webhook
from milkrun.connections.states import NOTE_MOVES
from milkrun.connections.steps import count_sync
from milkrun.kernel.command import command
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move


@dataclass(frozen=True, slots=True)
class EventSent:
    """The event is out."""

    note_id: int


@command
def record_event_sent(*, note_id: int, lease: int, status: int, at: datetime) -> EventSent:
    """Mark a leased event as sent; the webhook is well again.

    Args:
        status: the HTTP status that the receiver answered with.

    Raises:
        StaleClaim: the lease ran out and another worker took the event over.
    """
    row = lock_one(Note.objects.filter(pk=note_id).select_related("webhook", "event"), noun="event")
    if row.lease != lease or row.state != "queued":
        raise StaleClaim(_("Another worker took this event over."), note=note_id)

    move(
        [row],
        NOTE_MOVES,
        "send",
        noun="Event",
        attempts=row.attempts + 1,
        leased_until=None,
        last_status=status,
        last_error="",
        tried_at=at,
        sent_at=at,
    )
    Webhook.objects.filter(pk=row.webhook_id).exclude(failures=0).update(failures=0, failing_since=None)
    count_sync("webhook", row.webhook.public_id, at=at, done=1, event_at=row.event.occurred_at)
    return EventSent(row.pk)
