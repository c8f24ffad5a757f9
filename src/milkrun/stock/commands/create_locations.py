"""Set up places of a site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.stock.models import Location
from milkrun.stock.states import REAL_LOCATION_KINDS, VIRTUAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class Place:
    """A location: its code (also its barcode), its kind and a name."""

    code: str
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class LocationsCreated:
    """Keys of the places by code, the known ones too."""

    by_code: dict[str, int]


@command
def create_locations(
    *, site_id: int, places: Sequence[Place], actor: Actor, at: datetime, request: Request | None = None
) -> LocationsCreated:
    """Make places; every site also gets the far ends (supplier, customer, production, scrap, difference) once.

    Raises:
        Invalid: a kind is not known; lists each.
    """
    wrong = [place for place in places if place.kind not in REAL_LOCATION_KINDS + VIRTUAL_LOCATION_KINDS]
    if wrong:
        raise Invalid(
            [
                Problem(
                    "kind",
                    _("{code}: {kind} is not a kind of location.").format(code=p.code, kind=p.kind),
                    "unknown_kind",
                )
                for p in wrong
            ]
        )

    known = set(Location.objects.filter(site_id=site_id).values_list("code", flat=True))
    wanted = [*(Place(kind.upper(), kind) for kind in VIRTUAL_LOCATION_KINDS), *places]
    Location.objects.bulk_create(
        [
            Location(site_id=site_id, code=place.code.upper(), name=place.name, kind=place.kind)
            for place in wanted
            if place.code.upper() not in known
        ]
    )

    facts = {"codes": [place.code for place in places]}
    journal.write(
        [journal.Entry("create_locations", "site", site_id, site_id=site_id, facts=facts)], actor=actor, at=at
    )
    return LocationsCreated(dict(Location.objects.filter(site_id=site_id).values_list("code", "pk")))
