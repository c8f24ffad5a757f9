"""Say how long a work centre works: on the days of every week, and on single days that differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.parts import steps
from milkrun.parts.errors import WorkCentreUnknown
from milkrun.parts.models import WorkCentre, WorkCentreDay


@dataclass(frozen=True, slots=True)
class DayMinutes:
    """A single day and how long is worked on it; None: as on every such day of the week."""

    day: date
    minutes: int | None


@dataclass(frozen=True, slots=True)
class CapacitySet:
    """A work centre's time was changed."""

    work_centre_id: int
    minutes_a_week: int


@command
def set_capacity(
    *,
    work_centre_id: int,
    actor: Actor,
    at: datetime,
    day_minutes: Sequence[int] | None = None,
    days: Sequence[DayMinutes] = (),
    request: Request | None = None,
) -> CapacitySet:
    """Change the minutes of each weekday, of single days, or both.

    Args:
        day_minutes: minutes a day from Monday to Sunday; None leaves them.
        days: single days that differ (a holiday, an extra shift).

    Raises:
        WorkCentreUnknown: no such work centre.
        Invalid: not seven days, or a day of other than 0 to 1440 minutes.
    """
    row = next(iter(lock(WorkCentre.objects.filter(pk=work_centre_id))), None)
    if row is None:
        raise WorkCentreUnknown(_("This work centre does not exist."))
    problems = steps.trouble_with_days(day_minutes) if day_minutes is not None else []
    for other in days:
        if other.minutes is not None and not 0 <= other.minutes <= 1440:
            problems.append(
                Problem("days", _("{day}: a day has 0 to 1440 minutes.").format(day=other.day), "day_impossible")
            )
    if problems:
        raise Invalid(problems)

    before = sum(row.day_minutes)
    if day_minutes is not None:
        row.day_minutes = list(day_minutes)
        WorkCentre.objects.filter(pk=row.pk).update(day_minutes=row.day_minutes)
    WorkCentreDay.objects.filter(work_centre=row, day__in=[other.day for other in days]).delete()
    WorkCentreDay.objects.bulk_create(
        [
            WorkCentreDay(site_id=row.site_id, work_centre=row, day=day, minutes=minutes)
            for day, minutes in {other.day: other.minutes for other in days}.items()
            if minutes is not None
        ]
    )

    journal.write(
        [
            journal.Entry(
                "set_capacity",
                "work_centre",
                row.pk,
                site_id=row.site_id,
                facts={
                    "minutes a week": sum(row.day_minutes),
                    "before": before,
                    "days": [[str(other.day), other.minutes] for other in days],
                },
            )
        ],
        actor=actor,
        at=at,
    )
    return CapacitySet(row.pk, sum(row.day_minutes))
