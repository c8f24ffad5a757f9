"""Note that an event did not reach its webhook, and when it is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from milkrun.connections.models import Note, Webhook
from milkrun.connections.states import NOTE_MOVES, WEBHOOK_MOVES
from milkrun.connections.steps import count_sync
from milkrun.exchange.queries import next_try
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import move

# A receiver that answered nothing but failures for so long is switched off, and people are told.
DISABLE_AFTER = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class EventFailureRecorded:
    """When the webhook is tried again, None where it is not by itself; and whether it was switched off."""

    due_at: datetime | None
    disabled: bool = False


@command
def record_event_failure(
    *, note_id: int, lease: int, status: int, error: str, permanent: bool, actor: Actor, at: datetime
) -> EventFailureRecorded:
    """Give the leases of a webhook's queue back and set the time of its next try, by the ladder of the outbox.

    Args:
        status: the HTTP status that came back, 0 where none did.
        permanent: trying this event again cannot help; it is held and the ones behind it go on.
    """
    failed = Note.objects.filter(pk=note_id, lease=lease, state="queued").first()
    if failed is None:
        return EventFailureRecorded(None)
    hook = lock_one(Webhook.objects.filter(pk=failed.webhook_id), noun="webhook")
    rows = lock(Note.objects.filter(webhook_id=hook.pk, state="queued", leased_until__isnull=False))
    head = next(row for row in rows if row.pk == note_id)
    since = hook.failing_since or at
    off = hook.state == "active" and at - since >= DISABLE_AFTER
    due_at = None if permanent or off else next_try(hook.failures + 1, at)

    Note.objects.filter(pk__in=[row.pk for row in rows]).update(leased_until=None)
    tried = {"attempts": head.attempts + 1, "last_status": status, "last_error": error[:400], "tried_at": at}
    if permanent:
        move([head], NOTE_MOVES, "hold", noun="Event", **tried)
    else:
        Note.objects.filter(pk=head.pk).update(**tried)
    Webhook.objects.filter(pk=hook.pk).update(failing_since=since)
    if due_at:
        Webhook.objects.filter(pk=hook.pk).update(failures=hook.failures + 1, due_at=due_at)
    count_sync("webhook", hook.public_id, at=at, failed=1, what="event", code=str(status or "no answer"), detail=error)

    if off:
        before, after = move([hook], WEBHOOK_MOVES, "disable", noun="Webhook")[hook.pk]
        said = f"No event reached {hook.name} for {DISABLE_AFTER.days} days: {error}"
        entry = journal.Entry(
            "disable_webhook", "webhook", hook.pk, site_id=hook.site_id, before=before, after=after, reason=said
        )
        journal.write([entry], actor=actor, at=at)
    return EventFailureRecorded(due_at, off)
