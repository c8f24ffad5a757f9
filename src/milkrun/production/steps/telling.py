"""Tell everybody whom a change of a job affects: people by their role, the customer where a promise moves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from milkrun.demand.models import JitCall
from milkrun.exchange.steps import notify
from milkrun.kernel.identity import Actor
from milkrun.measure.wording import moment
from milkrun.production.models import Job

PLANNERS = ("production_planner", "material_planner")
ALL_TOLD = (*PLANNERS, "supervisor", "shipping")


def tell_missing(job: Job, calls: Sequence[str], *, reason: str, actor: Actor, at: datetime) -> None:
    """Tell the planners that calls lost the job that would have made their parts."""
    if not calls:
        return
    subject = _("Job {number} ended early").format(number=job.number)
    first = _("Job {number} ended early ({title}): {reason}").format(number=job.number, title=job.title, reason=reason)
    body = first + "\n" + _("Calls that miss parts now: {calls}.").format(calls=", ".join(calls))
    for role in PLANNERS:
        notify(kind="job_ended", role=role, subject=subject, body=body, **_about(job, actor, at))


def tell_moved(
    job: Job, before: datetime, moved: Sequence[JitCall], *, reason: str, actor: Actor, at: datetime
) -> tuple[str, ...]:
    """Tell that a job's date was moved; each customer reads of its own calls only, in the time of its plant.

    Args:
        before: the date it had.
        moved: calls whose promise moves.

    Returns:
        Whom: roles, then customers' codes.
    """
    zone = job.site.zone
    due = moment(job.due_at, zone)
    subject = _("Job {number} is due {due_at}").format(number=job.number, due_at=due)
    body = _("Job {number} is due {due_at}, before {before_at}: {reason}").format(
        number=job.number, due_at=due, before_at=moment(before, zone), reason=reason
    )
    if moved:
        body += "\n" + _("Calls whose promise moves: {calls}.").format(calls=", ".join(str(call) for call in moved))
    for role in ALL_TOLD:
        notify(kind="job_moved", role=role, subject=subject, body=body, **_about(job, actor, at))
    customers: dict[int, list[JitCall]] = {}
    for call in moved:
        customers.setdefault(call.partner_id, []).append(call)
    for partner_id, calls in sorted(customers.items()):
        _tell_customer(partner_id, calls, job, actor, at)
    return (*ALL_TOLD, *[customers[key][0].partner.code for key in sorted(customers)])


def _tell_customer(partner_id: int, calls: Sequence[JitCall], job: Job, actor: Actor, at: datetime) -> None:
    lines = [
        _("Call {call}: required {required_at}, we expect to have it made by {due_at}.").format(
            call=call, required_at=moment(call.required_at, call.zone), due_at=moment(job.due_at, call.zone)
        )
        for call in calls
    ]
    subject = ngettext("New date for call {call}", "New date for {n} calls", len(calls))
    subject = subject.format(call=calls[0], n=len(calls))
    about = {"document_kind": "call", "document_id": calls[0].pk} if len(calls) == 1 else {}
    text = "\n".join(lines)
    notify(
        kind="promise_moved", partner_id=partner_id, subject=subject, body=text, **{**_about(job, actor, at), **about}
    )


def _about(job: Job, actor: Actor, at: datetime) -> dict[str, Any]:
    return {"actor": actor, "at": at, "site_id": job.site_id, "document_kind": "job", "document_id": job.pk}
