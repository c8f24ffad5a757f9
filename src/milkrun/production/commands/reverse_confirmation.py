"""Take back what was confirmed by mistake: pieces, components and the call's state go back to where they were."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.demand.states import GROUP_MOVES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import check, move
from milkrun.measure.quantity import from_micro, to_micro
from milkrun.parts.queries import component_ids
from milkrun.production import steps
from milkrun.production.errors import ReworkOpen
from milkrun.production.models import Confirmation, Job, JobLine
from milkrun.production.states import JOB_MOVES, LIVE_JOBS, POSTING_MOVES
from milkrun.stock import steps as stock_steps


@dataclass(frozen=True, slots=True)
class ConfirmationReversed:
    """A confirmation was taken back; the job has so much more to make."""

    confirmation_id: int
    job_id: int
    job_state: str


@command
def reverse_confirmation(
    *, confirmation_id: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> ConfirmationReversed:
    """Take a confirmation back, posted or failed; exactly the components it used come back.

    Raises:
        Invalid: no reason is given.
        NotFound: no such confirmation.
        IllegalMove: it was taken back before, or the call is in packing or further.
        ReworkOpen: pieces it sent to rework were worked on since.
        ShortStock: the pieces are no longer where they came to.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", _("Say why: the reason stands in the history."), "reason_missing")])
    line_id = Confirmation.objects.filter(pk=confirmation_id).values_list("line_id", flat=True).first()
    if line_id is None:
        raise NotFound(_("This confirmation does not exist."))
    job = lock_one(Job.objects.filter(lines=line_id), noun="job")
    line = lock_one(JobLine.objects.filter(pk=line_id).select_related("component"), noun="job line")
    wanted = ComponentGroup.objects.filter(pk=line.component.group_id if line.component else 0)
    groups = demand_steps.lock_groups(wanted)
    rows = Confirmation.objects.filter(pk=confirmation_id).select_related("line__part", "line__component__group")
    row = lock_one(rows, noun="confirmation")
    check([row], POSTING_MOVES, "reverse", noun="Confirmation")
    check([g for g in groups if g.state not in ("released", "cancelled")], GROUP_MOVES, "unmake", noun="Call")
    _refuse_used_rework(line, row)

    before = job.state
    stock_steps.hold_parts({line.part_id} | component_ids([line.part_id]), site_id=job.site_id)
    steps.reverse_confirmation(row, reason=reason.strip(), actor=actor, at=at)
    _take_off(line, row, job, groups)
    if job.state == "done":
        move([job], JOB_MOVES, "reopen", noun="Job")
    back = [group for group in groups if group.state == "ready" and row.good_qty]
    demand_steps.advance(
        back, "unmake", action="reverse_confirmation", actor=actor, at=at, reason=reason.strip(), production="planned"
    )
    steps.follow_up(groups, action="reverse_confirmation", actor=actor, at=at)

    facts = {"confirmation": row.pk, "good": str(row.good_qty), "scrap": str(row.scrap_qty)}
    journal.write(
        [
            journal.Entry(
                "reverse_confirmation", "job", job.pk, site_id=job.site_id, before=before, after=job.state,
                reason=reason.strip(), facts=facts,
            )
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    return ConfirmationReversed(row.pk, job.pk, job.state)


def _refuse_used_rework(line: JobLine, row: Confirmation) -> None:
    if to_micro(line.rework_qty) < to_micro(row.rework_qty) - to_micro(row.from_rework_qty):
        raise ReworkOpen(_("Pieces of this confirmation came out of rework since: take those reports back first."))


def _take_off(line: JobLine, row: Confirmation, job: Job, groups: list[ComponentGroup]) -> None:
    line.good_qty = from_micro(to_micro(line.good_qty) - to_micro(row.good_qty))
    line.scrap_qty = from_micro(to_micro(line.scrap_qty) - to_micro(row.scrap_qty))
    rework = to_micro(line.rework_qty) - to_micro(row.rework_qty) + to_micro(row.from_rework_qty)
    line.rework_qty = from_micro(rework)
    if job.state not in (*LIVE_JOBS, "done") and any(group.state != "cancelled" for group in groups):
        # The job goes on no more: another one has to make these pieces for the call.
        line.dropped_qty = from_micro(to_micro(line.dropped_qty) + to_micro(row.good_qty))
    JobLine.objects.filter(pk=line.pk).update(
        good_qty=line.good_qty, scrap_qty=line.scrap_qty, rework_qty=line.rework_qty, dropped_qty=line.dropped_qty
    )
