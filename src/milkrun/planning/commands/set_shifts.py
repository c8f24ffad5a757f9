"""Say when a site works: its shifts, and who is on duty in each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import hold
from milkrun.partners.queries import sites, staff_member
from milkrun.partners.queries.rights import ROLES
from milkrun.planning.errors import PolicyNotUnderstood
from milkrun.planning.models import Shift
from milkrun.planning.queries.shifts import ShiftInput, problems_of_shifts

MOST = 21


@dataclass(frozen=True, slots=True)
class ShiftsSet:
    """The site works in so many shifts from now on; none means around the clock."""

    site_id: int
    shifts: int


@command
def set_shifts(
    *, site_id: int, shifts: Sequence[ShiftInput], actor: Actor, at: datetime, request: Request | None = None
) -> ShiftsSet:
    """Replace a site's shifts; rules that count working time go by them from now on.

    Args:
        site_id: where.
        shifts: all of them, at most 21; none at all means that the site works around the clock.

    Raises:
        NotFound: no such site, or a person who cannot sign in.
        PolicyNotUnderstood: every problem is named, with the number of the shift.
    """
    hold("shifts", site_id)
    if site_id not in {site.id for site in sites()}:
        raise NotFound(_("This site does not exist."), site_id=site_id)
    problems = problems_of_shifts(shifts[:MOST], ROLES)
    if problems:
        raise PolicyNotUnderstood(problems)
    for key in {shift.owner_id for shift in shifts if shift.owner_id}:
        staff_member(key)

    Shift.objects.filter(site_id=site_id).delete()
    Shift.objects.bulk_create([Shift(site_id=site_id, **asdict(shift)) for shift in shifts[:MOST]])

    facts = {shift.title: f"{shift.weekdays} {shift.starts:%H:%M}-{shift.ends:%H:%M}" for shift in shifts[:MOST]}
    entry = journal.Entry("set_shifts", "site", site_id, site_id=site_id, facts=facts)
    journal.write([entry], actor=actor, at=at)
    return ShiftsSet(site_id, len(shifts[:MOST]))
