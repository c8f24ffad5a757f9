"""Post many failed confirmations again, with one answer for each; none of them twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock
from milkrun.kernel.machine import open_moves
from milkrun.kernel.spoken import spoken
from milkrun.parts.queries import component_ids
from milkrun.production import steps
from milkrun.production.models import Confirmation, Job
from milkrun.production.states import POSTING_MOVES
from milkrun.stock import steps as stock_steps

MOST = 1000


@dataclass(frozen=True, slots=True)
class PostingAnswer:
    """What became of one: "posted", "failed" with its cause, or "refused" because there was nothing to post."""

    confirmation_id: int
    public_id: str
    job_number: str
    outcome: str
    message: str


@dataclass(frozen=True, slots=True)
class PostingsReprocessed:
    """One answer for each confirmation that was asked for, in that order."""

    answers: tuple[PostingAnswer, ...]


@command
def reprocess_postings(
    *, confirmation_ids: Sequence[int], actor: Actor, at: datetime, request: Request | None = None
) -> PostingsReprocessed:
    """Try the stock postings of many confirmations again; one that fails does not keep the others.

    Raises:
        Invalid: none, or more than a thousand.
    """
    wanted = list(dict.fromkeys(confirmation_ids))
    if not 1 <= len(wanted) <= MOST:
        raise Invalid([Problem("confirmations", _("Choose from 1 to {most} postings.").format(most=MOST), "how_many")])
    known = list(Confirmation.objects.filter(pk__in=wanted).values_list("line__job_id", "line__component__group_id"))
    jobs = {job.pk: job for job in lock(Job.objects.filter(pk__in={job for job, __ in known}))}
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk__in={group for __, group in known if group}))
    rows = lock(Confirmation.objects.filter(pk__in=wanted).select_related("line__part", "line__component__group"))
    parts = {row.line.part_id for row in rows}
    for site_id in sorted({row.site_id for row in rows}):
        stock_steps.hold_parts(parts | component_ids(parts), site_id=site_id)

    answers = {row.pk: _answer(row, jobs[row.line.job_id], actor, at) for row in rows}
    steps.follow_up(groups, action="reprocess_posting", actor=actor, at=at)

    journal.write(
        [
            journal.Entry(
                "reprocess_posting",
                "job",
                row.line.job_id,
                site_id=row.site_id,
                reason=row.failure,
                facts={"confirmation": row.pk, "posting": row.state},
            )
            for row in rows
            if answers[row.pk].outcome != "refused"
        ],
        actor=actor,
        at=at,
    )
    return PostingsReprocessed(tuple(answers.get(key) or _unknown(key) for key in wanted))


def _answer(row: Confirmation, job: Job, actor: Actor, at: datetime) -> PostingAnswer:
    if "post" not in open_moves(POSTING_MOVES, row.state):
        return PostingAnswer(
            row.pk, row.public_id, job.number, "refused", _("It is {state} already.").format(state=spoken(row.state))
        )
    posted = steps.post_confirmation(row, actor=actor, at=at)
    return PostingAnswer(row.pk, row.public_id, job.number, "posted" if posted else "failed", row.failure)


def _unknown(key: int) -> PostingAnswer:
    return PostingAnswer(key, "", "", "refused", _("This confirmation does not exist."))
