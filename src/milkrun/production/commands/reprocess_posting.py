"""Post a failed confirmation again once its cause is gone; never twice."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand import steps as demand_steps
from milkrun.demand.models import ComponentGroup
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import check
from milkrun.production import steps
from milkrun.production.models import Confirmation, Job
from milkrun.production.states import POSTING_MOVES


@dataclass(frozen=True, slots=True)
class PostingReprocessed:
    """The posting was tried again; where it failed again, `failure` says why."""

    confirmation_id: int
    posted: bool
    failure: str


@command
def reprocess_posting(
    *, confirmation_id: int, actor: Actor, at: datetime, request: Request | None = None
) -> PostingReprocessed:
    """Try the stock posting of a failed confirmation again.

    Raises:
        NotFound: no such confirmation.
        IllegalMove: it is posted already.
    """
    known = Confirmation.objects.filter(pk=confirmation_id).values_list("line__job_id", "line__component__group_id")
    found = known.first()
    if found is None:
        raise NotFound(_("This confirmation does not exist."))
    lock_one(Job.objects.filter(pk=found[0]), noun="job")
    groups = demand_steps.lock_groups(ComponentGroup.objects.filter(pk=found[1]))
    row = lock_one(Confirmation.objects.filter(pk=confirmation_id).select_related("line__part"), noun="confirmation")
    check([row], POSTING_MOVES, "post", noun="Confirmation")

    posted = steps.post_confirmation(row, actor=actor, at=at)
    steps.follow_up(groups, action="reprocess_posting", actor=actor, at=at)

    journal.write(
        [
            journal.Entry(
                "reprocess_posting",
                "job",
                found[0],
                site_id=row.site_id,
                reason=row.failure,
                # The entry is about the job, whose state this does not change.
                facts={"confirmation": row.pk, "posting": row.state},
            )
        ],
        actor=actor,
        at=at,
    )
    return PostingReprocessed(row.pk, posted, row.failure)
