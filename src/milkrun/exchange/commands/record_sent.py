"""Note that the transport has taken a message."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.exchange.errors import StaleLease
from milkrun.exchange.models import OutboxMessage
from milkrun.exchange.states import OUTBOX_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move


@dataclass(frozen=True, slots=True)
class SentRecorded:
    """The message is out."""

    outbox_id: int


@command
def record_sent(*, outbox_id: int, lease: int, actor: Actor, at: datetime) -> SentRecorded:
    """Mark a leased message as sent.

    Raises:
        StaleLease: the lease ran out and another worker took the message over.
    """
    row = lock_one(OutboxMessage.objects.filter(pk=outbox_id), noun="message")
    if row.lease != lease or row.state != "queued":
        raise StaleLease(_("Another worker took this message over."), outbox=outbox_id)

    move(
        [row],
        OUTBOX_MOVES,
        "send",
        noun="Message",
        sent_at=at,
        leased_until=None,
        attempts=row.attempts + 1,
        last_error="",
    )

    journal.write([journal.Entry("record_sent", "outbox", row.pk, before="queued", after="sent")], actor=actor, at=at)
    return SentRecorded(row.pk)
