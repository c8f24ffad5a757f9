"""Send a webhook an event that says nothing but that the way is open."""

import json
from dataclasses import dataclass
from datetime import datetime

from milkrun.connections.models import Event, Note, Webhook
from milkrun.connections.queries.kinds import TEST_KIND
from milkrun.kernel import journal, numbering
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one


@dataclass(frozen=True, slots=True)
class TestEventQueued:
    """The event waits to be sent."""

    event_id: str


@command
def send_test_event(*, webhook_id: int, actor: Actor, at: datetime, request: Request | None = None) -> TestEventQueued:
    """Queue a test event for one webhook; it is tried at once, also while the webhook waits after failures.

    Raises:
        NotFound: there is no such webhook, or it was removed.
    """
    row = lock_one(Webhook.objects.exclude(state="removed").filter(pk=webhook_id), noun="webhook")

    told = {"type": TEST_KIND, "timestamp": at.isoformat(), "data": {"webhook": row.name, "asked_by": actor.name}}
    event = Event.objects.create(
        kind=TEST_KIND,
        site_id=row.site_id,
        feed="test",
        entry=numbering.take("webhook test"),
        occurred_at=at,
        recorded_at=at,
        payload=json.dumps(told, separators=(",", ":")).encode(),
    )
    Note.objects.create(webhook=row, event=event)
    Webhook.objects.filter(pk=row.pk).update(due_at=at)

    journal.write([journal.Entry("send_test_event", "webhook", row.pk, site_id=row.site_id)], actor=actor, at=at)
    return TestEventQueued(event.public_id)
