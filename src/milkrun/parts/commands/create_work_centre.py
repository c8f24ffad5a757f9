"""Make a work centre known: a line, machine or bench with its working time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.parts import steps
from milkrun.parts.errors import WorkCentreTaken
from milkrun.parts.models import WorkCentre

FIVE_DAYS = (480, 480, 480, 480, 480, 0, 0)


@dataclass(frozen=True, slots=True)
class WorkCentreCreated:
    """A new work centre."""

    work_centre_id: int
    public_id: str
    code: str


@command
def create_work_centre(
    *,
    site_id: int,
    code: str,
    actor: Actor,
    at: datetime,
    name: str = "",
    day_minutes: Sequence[int] = FIVE_DAYS,
    request: Request | None = None,
) -> WorkCentreCreated:
    """Make a work centre.

    Args:
        day_minutes: minutes of work a day, from Monday to Sunday.

    Raises:
        Invalid: no code, or not seven days of 0 to 1440 minutes.
        WorkCentreTaken: the site has one with this code.
    """
    code = code.strip().upper()
    problems = steps.trouble_with_days(day_minutes)
    if not 1 <= len(code) <= 24:
        problems.append(Problem("code", _("A work centre needs a code of 1 to 24 characters."), "code_missing"))
    if problems:
        raise Invalid(problems)
    if WorkCentre.objects.filter(site_id=site_id, code=code).exists():
        raise WorkCentreTaken(_("Work centre {code} exists already.").format(code=code), code=code)

    row = WorkCentre.objects.create(site_id=site_id, code=code, name=name.strip()[:80], day_minutes=list(day_minutes))

    journal.write(
        [
            journal.Entry(
                "create_work_centre",
                "work_centre",
                row.pk,
                site_id=site_id,
                facts={"code": code, "minutes a week": sum(day_minutes)},
            )
        ],
        actor=actor,
        at=at,
    )
    return WorkCentreCreated(row.pk, row.public_id, code)
