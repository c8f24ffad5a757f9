"""Note what a partner's acknowledgement says about a message of ours."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.exchange.models import OutboxMessage
from milkrun.exchange.states import OUTBOX_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import move


@dataclass(frozen=True, slots=True)
class AnswerRecorded:
    """Which message was answered; None where we never sent that reference."""

    outbox_id: int | None


@command
def record_answer(
    *, partner_id: int, control: str, accepted: bool, text: str, actor: Actor, at: datetime
) -> AnswerRecorded:
    """Mark the message we sent under this reference as acknowledged or rejected."""
    rows = lock(OutboxMessage.objects.filter(partner_id=partner_id, control=control))
    if not rows or rows[0].state not in ("sent", "acknowledged", "rejected"):
        return AnswerRecorded(None)

    step = "acknowledge" if accepted else "reject"
    made = move(rows, OUTBOX_MOVES, step, noun="Message", answered_at=at, answer=text[:400])

    before, after = made[rows[0].pk]
    journal.write(
        [journal.Entry("record_answer", "outbox", rows[0].pk, before=before, after=after, reason=text)],
        actor=actor,
        at=at,
    )
    return AnswerRecorded(rows[0].pk)
