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
    """Nest one unit; the nesting of a site stays a forest of at most five levels.

    Raises:
        NestingRing, NestingTooDeep, HandlingUnitFrozen: see `milkrun.stock.steps.nest`.
    """
    unit = steps.nest(hu_id, into_id, site_id=site_id)

    journal.write(
        [journal.Entry("nest_handling_unit", "hu", unit.pk, site_id=site_id, facts={"into": into_id})],
        actor=actor,
        at=at,
    )
    return HandlingUnitNested(unit.pk, into_id)
