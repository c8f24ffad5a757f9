"""Let a rejected handling unit be used again, with a reason."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.machine import check, move
from milkrun.stock import steps
from milkrun.stock.states import HANDLING_UNIT_MOVES


@dataclass(frozen=True, slots=True)
class HandlingUnitAccepted:
    """The unit and those inside it may be used again."""

    hu_id: int
    units: tuple[str, ...]


@command
def accept_handling_unit(
    *, site_id: int, hu_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> HandlingUnitAccepted:
    """Take a rejection back; the unit stays where it is, open.

    Raises:
        NotFound: the unit does not exist at this site.
        Invalid: no reason is given.
        IllegalMove: it is not rejected.
    """
    units = {row.pk: row for row in steps.hold_trees([hu_id], site_id=site_id)}
    unit = units.get(hu_id)
    if unit is None:
        raise NotFound(_("This handling unit does not exist at this site. Scan its label again."), noun="handling unit")
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why it may be used again."), "missing")])
    check([unit], HANDLING_UNIT_MOVES, "accept", noun="Handling unit")

    waiting = [row for row in units.values() if row.state == "rejected"]
    made = move(waiting, HANDLING_UNIT_MOVES, "accept", noun="Handling unit")

    journal.write(
        [
            journal.Entry("accept_handling_unit", "hu", key, site_id=site_id, before=before, after=after, reason=reason)
            for key, (before, after) in made.items()
        ],
        actor=actor,
        at=at,
    )
    return HandlingUnitAccepted(hu_id, tuple(row.sscc for row in waiting))
