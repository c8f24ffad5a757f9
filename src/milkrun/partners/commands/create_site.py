"""Set up a site of ours with its docks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.errors import CodeTaken, UnknownZone
from milkrun.partners.models import Dock, Site


@dataclass(frozen=True, slots=True)
class SiteCreated:
    """A new site."""

    site_id: int
    code: str


@command
def create_site(
    *,
    code: str,
    name: str,
    zone: str,
    actor: Actor,
    at: datetime,
    street: str = "",
    city: str = "",
    tax_id: str = "",
    docks: Sequence[str] = (),
    request: Request | None = None,
) -> SiteCreated:
    """Make a site; `zone` is an IANA name such as "Europe/Berlin".

    Raises:
        CodeTaken: another site has the code.
        UnknownZone: nobody knows the zone.
    """
    if Site.objects.filter(code=code).exists():
        raise CodeTaken(_("Site {code} exists already.").format(code=code), site=code)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        problem = Problem(
            "zone", _("{zone} is not a time zone; write it like Europe/Berlin.").format(zone=zone), "unknown_zone"
        )
        raise UnknownZone([problem]) from None

    site = Site.objects.create(code=code, name=name, zone=zone, street=street, city=city, tax_id=tax_id)
    Dock.objects.bulk_create([Dock(site=site, code=dock) for dock in docks])

    journal.write([journal.Entry("create_site", "site", site.pk, site_id=site.pk)], actor=actor, at=at)
    return SiteCreated(site.pk, site.code)
