"""Keep what an outside system picked after it was cancelled, so that somebody brings the goods back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.measure.quantity import to_micro, trouble_with
from milkrun.shipping.models import PickIssue, PickTask
from milkrun.shipping.queries.picking import purpose, tasks_in_order


@dataclass(frozen=True, slots=True)
class LatePickNoted:
    """The issue that somebody has to look at; the same one for each further try."""

    issue_id: int
    public_id: str


@command
def note_late_pick(
    *,
    task_id: int,
    qty: Decimal | None,
    sscc: str,
    why: str,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> LatePickNoted:
    """Write an issue for a pick that came too late; a door calls this after the pick was refused.

    Raises:
        NotFound: there is no such task.
    """
    task = lock_one(tasks_in_order(PickTask.objects.filter(pk=task_id)), noun="task")
    amount = task.qty if qty is None or trouble_with(qty) or to_micro(qty) > to_micro(task.qty) else qty
    what = task.balance.part.number if task.balance else str(task.hu)
    unit = f" into {sscc}" if sscc else ""
    text = f"{actor.name} picked {amount} of {what} from {task.from_location.code}{unit} for {purpose(task)}. {why}"
    issue, made = PickIssue.objects.get_or_create(
        site_id=task.site_id,
        kind="late",
        task=task,
        state="open",
        defaults={"qty": amount, "source": actor.name[:120], "text": text[:400], "created_at": at},
    )

    if made:
        journal.write(
            [journal.Entry("note_late_pick", "wave", task.wave_id, site_id=task.site_id, reason=text)],
            actor=actor,
            at=at,
        )
    return LatePickNoted(issue.pk, issue.public_id)
