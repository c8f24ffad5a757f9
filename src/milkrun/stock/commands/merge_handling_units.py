"""Put everything of some handling units into another one; they are empty then and never used again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.machine import move
from milkrun.stock import steps
from milkrun.stock.errors import NothingInside
from milkrun.stock.models import HandlingUnit
from milkrun.stock.states import HANDLING_UNIT_MOVES


@dataclass(frozen=True, slots=True)
class HandlingUnitsMerged:
    """The unit that holds it all now, and the codes of those that are empty."""

    into_id: int
    emptied: tuple[str, ...]
    posting_id: int | None


@command
def merge_handling_units(
    *,
    site_id: int,
    into_id: int,
    hu_ids: Sequence[int],
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> HandlingUnitsMerged:
    """Move goods and inner units of `hu_ids` into one unit, to where it stands.

    Raises:
        Invalid: nothing is chosen, or the unit itself.
        NotFound: one is not at this site.
        HandlingUnitFrozen: one is closed, or no longer used.
        HandlingUnitInUse: goods in one are kept for a call or a delivery.
        NothingInside: there is nothing to move.
        NestingRing, NestingTooDeep: an inner unit cannot stand in the other.
    """
    sources = sorted(set(hu_ids))
    if not sources or into_id in sources:
        raise Invalid(
            [Problem("hu_ids", _("Choose one or more other units to empty into this one."), "nothing_chosen")]
        )
    held = {row.pk: row for row in steps.hold_trees([into_id, *sources], site_id=site_id)}
    if {into_id, *sources} - set(held):
        raise NotFound(_("A handling unit does not exist at this site. Scan its label again."), noun="handling unit")
    target = held[into_id]
    steps.refuse_frozen([target, *(held[key] for key in sources)])
    rows = steps.inside(sources)
    steps.refuse_kept(rows)
    inner = [row for row in held.values() if row.parent_id in sources and row.pk != into_id]
    if not rows and not inner:
        raise NothingInside(_("These units are empty: there is nothing to merge."))

    if target.parent_id in sources:
        steps.nest(into_id, None, site_id=site_id)
    posting = None
    if rows:
        kind, document = "merge", ("hu", into_id)
        posting = steps.take_all(rows, target, kind=kind, actor=actor, at=at, document=document).posting_id
    for row in inner:
        whole = [held[key] for key in steps.tree([row.pk]) if key in held]
        steps.carry(whole, target.location_id, kind="merge", reason="", actor=actor, at=at)
        steps.nest(row.pk, into_id, site_id=site_id)
    empty = [held[key] for key in sources]
    move(empty, HANDLING_UNIT_MOVES, "empty", noun="Handling unit", parent=None, handled_by=actor.name, handled_at=at)
    HandlingUnit.objects.filter(pk=into_id).update(handled_by=actor.name, handled_at=at)

    codes = tuple(row.sscc for row in empty)
    entries = [
        journal.Entry(
            "merge_handling_units", "hu", row.pk, site_id=site_id, after="emptied", facts={"into": target.sscc}
        )
        for row in empty
    ]
    facts = {"from": ", ".join(codes), "posting": posting}
    entries.append(journal.Entry("merge_handling_units", "hu", into_id, site_id=site_id, facts=facts))
    journal.write(entries, actor=actor, at=at)
    return HandlingUnitsMerged(into_id, codes, posting)
