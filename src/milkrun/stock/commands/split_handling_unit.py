"""Take part of a handling unit's content into a new one beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.measure.quantity import trouble_with
from milkrun.stock import steps
from milkrun.stock.models import HandlingUnit


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a part, of one lot where it has lots, in base units."""

    part_id: int
    qty: Decimal
    lot_id: int | None = None


@dataclass(frozen=True, slots=True)
class HandlingUnitSplit:
    """The new unit that holds what was taken out."""

    hu_id: int
    public_id: str
    sscc: str
    posting_id: int


@command
def split_handling_unit(
    *,
    site_id: int,
    hu_id: int,
    shares: Sequence[Share],
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> HandlingUnitSplit:
    """Move the shares into a new unit of the same kind at the same place, standing on its own.

    Raises:
        NotFound: the unit does not exist at this site.
        Invalid: nothing is chosen, something twice, or a quantity is not positive.
        HandlingUnitFrozen: it is closed, or no longer used.
        ShortStock: less is free in it; what is kept for a call stays.
    """
    unit = lock_one(HandlingUnit.objects.filter(pk=hu_id, site_id=site_id), noun="handling unit")
    _refuse_impossible(shares)
    steps.refuse_frozen([unit])

    new = steps.create_handling_unit(site_id=site_id, location_id=unit.location_id, kind=unit.kind, at=at)
    wanted = [(share.part_id, share.lot_id, share.qty) for share in shares]
    posted = steps.take_some(unit, wanted, new, actor=actor, at=at, document=("hu", unit.pk))
    HandlingUnit.objects.filter(pk__in=[unit.pk, new.pk]).update(handled_by=actor.name, handled_at=at)

    facts = {"from": unit.sscc, "to": new.sscc, "posting": posted.posting_id}
    journal.write(
        [journal.Entry("split_handling_unit", "hu", key, site_id=site_id, facts=facts) for key in (unit.pk, new.pk)],
        actor=actor,
        at=at,
    )
    return HandlingUnitSplit(new.pk, new.public_id, new.sscc, posted.posting_id)


def _refuse_impossible(shares: Sequence[Share]) -> None:
    problems = [Problem("qty", trouble, "not_positive") for share in shares if (trouble := trouble_with(share.qty))]
    if not shares:
        problems.append(Problem("qty", _("Say how much of what goes into the new unit."), "nothing_chosen"))
    if len({(share.part_id, share.lot_id) for share in shares}) != len(shares):
        problems.append(Problem("qty", _("The same part was chosen twice."), "chosen_twice"))
    if problems:
        raise Invalid(problems)
