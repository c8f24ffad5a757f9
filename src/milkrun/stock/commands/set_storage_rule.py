"""Say how a part is kept at a site: its own bin, whether receipts are inspected, how many fill a pallet place."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.measure.quantity import trouble_with
from milkrun.parts.errors import UnknownPart
from milkrun.parts.models import Part
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import Location, StorageRule


@dataclass(frozen=True, slots=True)
class StorageRuleSet:
    """How the part is kept from now on."""

    part_id: int


@command
def set_storage_rule(
    *,
    site_id: int,
    part_id: int,
    actor: Actor,
    at: datetime,
    fixed_location_id: int | None = None,
    inspect: bool = False,
    per_place: Decimal | None = None,
    dwell_limit_days: int | None = None,
    request: Request | None = None,
) -> StorageRuleSet:
    """Set the rule of a part at a site; what is not given is emptied.

    Args:
        fixed_location_id: the bin its goods are put away to first.
        inspect: what comes in goes to quarantine until somebody releases it.
        per_place: base units that fill one pallet place.
        dwell_limit_days: goods that stay longer are named as standing too long.

    Raises:
        UnknownPart, UnknownLocation: no such part, or no storage place of this site.
        Invalid: a figure is impossible.
    """
    part = Part.objects.filter(pk=part_id).first()
    if part is None:
        raise UnknownPart(_("This part does not exist."))
    bins = Location.objects.filter(site_id=site_id, kind__in=("storage", "line"))
    place = bins.filter(pk=fixed_location_id).first() if fixed_location_id else None
    if fixed_location_id and place is None:
        raise UnknownLocation(_("Goods are put away to a storage place or a line of this site: choose one."))
    problems = []
    trouble = "" if per_place is None else trouble_with(per_place)
    if trouble:
        problems.append(Problem("per_place", trouble, "not_positive"))
    if dwell_limit_days is not None and not 1 <= dwell_limit_days <= 3650:
        problems.append(Problem("dwell_limit_days", _("A limit is 1 to 3,650 days."), "limit_impossible"))
    if problems:
        raise Invalid(problems)

    StorageRule.objects.update_or_create(
        site_id=site_id,
        part=part,
        defaults={
            "fixed_location": place,
            "inspect": inspect,
            "per_place": per_place,
            "dwell_limit_days": dwell_limit_days,
        },
    )

    facts = {
        "bin": place.code if place else "", "inspect": "yes" if inspect else "no",
        "per_place": f"{per_place:f}" if per_place else "", "dwell_limit_days": dwell_limit_days or 0,
    }  # fmt: skip
    journal.write(
        [journal.Entry("set_storage_rule", "part", part.pk, site_id=site_id, facts=facts)], actor=actor, at=at
    )
    return StorageRuleSet(part.pk)
