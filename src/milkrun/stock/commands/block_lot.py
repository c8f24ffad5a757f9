"""Keep a lot back: nothing of it is reserved, packed, issued or used up any more, wherever it stands."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move
from milkrun.stock.models import Lot, Reservation
from milkrun.stock.states import LOT_MOVES


@dataclass(frozen=True, slots=True)
class LotBlocked:
    """A lot is kept back; `promised` names what its goods are reserved for already, as (kind, key)."""

    lot_id: int
    promised: tuple[tuple[str, int], ...]


@command
def block_lot(*, lot_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None) -> LotBlocked:
    """Block a lot at every site. What is reserved stays so, but is not packed or issued until the lot is released.

    Raises:
        NotFound: there is no such lot.
        Invalid: no reason is given.
        IllegalMove: it is blocked already.
    """
    lot = lock_one(Lot.objects.filter(pk=lot_id), noun="lot")
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why the lot is blocked."), "reason_missing")])

    moved = move([lot], LOT_MOVES, "block", noun="Lot", state_reason=reason[:400])
    kept = Reservation.objects.filter(state="open", balance__lot=lot).order_by("purpose_kind", "purpose_id")
    promised = tuple(kept.values_list("purpose_kind", "purpose_id").distinct())

    before, after = moved[lot.pk]
    facts = {"lot": lot.number, "reservations": len(promised)}
    journal.write(
        [
            journal.Entry("block_lot", "lot", lot.pk, before=before, after=after, reason=reason, facts=facts),
            journal.Entry("block_lot", "part", lot.part_id, before=before, after=after, reason=reason, facts=facts),
        ],
        actor=actor,
        at=at,
    )
    return LotBlocked(lot.pk, promised)
