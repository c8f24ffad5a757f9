"""Note that sending a message failed, and when it is tried again."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.exchange.models import OutboxMessage
from milkrun.exchange.queries import next_try
from milkrun.exchange.states import CHANNELS_IN_ORDER, OUTBOX_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move


@dataclass(frozen=True, slots=True)
class FailureRecorded:
    """When the message is due again; None where a person must look at it first."""

    due_at: datetime | None


@command
def record_failure(
    *, outbox_id: int, lease: int, error: str, permanent: bool, actor: Actor, at: datetime
) -> FailureRecorded:
    """Give the lease of this message and of the ones behind it back, and set the time of the next try.

    Args:
        permanent: trying again cannot help; the message is held and the ones behind it go on.
    """
    failed = OutboxMessage.objects.filter(pk=outbox_id, lease=lease, state="queued").first()
    if failed is None:
        return FailureRecorded(None)
    behind = OutboxMessage.objects.filter(partner_id=failed.partner_id, channel=failed.channel, state="queued")
    rows = lock(behind if failed.channel in CHANNELS_IN_ORDER else behind.filter(pk=outbox_id))
    head = next(row for row in rows if row.pk == outbox_id)
    due_at = None if permanent else next_try(head.attempts + 1, at)

    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(leased_until=None)
    if permanent:
        move([head], OUTBOX_MOVES, "hold", noun="Message", attempts=head.attempts + 1, last_error=error[:400])
    else:
        OutboxMessage.objects.filter(pk=head.pk).update(
            attempts=head.attempts + 1, last_error=error[:400], due_at=due_at
        )

    journal.write(
        [journal.Entry("record_failure", "outbox", head.pk, after=head.state, reason=error)], actor=actor, at=at
    )
    return FailureRecorded(due_at)
