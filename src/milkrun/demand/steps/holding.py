"""Mark calls as held or not, and tell of it."""

from collections.abc import Sequence
from datetime import datetime

from milkrun.demand.models import JitCall
from milkrun.kernel import journal
from milkrun.kernel.identity import Actor


def mark_held(calls: Sequence[JitCall], held: bool, *, action: str, reason: str, actor: Actor, at: datetime) -> None:
    """Set or lift the hold of calls that are held by this transaction."""
    JitCall.objects.filter(pk__in=[call.pk for call in calls]).update(held=held)
    journal.write(
        [
            journal.Entry(
                action, "call", call.pk, site_id=call.site_id, before=call.state, after=call.state, reason=reason
            )
            for call in calls
        ],
        actor=actor,
        at=at,
    )
