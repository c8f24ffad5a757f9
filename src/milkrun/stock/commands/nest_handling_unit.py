"""Stand a handling unit inside another one, or take it out."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.stock import steps


@dataclass(frozen=True, slots=True)
class HandlingUnitNested:
    """A handling unit stands inside `into`, or on its own where that is empty."""

    hu_id: int
    into: int | None


@command
def nest_handling_unit(
    *, site_id: int, hu_id: int, into_id: int | None, actor: Actor, at: datetime, request: Request | None = None
) -> HandlingUnitNested:
    """Nest one unit; it goes along to where the other one stands. Nesting stays a forest of at most five levels.

    Raises:
        NestingRing, NestingTooDeep, HandlingUnitFrozen: see `milkrun.stock.steps.nest`.
    """
    held = {row.pk: row for row in steps.hold_trees([hu_id, into_id or hu_id], site_id=site_id)}
    unit = steps.nest(hu_id, into_id, site_id=site_id)
    if into_id is not None:
        inner = [held[key] for key in steps.tree([hu_id])]
        steps.carry(inner, held[into_id].location_id, kind="move_unit", reason="", actor=actor, at=at)

    journal.write(
        [journal.Entry("nest_handling_unit", "hu", unit.pk, site_id=site_id, facts={"into": into_id})],
        actor=actor,
        at=at,
    )
    return HandlingUnitNested(unit.pk, into_id)
