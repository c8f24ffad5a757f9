"""Note that a printer has taken a label."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Conflict
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock_one
from milkrun.kernel.machine import move
from milkrun.printing.models import PrintJob
from milkrun.printing.states import PRINT_MOVES


@dataclass(frozen=True, slots=True)
class PrintedRecorded:
    """The label came out."""

    print_job_id: int


@command
def record_printed(*, print_job_id: int, lease: int, actor: Actor, at: datetime) -> PrintedRecorded:
    """Mark a leased label as printed.

    Raises:
        Conflict: the lease was lost meanwhile.
    """
    job = lock_one(PrintJob.objects.filter(pk=print_job_id), noun="print job")
    if job.lease != lease or job.leased_until is None or job.state != "queued":
        raise Conflict(_("Another worker has this label."), print_job_id=print_job_id)

    move([job], PRINT_MOVES, "send", noun="Print job", sent_at=at, leased_until=None, error="")

    facts = {"label": job.public_id, "template": job.template, "copy": job.copy_no}
    entry = journal.Entry("record_printed", "hu", job.hu_id, site_id=job.site_id, facts=facts)
    journal.write([entry], actor=actor, at=at)
    return PrintedRecorded(job.pk)
