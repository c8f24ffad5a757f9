"""Note that a printer did not take a label, and when it is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move
from milkrun.printing.models import PrintJob
from milkrun.printing.states import PRINT_MOVES

# A label that comes out long after somebody needed it does harm: after about a minute it waits for a person.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 15, 30))


@dataclass(frozen=True, slots=True)
class PrintFailureRecorded:
    """What became of the label: "queued" to be tried again, or "failed"."""

    state: str
    due_at: datetime | None


@command
def record_print_failure(
    *, print_job_id: int, lease: int, error: str, unsure: bool, actor: Actor, at: datetime
) -> PrintFailureRecorded:
    """Give the lease back.

    Args:
        unsure: bytes had left when it failed, so paper may have come out: it is not tried again by itself.
    """
    job = lock_one(PrintJob.objects.filter(pk=print_job_id), noun="print job")
    if job.lease != lease or job.leased_until is None or job.state != "queued":
        return PrintFailureRecorded(job.state, None)
    attempts, why = job.attempts + 1, error[:400]
    again = not unsure and attempts <= len(PAUSES)

    also = {"attempts": attempts, "error": why, "leased_until": None}
    if again:
        due_at = at + PAUSES[attempts - 1]
        PrintJob.objects.filter(pk=job.pk).update(due_at=due_at, **also)
    else:
        due_at = None
        move([job], PRINT_MOVES, "fail", noun="Print job", unsure=unsure, **also)

    # A printer that is off is told of once, and once more when it is given up.
    if attempts == 1 or not again:
        entry = journal.Entry(
            "record_print_failure", "hu", job.hu_id, site_id=job.site_id, after=job.state, reason=why,
            facts={"label": job.public_id, "attempts": attempts},
        )  # fmt: skip
        journal.write([entry], actor=actor, at=at)
    return PrintFailureRecorded(job.state, due_at)
