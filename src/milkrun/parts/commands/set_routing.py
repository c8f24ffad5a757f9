"""Say by which steps a part is made at a site: where, how long to set up, how long for one piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.measure.quantity import trouble_with
from milkrun.parts.errors import UnknownPart
from milkrun.parts.models import Part, RoutingStep, WorkCentre


@dataclass(frozen=True, slots=True)
class StepInput:
    """A step: its number, the work centre's code, minutes to set up and minutes for one base unit of the part."""

    step_no: int
    work_centre: str
    setup_minutes: Decimal
    unit_minutes: Decimal
    description: str = ""


@dataclass(frozen=True, slots=True)
class RoutingSet:
    """The steps of a part were replaced; none means that its time is not planned."""

    part_id: int
    steps: int


@command
def set_routing(
    *,
    site_id: int,
    part_id: int,
    steps: Sequence[StepInput],
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> RoutingSet:
    """Replace the steps by which a part is made at a site.

    Raises:
        UnknownPart: no such part.
        Invalid: lists every step that is impossible.
    """
    part = next(iter(lock(Part.objects.filter(pk=part_id))), None)
    if part is None:
        raise UnknownPart(_("This part does not exist."))
    codes = {step.work_centre.strip().upper() for step in steps}
    centres = {row.code: row for row in WorkCentre.objects.filter(site_id=site_id, code__in=codes)}
    problems = _problems(steps, centres)
    if problems:
        raise Invalid(problems)

    RoutingStep.objects.filter(site_id=site_id, part=part).delete()
    RoutingStep.objects.bulk_create(
        [
            RoutingStep(
                site_id=site_id,
                part=part,
                step_no=step.step_no,
                work_centre=centres[step.work_centre.strip().upper()],
                description=step.description.strip()[:80],
                setup_minutes=step.setup_minutes,
                unit_minutes=step.unit_minutes,
            )
            for step in steps
        ]
    )

    facts = {"steps": [[s.step_no, s.work_centre, str(s.setup_minutes), str(s.unit_minutes)] for s in steps]}
    journal.write(
        [journal.Entry("set_routing", "part", part.pk, site_id=site_id, facts=facts)],
        actor=actor,
        at=at,
    )
    return RoutingSet(part.pk, len(steps))


def _problems(steps: Sequence[StepInput], centres: dict[str, WorkCentre]) -> list[Problem]:
    found = []
    if len({step.step_no for step in steps}) != len(steps):
        found.append(Problem("step_no", _("Each step has a number of its own."), "step_twice"))
    for step in steps:
        where = _("Step {step_no}:").format(step_no=step.step_no) + " "
        if not 1 <= step.step_no <= 9999:
            found.append(
                Problem("step_no", _("{where}step numbers go from 1 to 9999.").format(where=where), "step_number")
            )
        if step.work_centre.strip().upper() not in centres:
            text = _("{where}work centre {work_centre} is not known at this site.").format(
                where=where, work_centre=step.work_centre
            )
            found.append(Problem("work_centre", text, "unknown_work_centre"))
        for name, minutes in (("setup_minutes", step.setup_minutes), ("unit_minutes", step.unit_minutes)):
            trouble = trouble_with(minutes, zero_allowed=True)
            if trouble:
                found.append(Problem(name, where + trouble, "not_positive"))
    return found
