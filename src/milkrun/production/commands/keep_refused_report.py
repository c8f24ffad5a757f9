"""Keep what an outside system reported and we had to refuse, as work for a person; it is never dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.production.models import Job, RefusedReport


@dataclass(frozen=True, slots=True)
class ReportKept:
    """A refused report waits for a person."""

    report_id: int
    public_id: str


@command
def keep_refused_report(
    *,
    job_id: int,
    what: str,
    content: Mapping[str, Any],
    code: str,
    message: str,
    actor: Actor,
    at: datetime,
    source: str = "",
    request: Request | None = None,
) -> ReportKept:
    """Keep a report that was refused.

    Args:
        what: what was asked ("confirm_job").
        content: what was sent, as it came.
        code: the refusal's code.
        message: the refusal's sentence.
    """
    job = lock_one(Job.objects.filter(pk=job_id), noun="job")

    row = RefusedReport.objects.create(
        site_id=job.site_id,
        job=job,
        what=what,
        source=source[:60],
        content=dict(content),
        code=code,
        message=message[:400],
        at=at,
        actor=actor.name,
    )

    facts = {"report": what, "source": source or actor.name}
    journal.write(
        [journal.Entry("keep_refused_report", "job", job.pk, site_id=job.site_id, reason=message, facts=facts)],
        actor=actor,
        at=at,
    )
    return ReportKept(row.pk, row.public_id)
