"""The working time of a site: its shifts by weekday, less the days without work, and who is on duty when.

A shift begins on its weekdays at a time of the site's clock and ends at another one, on the next day where that is not
later. Spans are measured between instants, so the night of a clock change has one hour more or less. A site without
shifts works around the clock.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _

from milkrun.kernel.errors import Problem
from milkrun.measure.wording import zone_of
from milkrun.partners.models import Site
from milkrun.planning.models import ClosedDay, Shift

DAY = timedelta(days=1)
# The sum ends here: the 30 days that a rule may wait are 720 hours, which even a short week has worked by then.
LONGEST = timedelta(days=2 * 366)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class ShiftInput:
    """A shift as a person says it: weekdays 1 (Monday) to 7, the site's clock, and whose alerts it takes.

    With `role` the owner takes only alerts of that role; without an owner the role is told as a whole.
    """

    title: str
    weekdays: str
    starts: time
    ends: time
    role: str = ""
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a site works, and who is on duty; `away` are those whose accounts were switched off."""

    zone: str = "UTC"
    shifts: tuple[ShiftInput, ...] = ()
    closed: frozenset[date] = field(default_factory=frozenset)
    away: frozenset[int] = frozenset()

    def worked(self, since: datetime, at: datetime) -> timedelta:
        """Return how much working time lies between two instants; at most two years are looked at."""
        if not self.shifts:
            return at - since
        return sum((end - start for start, end in self.spans(since, at)), timedelta())

    def spans(self, since: datetime, at: datetime) -> list[Span]:
        """List the stretches of working time between two instants, in UTC, merged where shifts overlap."""
        since = max(since, at - LONGEST)
        if not self.shifts:
            return [(since, at)] if since < at else []
        found: list[Span] = []
        for start, end in sorted(span for shift in self.shifts for span in self._times(shift, since, at)):
            start, end = max(start, since.astimezone(UTC)), min(end, at.astimezone(UTC))
            if start >= end:
                continue
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return found

    def on_duty(self, role: str, at: datetime) -> int | None:
        """Return the person who takes the alerts of a role at an instant; None where that is the whole role."""
        for shift in self.shifts:
            if shift.owner_id in (None, *self.away) or shift.role not in ("", role):
                continue
            if any(start <= at < end for start, end in self._times(shift, at - DAY, at + DAY)):
                return shift.owner_id
        return None

    def owners(self, role: str) -> set[int]:
        """Return everybody who takes alerts of a role in some shift; who is away now too, so that others take over."""
        return {shift.owner_id for shift in self.shifts if shift.owner_id and shift.role in ("", role)}

    def _times(self, shift: ShiftInput, since: datetime, at: datetime) -> Iterable[Span]:
        here = zone_of(self.zone)
        day, last = since.astimezone(here).date() - DAY, at.astimezone(here).date()
        while day <= last:
            if str(day.isoweekday()) in shift.weekdays and day not in self.closed:
                until = day if shift.ends > shift.starts else day + DAY
                yield (
                    datetime.combine(day, shift.starts, here).astimezone(UTC),
                    datetime.combine(until, shift.ends, here).astimezone(UTC),
                )
            day += DAY


def calendars(site_ids: Collection[int], at: datetime) -> dict[int, Calendar]:
    """Read when these sites work; one without shifts works always."""
    shifts: dict[int, list[ShiftInput]] = {}
    away: set[int] = set()
    rows = Shift.objects.filter(site__in=list(site_ids)).select_related("owner").order_by("site_id", "pk")
    for row in rows:
        if row.owner is not None and not row.owner.is_active:
            away.add(row.owner.pk)
        given = ShiftInput(row.title, row.weekdays, row.starts, row.ends, row.role, row.owner_id)
        shifts.setdefault(row.site_id, []).append(given)
    if not shifts:
        return {key: Calendar() for key in site_ids}
    closed: dict[int, set[date]] = {}
    days = ClosedDay.objects.filter(site__in=shifts, partner=None, on__gte=(at - LONGEST).date())
    for site, on in days.values_list("site_id", "on"):
        closed.setdefault(site, set()).add(on)
    zones = dict(Site.objects.filter(pk__in=list(site_ids)).values_list("pk", "zone"))
    return {
        key: Calendar(
            zones.get(key, "UTC"), tuple(shifts.get(key, ())), frozenset(closed.get(key, ())), frozenset(away)
        )
        for key in site_ids
    }


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift as people read it."""

    title: str
    weekdays: str
    starts: str
    ends: str
    role: str
    owner: str
    owner_id: int | None


def shift_rows(site_id: int) -> list[ShiftRow]:
    """List the shifts of a site as they were written."""
    rows = Shift.objects.filter(site_id=site_id).select_related("owner").order_by("pk")
    return [
        ShiftRow(
            row.title, row.weekdays, f"{row.starts:%H:%M}", f"{row.ends:%H:%M}", row.role,
            row.owner.name if row.owner else "", row.owner_id,
        )
        for row in rows
    ]  # fmt: skip


def problems_of_shifts(shifts: Iterable[ShiftInput], roles: Collection[str]) -> list[Problem]:
    """List what is wrong with a calendar, with the number of the shift."""
    found: list[Problem] = []
    titles: set[str] = set()
    for number, shift in enumerate(shifts, 1):
        if not shift.title.strip() or len(shift.title) > 40 or shift.title in titles:
            found.append(
                Problem(f"title_{number}", _("Give each shift a title of its own, at most 40 letters."), "title")
            )
        titles.add(shift.title)
        if not shift.weekdays or set(shift.weekdays) - set("1234567"):
            found.append(Problem(f"weekdays_{number}", _("Choose the weekdays on which the shift begins."), "weekdays"))
        if shift.starts == shift.ends:
            found.append(Problem(f"ends_{number}", _("A shift ends at another time than it begins."), "no_time"))
        if shift.role and shift.role not in roles:
            found.append(Problem(f"role_{number}", _("There is no role “{role}”.").format(role=shift.role), "role"))
    return found
