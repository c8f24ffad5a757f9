"""Let e-mails go that were held, all at once: a mail server was set, or works again."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.exchange.models import OutboxMessage
from milkrun.exchange.states import OUTBOX_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move

MOST = 1000


@dataclass(frozen=True, slots=True)
class HeldReleased:
    """How many e-mails wait in the outbox again."""

    count: int


@command
def release_held(*, actor: Actor, at: datetime, request: Request | None = None) -> HeldReleased:
    """Queue held e-mails again, oldest first, at most a thousand; files to partners are released one by one."""
    held = OutboxMessage.objects.filter(channel="email", state="held").order_by("pk")
    rows = lock(OutboxMessage.objects.filter(pk__in=list(held.values_list("pk", flat=True)[:MOST]), state="held"))

    move(rows, OUTBOX_MOVES, "queue_again", noun="Message", due_at=at, leased_until=None)

    journal.write(
        [journal.Entry("release_held", "outbox", row.pk, before="held", after="queued") for row in rows],
        actor=actor,
        at=at,
    )
    return HeldReleased(len(rows))
