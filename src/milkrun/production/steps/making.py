"""Make jobs: numbered, with the signal that asks for them and lines in the order they are made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from milkrun.demand.models import JitCall
from milkrun.kernel import journal, numbering
from milkrun.kernel.identity import Actor
from milkrun.production.models import Job, JobLine


@dataclass(frozen=True, slots=True)
class NewLine:
    """A quantity of a part to make, for a component of a call or, without one, for stock."""

    part_id: int
    qty: Decimal
    component_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to make: what asks for it, by when, and its lines."""

    title: str
    due_at: datetime
    lines: Sequence[NewLine]
    signal: str
    signal_text: str
    reason: str = ""
    packing_group_id: int | None = None
    priority: int = 0


def make_job(new: NewJob, *, site_id: int, actor: Actor, at: datetime) -> Job:
    """Write a job with its lines and its first entry in the journal."""
    job = Job.objects.create(
        site_id=site_id,
        number=numbering.written("job", numbering.take(f"job:{site_id}")),
        title=new.title[:120],
        packing_group_id=new.packing_group_id,
        due_at=new.due_at,
        priority=new.priority,
        signal=new.signal,
        signal_text=new.signal_text[:80],
        reason=new.reason[:400],
    )
    JobLine.objects.bulk_create(
        [
            JobLine(
                site_id=site_id,
                job=job,
                position=position,
                component_id=line.component_id,
                part_id=line.part_id,
                qty=line.qty,
            )
            for position, line in enumerate(new.lines, 1)
        ]
    )
    facts = {"number": job.number, "signal": f"{new.signal} {new.signal_text}".strip()}
    journal.write(
        [journal.Entry("create_job", "job", job.pk, site_id=site_id, after="open", reason=new.reason, facts=facts)],
        actor=actor,
        at=at,
    )
    return job


def signal_of_calls(calls: Sequence[JitCall]) -> str:
    """Name the calls that ask for a job: "DON4711", or "CALL/471 and 9 more"."""
    numbers = list(dict.fromkeys(str(call) for call in calls))
    if len(numbers) == 1:
        return numbers[0]
    return _("{number} and {n} more").format(number=numbers[0], n=len(numbers) - 1)
