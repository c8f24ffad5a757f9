"""Make a job by hand: for stock, for a signal other than a call, or for what a call misses since a job ended early."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.measure.quantity import trouble_with
from milkrun.parts.errors import UnknownPart
from milkrun.parts.models import Part
from milkrun.production import steps
from milkrun.production.errors import CannotBeMade, JobWithoutSignal, NoDemand, NothingToMake
from milkrun.production.models import JobLine
from milkrun.production.states import DEMAND_SIGNALS

# A hand gives these; "repetitive" is what a line's report makes of itself.
ASKED_BY = ("call", "release", "kanban", "buffer", "stock", "manual")


@dataclass(frozen=True, slots=True)
class JobCreated:
    """A new job."""

    job_id: int
    public_id: str
    number: str


@command
def create_job(
    *,
    site_id: int,
    due_at: datetime,
    signal: str,
    actor: Actor,
    at: datetime,
    part_id: int | None = None,
    qty: Decimal | None = None,
    signal_text: str = "",
    reason: str = "",
    call_id: int | None = None,
    request: Request | None = None,
) -> JobCreated:
    """Make a job.

    Args:
        signal: what asks for it: "call", "release", "kanban", "buffer", "stock", or "manual" with a reason.
        part_id: what is made; for a call only this part of it, or all it misses.
        qty: how many base units; a call's job makes what the call misses.
        signal_text: which release, card, buffer or target it is.
        call_id: the call, where a call asks.

    Raises:
        JobWithoutSignal: lists what is missing.
        UnknownPart: no such part.
        NoDemand: a part made to order without a call that asks for it.
        CannotBeMade: the part is not made here.
        NothingToMake: the call misses nothing.
    """
    problems = _problems(signal, signal_text, reason, part_id, qty, call_id)
    if problems:
        raise JobWithoutSignal(problems)
    if signal == "call":
        return _for_call(call_id or 0, part_id, site_id, due_at, reason, actor, at)

    part = Part.objects.filter(pk=part_id or 0).first()
    if part is None:
        raise UnknownPart(_("This part does not exist."))
    if not part.made_here or part.phantom:
        raise CannotBeMade(_("{part} is not made here.").format(part=part), part=str(part))
    if part.make_to_order and signal not in DEMAND_SIGNALS:
        raise NoDemand(
            _("{part} is made to order: a job for it needs a call that asks for it.").format(part=part), part=str(part)
        )
    new = steps.NewJob(
        title=str(part),
        due_at=due_at,
        lines=[steps.NewLine(part.pk, qty or Decimal(0))],
        signal=signal,
        signal_text=signal_text.strip(),
        reason=reason.strip(),
    )
    job = steps.make_job(new, site_id=site_id, actor=actor, at=at)
    return JobCreated(job.pk, job.public_id, job.number)


def _problems(
    signal: str, signal_text: str, reason: str, part_id: int | None, qty: Decimal | None, call_id: int | None
) -> list[Problem]:
    if signal not in ASKED_BY:
        return [
            Problem(
                "signal",
                _("A job is asked for by one of {asked_by}.").format(asked_by=", ".join(ASKED_BY)),
                "unknown_signal",
            )
        ]
    found = []
    if signal == "call" and call_id is None:
        found.append(Problem("call_id", _("Say which call asks for the job."), "signal_missing"))
    if signal in ("release", "kanban", "buffer", "stock") and not signal_text.strip():
        found.append(
            Problem("signal_text", _("Say which {signal} asks for the job.").format(signal=signal), "signal_missing")
        )
    if signal == "manual" and not reason.strip():
        found.append(Problem("reason", _("A job made by hand says why."), "reason_missing"))
    if signal != "call":
        if part_id is None:
            found.append(Problem("part_id", _("Say what is made."), "part_missing"))
        trouble = trouble_with(qty) if qty is not None else _("Say how many.")
        if trouble:
            found.append(Problem("qty", trouble, "not_positive"))
    return found


def _for_call(
    call_id: int, part_id: int | None, site_id: int, due_at: datetime, reason: str, actor: Actor, at: datetime
) -> JobCreated:
    rows = JobLine.objects.filter(site_id=site_id, component__group__call_id=call_id, dropped_qty__gt=0)
    if part_id is not None:
        rows = rows.filter(part_id=part_id)
    missing = lock(rows.select_related("component", "part"))
    groups = demand_steps.lock_groups(
        ComponentGroup.objects.filter(pk__in=[row.component.group_id for row in missing if row.component])
    )
    if not missing:
        raise NothingToMake(_("The call misses nothing: everything it asks for is made, in stock or on an open job."))

    new = steps.NewJob(
        title=str(missing[0].part),
        due_at=due_at,
        lines=_lines(missing),
        signal="call",
        signal_text=str(groups[0].call),
        reason=reason.strip(),
    )
    job = steps.make_job(new, site_id=site_id, actor=actor, at=at)
    JobLine.objects.filter(pk__in=[row.pk for row in missing]).update(dropped_qty=0)
    ComponentGroup.objects.filter(pk__in=[group.pk for group in groups]).update(production="planned")
    steps.note_on_groups(groups, "create_job", facts={"job": job.number}, actor=actor, at=at)
    return JobCreated(job.pk, job.public_id, job.number)


def _lines(missing: Sequence[JobLine]) -> list[steps.NewLine]:
    return [steps.NewLine(row.part_id, row.dropped_qty, row.component_id) for row in missing]
