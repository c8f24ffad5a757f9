"""Send events to a webhook once more, byte for byte the same and under the same ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.connections.errors import UnknownNote
from milkrun.connections.models import Note, Webhook
from milkrun.connections.states import NOTE_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import move


@dataclass(frozen=True, slots=True)
class EventsReplayed:
    """How many events wait again."""

    events: int


@command
def replay_events(
    *,
    webhook_id: int,
    actor: Actor,
    at: datetime,
    event_ids: Sequence[str] = (),
    since: datetime | None = None,
    request: Request | None = None,
) -> EventsReplayed:
    """Queue events again: the named ones, or every one that happened since an instant.

    The receiver knows them by their id, so one that it has taken already does no harm.

    Raises:
        UnknownNote: an event was never meant for this webhook.
        NotFound: there is no such webhook.
    """
    hook = lock_one(Webhook.objects.exclude(state="removed").filter(pk=webhook_id), noun="webhook")
    mine = Note.objects.filter(webhook=hook)
    wanted = mine.filter(event__occurred_at__gte=since) if since else mine.filter(event__public_id__in=list(event_ids))
    rows = lock(wanted)
    if not since and len(rows) != len(set(event_ids)):
        raise UnknownNote(_("This webhook was never sent one of these events."), webhook=hook.public_id)

    again = [row for row in rows if row.state != "queued"]
    move(again, NOTE_MOVES, "queue_again", noun="Event", leased_until=None)
    Webhook.objects.filter(pk=hook.pk).update(due_at=at)

    facts = {"events": len(again), **({"since": since.isoformat()} if since else {})}
    journal.write(
        [journal.Entry("replay_events", "webhook", hook.pk, site_id=hook.site_id, facts=facts)], actor=actor, at=at
    )
    return EventsReplayed(len(again))
