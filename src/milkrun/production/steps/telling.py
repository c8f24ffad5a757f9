"""Tell everybody whom a change of a job affects: people by their role, the customer where a promise moves."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from milkrun.demand.models import JitCall
from milkrun.kernel.identity import Actor
from milkrun.production.models import Job

ROLES_TOLD = ("production_planner", "material_planner", "supervisor", "shipping")


def tell_missing(job: Job, calls: Sequence[str], *, reason: str, actor: Actor, at: datetime) -> None:
    """Tell the planners that calls lost the job that would have made their parts."""
    if calls:
        subject = f"Job {job.number} ended early"
        body = f"Job {job.number} ({job.title}) ended early: {reason} Calls that miss parts now: {', '.join(calls)}."
        _tell(("production_planner", "material_planner"), (), job, "job_ended", subject, body, actor, at)


def tell_moved(
    job: Job, before: datetime, late: Sequence[JitCall], *, reason: str, actor: Actor, at: datetime
) -> tuple[str, ...]:
    """Tell that a job's date was moved; customers of calls whose promise moves are told too.

    Args:
        before: the date it had.
        late: calls whose promise moves.

    Returns:
        Whom: roles, then customers' codes.
    """
    subject = f"Job {job.number} moved to {job.due_at:%Y-%m-%d %H:%M} UTC"
    body = f"{subject}, before {before:%Y-%m-%d %H:%M} UTC: {reason}"
    if late:
        body += f" Calls whose promise moves: {', '.join(str(call) for call in late)}."
    partners = {call.partner_id: call.partner.code for call in late}
    _tell(ROLES_TOLD, sorted(partners), job, "job_moved", subject, body, actor, at)
    return (*ROLES_TOLD, *[partners[key] for key in sorted(partners)])


def _tell(
    roles: Iterable[str],
    partner_ids: Iterable[int],
    job: Job,
    kind: str,
    subject: str,
    body: str,
    actor: Actor,
    at: datetime,
) -> None:
    about: dict[str, Any] = {
        "kind": kind, "subject": subject, "body": body, "actor": actor, "at": at, "site_id": job.site_id,
        "document_kind": "job", "document_id": job.pk,
    }  # fmt: skip
    for role in roles:
        _notify(role=role, **about)
    for partner_id in partner_ids:
        _notify(partner_id=partner_id, **about)


def _notify(**given: Any) -> None:
    """The seam to the notifications of `exchange`."""
