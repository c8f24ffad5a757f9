"""Take up a handling unit that another system made: its code is kept as it is, from the pick to the shipping notice."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.spoken import spoken
from milkrun.measure.identifiers import is_sscc
from milkrun.stock.errors import SsccTaken, UnknownLocation
from milkrun.stock.models import HandlingUnit, Location, Sscc
from milkrun.stock.states import HANDLING_UNIT_KINDS, REAL_LOCATION_KINDS


@dataclass(frozen=True, slots=True)
class HandlingUnitRegistered:
    """The unit is known here; `foreign` where its code has another company's prefix."""

    hu_id: int
    public_id: str
    sscc: str
    foreign: bool


@command
def register_handling_unit(
    *,
    site_id: int,
    sscc: str,
    location_id: int,
    actor: Actor,
    at: datetime,
    kind: str = "pallet",
    request: Request | None = None,
) -> HandlingUnitRegistered:
    """Make an open, empty unit with a code that another system gave it.

    Reporting a unit that stands open and empty at this site already changes nothing.

    Raises:
        Invalid: the code has no right check digit, has our prefix but was not given out here, or the kind is not known.
        SsccTaken: the code belongs to a unit that is in use, elsewhere or gone.
        UnknownLocation: the place is not one of this site's.
    """
    place = Location.objects.filter(pk=location_id, site_id=site_id, kind__in=REAL_LOCATION_KINDS).first()
    if place is None:
        raise UnknownLocation(_("Choose a place of this site."))
    ours = sscc[1:].startswith(settings.MILKRUN_GS1_PREFIX)
    known = HandlingUnit.objects.filter(sscc=sscc).first()
    problems = []
    if not is_sscc(sscc):
        problems.append(
            Problem(
                "sscc",
                _("{sscc} is no SSCC: 18 digits, the last one checks the others.").format(sscc=sscc[:40]),
                "no_sscc",
            )
        )
    elif ours and known is None:
        problems.append(
            Problem("sscc", _("{sscc} has our prefix, but was not given out here.").format(sscc=sscc), "not_given_out")
        )
    if kind not in HANDLING_UNIT_KINDS:
        problems.append(
            Problem(
                "kind",
                _("Choose one of {handling_unit_kinds}.").format(handling_unit_kinds=", ".join(HANDLING_UNIT_KINDS)),
                "unknown_kind",
            )
        )
    if problems:
        raise Invalid(problems)
    if known is not None:
        if known.site_id != site_id or known.state != "open":
            raise SsccTaken(
                _("{sscc} is {state}: a code is given once and for ever.").format(sscc=sscc, state=spoken(known.state)),
                state=known.state,
            )
        return HandlingUnitRegistered(known.pk, known.public_id, known.sscc, not ours)

    Sscc.objects.create(sscc=sscc, given_at=at, made_outside=True)
    unit = HandlingUnit.objects.create(
        site_id=site_id, sscc=sscc, kind=kind, location=place, handled_by=actor.name, handled_at=at
    )

    journal.write(
        [
            journal.Entry(
                "register_handling_unit",
                "hu",
                unit.pk,
                site_id=site_id,
                after="open",
                facts={"sscc": sscc, "kind": kind, "location": place.code},
            )
        ],
        actor=actor,
        at=at,
    )
    return HandlingUnitRegistered(unit.pk, unit.public_id, unit.sscc, True)
