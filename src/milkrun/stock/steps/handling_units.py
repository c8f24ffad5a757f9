"""Handling units: new ones with their SSCC, and nesting that stays a forest however many hands nest at once."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from milkrun.kernel import numbering
from milkrun.kernel.errors import NotFound
from milkrun.kernel.lock import hold, lock
from milkrun.kernel.spoken import spoken
from milkrun.measure.identifiers import sscc
from milkrun.stock.errors import HandlingUnitFrozen, NestingRing, NestingTooDeep
from milkrun.stock.models import HandlingUnit, Sscc

DEEPEST = 5


def create_handling_unit(*, site_id: int, location_id: int, kind: str, at: datetime) -> HandlingUnit:
    """Make an open handling unit with a shipping container code that was never used before and never will be again."""
    code = sscc(settings.MILKRUN_GS1_EXTENSION, settings.MILKRUN_GS1_PREFIX, numbering.take("sscc"))
    Sscc.objects.create(sscc=code, given_at=at)
    return HandlingUnit.objects.create(site_id=site_id, sscc=code, kind=kind, location_id=location_id, handled_at=at)


def tree(root_ids: list[int]) -> list[int]:
    """List handling units with everything that stands inside them, at any depth."""
    found = list(root_ids)
    level = found
    while level:
        level = list(HandlingUnit.objects.filter(parent_id__in=level).values_list("pk", flat=True))
        found += level
    return found


def nest(unit_id: int, into_id: int | None, *, site_id: int) -> HandlingUnit:
    """Stand a handling unit inside another one, or take it out (`into_id` None).

    Two people nesting A into B and B into A at once would each see a forest; so nesting at a site goes one at a time.

    Raises:
        NotFound: one of the two is not at this site.
        NestingRing: it would stand inside itself.
        NestingTooDeep: more than five deep.
        HandlingUnitFrozen: the outer one is closed, or the inner one rejected, gone or no longer used.
    """
    hold("nest", site_id)
    rows = {row.pk: row for row in lock(HandlingUnit.objects.filter(site_id=site_id, pk__in=[unit_id, into_id or 0]))}
    if {unit_id, into_id or unit_id} - set(rows):
        raise NotFound(_("This handling unit does not exist at this site."), noun="handling unit")
    unit = rows[unit_id]
    if into_id is not None:
        if unit.state not in ("open", "closed"):
            raise HandlingUnitFrozen(
                _("{sscc} is {state}: it is not put into another unit.").format(
                    sscc=unit.sscc, state=spoken(unit.state)
                )
            )
        chain = ancestors(into_id)
        if unit_id in chain:
            raise NestingRing(
                _("{sscc} already holds {rows_sscc}: it cannot stand inside it.").format(
                    sscc=unit.sscc, rows_sscc=rows[into_id].sscc
                )
            )
        if rows[into_id].state != "open":
            raise HandlingUnitFrozen(
                _("{sscc} is {state}: nothing is put into it.").format(
                    sscc=rows[into_id].sscc, state=spoken(rows[into_id].state)
                )
            )
        if len(chain) + _height(unit_id) > DEEPEST:
            raise NestingTooDeep(
                _("Handling units nest at most {deepest} deep.").format(deepest=DEEPEST), deepest=DEEPEST
            )
    HandlingUnit.objects.filter(pk=unit_id).update(parent_id=into_id)
    unit.parent_id = into_id
    return unit


def ancestors(unit_id: int) -> list[int]:
    """List a handling unit and those it stands in, the outermost last."""
    chain: list[int] = []
    at: int | None = unit_id
    while at is not None:
        chain.append(at)
        at = HandlingUnit.objects.values_list("parent_id", flat=True).get(pk=at)
    return chain


def _height(unit_id: int) -> int:
    height, level = 0, [unit_id]
    while level:
        height += 1
        level = list(HandlingUnit.objects.filter(parent_id__in=level).values_list("pk", flat=True))
    return height
