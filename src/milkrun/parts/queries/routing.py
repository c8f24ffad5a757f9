"""Reads of work centres with their working time, and of the steps by which parts are made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.parts.errors import WorkCentreUnknown
from milkrun.parts.models import Part, RoutingStep, WorkCentre, WorkCentreDay


@dataclass(frozen=True, slots=True)
class WorkCentreView:
    """A work centre: minutes of each weekday from Monday, and single days that differ."""

    id: int
    public_id: str
    code: str
    name: str
    day_minutes: tuple[int, ...]
    days: tuple[tuple[date, int], ...]

    def minutes(self, day: date) -> int:
        """Return how many minutes are worked on a day."""
        return dict(self.days).get(day, self.day_minutes[day.weekday()])


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a part: where, minutes to set up, minutes for one base unit."""

    part_id: int
    step_no: int
    work_centre_id: int
    work_centre: str
    description: str
    setup_minutes: Decimal
    unit_minutes: Decimal


def work_centres(site_id: int) -> tuple[WorkCentreView, ...]:
    """List the work centres of a site by code."""
    days: dict[int, list[tuple[date, int]]] = {}
    for row in WorkCentreDay.objects.filter(site_id=site_id).order_by("day"):
        days.setdefault(row.work_centre_id, []).append((row.day, row.minutes))
    return tuple(
        WorkCentreView(row.pk, row.public_id, row.code, row.name, tuple(row.day_minutes), tuple(days.get(row.pk, ())))
        for row in WorkCentre.objects.filter(site_id=site_id).order_by("code")
    )


def work_centre(site_id: int, public_id: str) -> WorkCentreView:
    """Read one work centre.

    Raises:
        WorkCentreUnknown: there is none at this site.
    """
    found = next((row for row in work_centres(site_id) if row.public_id == public_id), None)
    if found is None:
        raise WorkCentreUnknown(_("This work centre does not exist at this site."))
    return found


def work_centre_by_code(site_id: int, code: str) -> WorkCentreView:
    """Find a work centre by its code.

    Raises:
        WorkCentreUnknown: there is none at this site.
    """
    found = next((row for row in work_centres(site_id) if row.code == code.strip().upper()), None)
    if found is None:
        raise WorkCentreUnknown(_("Work centre {code} is not known at this site.").format(code=code), work_centre=code)
    return found


def routing(site_id: int, part_ids: Iterable[int]) -> dict[int, list[StepView]]:
    """Find the steps of parts at a site, in their order, by part."""
    found: dict[int, list[StepView]] = {}
    rows = RoutingStep.objects.filter(site_id=site_id, part_id__in=list(part_ids))
    for row in rows.select_related("work_centre").order_by("part_id", "step_no"):
        found.setdefault(row.part_id, []).append(
            StepView(
                row.part_id, row.step_no, row.work_centre_id, row.work_centre.code, row.description,
                row.setup_minutes, row.unit_minutes,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class MadePart:
    """A part that production makes, for lists to choose from."""

    id: int
    public_id: str
    number: str
    description: str
    base_unit: str
    lot_tracked: bool
    make_to_order: bool


def made_parts(site_id: int, work_centre_id: int | None = None) -> tuple[MadePart, ...]:
    """List the parts that production makes by number, those with a step at one work centre where one is named."""
    rows = Part.objects.filter(made_here=True, phantom=False)
    if work_centre_id is not None:
        rows = rows.filter(routing__site_id=site_id, routing__work_centre_id=work_centre_id).distinct()
    return tuple(_made(row) for row in rows.order_by("number"))


def made_part(number_or_id: str) -> MadePart:
    """Find a part by its public id or its number, blanks and case aside.

    Raises:
        NotFound: there is none.
    """
    key = number_or_id.strip()
    row = Part.objects.filter(public_id=key).first() or Part.objects.filter(number__iexact=key).first()
    if row is None:
        raise NotFound(_("Part {number_or_id} is not known.").format(number_or_id=number_or_id), part=number_or_id)
    return _made(row)


def _made(row: Part) -> MadePart:
    return MadePart(
        row.pk, row.public_id, row.number, row.description, row.base_unit, row.lot_tracked, row.make_to_order
    )
