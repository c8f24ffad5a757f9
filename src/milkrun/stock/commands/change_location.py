"""Say of a place where it lies, when a picker comes past it, what it takes, what it costs, what may be lost there."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.measure.money import LARGEST_PRICE, MINOR_DIGITS
from milkrun.measure.quantity import trouble_with
from milkrun.stock.errors import UnknownLocation
from milkrun.stock.models import Balance, Location
from milkrun.stock.states import REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class LocationFacts:
    """What is said of a place.

    Args:
        kind: storage, line, packing, dock, staging or quarantine.
        zone: the part of the building; lists and counts go by it.
        pick_sequence: pickers go from low to high.
        pallet_places: how many pallets fit, 0 where nobody counted.
        area_m2: the floor space it has, 0 where nobody measured.
        cost_minor: cost of a square metre for a month, in minor units.
        risk_limit_minor: value of goods that may stand there (theft, damage), 0 for no limit.
    """

    kind: str
    name: str = ""
    zone: str = ""
    pick_sequence: int = 0
    pallet_places: int = 0
    area_m2: Decimal = Decimal(0)
    cost_minor: int = 0
    risk_limit_minor: int = 0
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class LocationChanged:
    """What is said of a place now."""

    location_id: int


@command
def change_location(
    *, location_id: int, facts: LocationFacts, actor: Actor, at: datetime, request: Request | None = None
) -> LocationChanged:
    """Change what is said of a place.

    Raises:
        UnknownLocation: there is no such place, or it is a far end.
        Invalid: a figure is impossible, or goods stand there that the new kind would set free or bind.
    """
    found = lock(Location.objects.filter(pk=location_id, kind__in=REAL_LOCATION_KINDS))
    if not found:
        raise UnknownLocation(_("There is no such place."))
    (place,) = found
    problems = _problems(facts)
    if facts.kind != place.kind and Balance.objects.filter(location=place, on_hand__gt=0).exists():
        problems.append(
            Problem(
                "kind",
                _("Goods stand at {place}: empty it before it becomes another kind.").format(place=place),
                "in_use",
            )
        )
    if problems:
        raise Invalid(problems)

    given = {field.name: getattr(facts, field.name) for field in fields(facts)}
    changed = {name: value for name, value in given.items() if getattr(place, name) != value}
    if changed:
        Location.objects.filter(pk=place.pk).update(**changed)

    told = {name: str(value) for name, value in changed.items()}
    entry = journal.Entry("change_location", "location", place.pk, site_id=place.site_id, facts=told)
    journal.write([entry], actor=actor, at=at)
    return LocationChanged(place.pk)


def _problems(facts: LocationFacts) -> list[Problem]:
    found = []
    if facts.kind not in REAL_LOCATION_KINDS:
        found.append(Problem("kind", _("{kind} is not a kind of place.").format(kind=facts.kind), "unknown_kind"))
    if len(facts.name) > 80 or len(facts.zone) > 24:
        found.append(Problem("zone", _("A name has at most 80 characters, a zone 24."), "too_long"))
    for name in ("pick_sequence", "pallet_places"):
        if not 0 <= getattr(facts, name) <= 1_000_000:
            found.append(Problem(name, _("The number is 0 to 1,000,000."), "out_of_range"))
    trouble = trouble_with(facts.area_m2, zero_allowed=True)
    if trouble:
        found.append(Problem("area_m2", trouble, "not_positive"))
    for name in ("cost_minor", "risk_limit_minor"):
        if not 0 <= getattr(facts, name) <= LARGEST_PRICE:
            found.append(Problem(name, _("An amount is zero or more, below ten billion."), "price_impossible"))
    if facts.currency not in MINOR_DIGITS:
        found.append(
            Problem(
                "currency",
                _("{currency} is not a currency we know.").format(currency=facts.currency),
                "price_impossible",
            )
        )
    return found
