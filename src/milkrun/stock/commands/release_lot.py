"""Set a lot free again that was blocked or waited for inspection."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move
from milkrun.stock.models import Lot
from milkrun.stock.states import LOT_MOVES


@dataclass(frozen=True, slots=True)
class LotReleased:
    """A lot is free."""

    lot_id: int


@command
def release_lot(*, lot_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None) -> LotReleased:
    """Release a lot at every site; goods that stand in a quarantine place are put away from there afterwards.

    Raises:
        NotFound: there is no such lot.
        Invalid: no reason is given.
        IllegalMove: it is free already.
    """
    lot = lock_one(Lot.objects.filter(pk=lot_id), noun="lot")
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the lot may be used."), "reason_missing")])

    before, after = move([lot], LOT_MOVES, "release", noun="Lot", state_reason="")[lot.pk]

    facts = {"lot": lot.number}
    journal.write(
        [
            journal.Entry("release_lot", "lot", lot.pk, before=before, after=after, reason=reason, facts=facts),
            journal.Entry("release_lot", "part", lot.part_id, before=before, after=after, reason=reason, facts=facts),
        ],
        actor=actor,
        at=at,
    )
    return LotReleased(lot.pk)
