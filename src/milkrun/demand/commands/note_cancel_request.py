"""Keep on a call that the customer wanted it cancelled when it was too late to cancel it freely."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.demand.models import JitCall
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock_one


@dataclass(frozen=True, slots=True)
class CancelRequestNoted:
    """The wish stands in the call's history; nothing else has changed."""

    call_id: int


@command
def note_cancel_request(*, call_id: int, reason: str, actor: Actor, at: datetime) -> CancelRequestNoted:
    """Write the customer's wish, and why it was not followed, into the history of the call.

    Raises:
        NotFound: no such call.
    """
    call = lock_one(JitCall.objects.filter(pk=call_id), noun="call")

    journal.write(
        [
            journal.Entry(
                "refuse_cancel",
                "call",
                call.pk,
                site_id=call.site_id,
                before=call.state,
                after=call.state,
                reason=reason,
            )
        ],
        actor=actor,
        at=at,
    )
    return CancelRequestNoted(call.pk)
