"""Take a webhook's oldest waiting events under a lease, so that one worker at a time sends them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from milkrun.connections.models import Note, Webhook
from milkrun.connections.queries.secrets import secret_of
from milkrun.kernel.command import command
from milkrun.kernel.lock import hold, lock

LEASE = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Letter:
    """An event to send, under a lease number."""

    note_id: int
    lease: int
    event_id: str
    payload_hex: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class EventsClaimed:
    """Events of one webhook in the order they must leave, where to, and the secrets that are live."""

    url: str = ""
    public_id: str = ""
    secrets: tuple[str, ...] = ()
    letters: tuple[Letter, ...] = ()


@command
def claim_events(*, webhook_id: int, at: datetime, limit: int = 20) -> EventsClaimed:
    """Lease the head of a webhook's queue; nothing where another worker holds it or it is not due."""
    hold("webhook", webhook_id)
    hook = Webhook.objects.filter(pk=webhook_id, state="active", due_at__lte=at).first()
    heads = Note.objects.filter(webhook_id=webhook_id, state="queued").order_by("pk").values_list("pk", flat=True)
    rows = lock(Note.objects.filter(pk__in=list(heads[:limit]), state="queued")) if hook else []
    if hook is None or not rows or any(row.leased_until and row.leased_until > at for row in rows):
        return EventsClaimed()

    for row in rows:
        row.lease += 1
        row.leased_until = at + LEASE
    Note.objects.bulk_update(rows, ["lease", "leased_until"])

    live = [hook.secret_version]
    if hook.former_until and hook.former_until > at:
        live.append(hook.secret_version - 1)
    notes = Note.objects.filter(pk__in=[row.pk for row in rows]).select_related("event").order_by("pk")
    return EventsClaimed(
        hook.url,
        hook.public_id,
        tuple(secret_of(hook.public_id, version) for version in live),
        tuple(
            Letter(n.pk, n.lease, n.event.public_id, bytes(n.event.payload).hex(), n.event.occurred_at) for n in notes
        ),
    )
