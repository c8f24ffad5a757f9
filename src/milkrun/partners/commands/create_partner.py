"""Set up a customer or supplier with its plants and their docks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.errors import CodeTaken, UnknownZone
from milkrun.partners.models import Partner, ShipTo, UnloadingPoint


@dataclass(frozen=True, slots=True)
class Plant:
    """A plant of a customer: its code, name, zone and the names of its docks."""

    code: str
    name: str
    zone: str
    docks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartnerCreated:
    """A new partner."""

    partner_id: int
    code: str


@command
def create_partner(
    *,
    code: str,
    name: str,
    actor: Actor,
    at: datetime,
    is_customer: bool = True,
    is_supplier: bool = False,
    our_number: str = "",
    tax_id: str = "",
    currency: str = "EUR",
    tax_basis_points: int = 0,
    picks_sequenced_calls: bool = False,
    plants: Sequence[Plant] = (),
    request: Request | None = None,
) -> PartnerCreated:
    """Make a partner; `our_number` is what it calls us, `tax_basis_points` 1900 for 19 %.

    Raises:
        Invalid: the code is no name.
        CodeTaken: another partner has the code.
        UnknownZone: a plant's zone is not known.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,20}", code, re.ASCII):
        # The code names the partner's folders, so it must be a name on any file system, and nobody else's.
        sentence = _("A partner code has 1 to 20 letters, digits, - or _.")
        raise Invalid([Problem("code", sentence, "code_impossible")])
    if Partner.objects.filter(code__iexact=code).exists():
        raise CodeTaken(_("Partner {code} exists already.").format(code=code), partner=code)
    for plant in plants:
        try:
            ZoneInfo(plant.zone)
        except (ZoneInfoNotFoundError, ValueError):
            problem = Problem(
                "zone",
                _("{zone} is not a time zone; write it like Europe/Berlin.").format(zone=plant.zone),
                "unknown_zone",
            )
            raise UnknownZone([problem]) from None

    partner = Partner.objects.create(
        code=code,
        name=name,
        is_customer=is_customer,
        is_supplier=is_supplier,
        our_number=our_number,
        tax_id=tax_id,
        currency=currency,
        tax_basis_points=tax_basis_points,
        picks_sequenced_calls=picks_sequenced_calls,
    )
    for plant in plants:
        row = ShipTo.objects.create(partner=partner, code=plant.code, name=plant.name, zone=plant.zone)
        UnloadingPoint.objects.bulk_create([UnloadingPoint(ship_to=row, code=dock) for dock in plant.docks])

    journal.write([journal.Entry("create_partner", "partner", partner.pk)], actor=actor, at=at)
    return PartnerCreated(partner.pk, partner.code)
