"""Send a message once more, byte for byte the same."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.exchange.models import OutboxMessage
from milkrun.exchange.states import OUTBOX_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move


@dataclass(frozen=True, slots=True)
class QueuedAgain:
    """The message waits in the outbox again."""

    outbox_id: int


@command
def send_again(*, outbox_id: int, actor: Actor, at: datetime, request: Request | None = None) -> QueuedAgain:
    """Queue a sent, answered or held message again; its bytes and reference stay.

    Raises:
        IllegalMove: it is waiting to be sent already.
    """
    row = lock_one(OutboxMessage.objects.filter(pk=outbox_id), noun="message")

    made = move([row], OUTBOX_MOVES, "queue_again", noun="Message", due_at=at, leased_until=None)

    before, after = made[row.pk]
    journal.write([journal.Entry("send_again", "outbox", row.pk, before=before, after=after)], actor=actor, at=at)
    return QueuedAgain(row.pk)
