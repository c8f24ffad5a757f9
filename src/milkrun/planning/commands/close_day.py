"""Note a day on which nobody works, or that it is worked on after all."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import hold
from milkrun.partners.queries import sites
from milkrun.planning.errors import PolicyNotUnderstood
from milkrun.planning.models import ClosedDay


@dataclass(frozen=True, slots=True)
class DayClosed:
    """The day, and whether it is one without work now."""

    on: date
    closed: bool


@command
def close_day(
    *,
    site_id: int,
    on: date,
    why: str,
    actor: Actor,
    at: datetime,
    partner_id: int | None = None,
    closed: bool = True,
    request: Request | None = None,
) -> DayClosed:
    """Close a day, or open it again; a day that already is as wanted stays.

    Args:
        site_id: where.
        on: the day, as the site's calendar has it.
        why: the name of the holiday, or the reason.
        actor: who.
        at: now.
        partner_id: one customer who does not work then, None for everybody.
        closed: False takes it back.
        request: the request.

    Raises:
        NotFound: no such site.
        PolicyNotUnderstood: no reason.
    """
    hold("closed_day", site_id)
    if site_id not in {site.id for site in sites()}:
        raise NotFound(_("This site does not exist."), site_id=site_id)
    if closed and not why.strip():
        raise PolicyNotUnderstood([Problem("why", _("Say what day it is: a holiday, a shutdown."), "reason")])

    days = ClosedDay.objects.filter(site_id=site_id, on=on)
    here = days.filter(partner=None) if partner_id is None else days.filter(partner_id=partner_id)
    if closed and not here.exists():
        ClosedDay.objects.create(site_id=site_id, partner_id=partner_id, on=on, why=why.strip()[:120])
    elif not closed:
        here.delete()

    action = "close_day" if closed else "open_day"
    facts = {"day": on.isoformat()}
    journal.write(
        [journal.Entry(action, "site", site_id, site_id=site_id, reason=why, facts=facts)], actor=actor, at=at
    )
    return DayClosed(on, closed)
