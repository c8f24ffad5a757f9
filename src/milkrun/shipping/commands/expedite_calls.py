"""Hurry calls: they move to the top of every list, with their jobs and deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from milkrun.demand.models import JitCall
from milkrun.demand.states import PRIORITIES
from milkrun.demand.steps import CallAnswer, Selection
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.spoken import spoken
from milkrun.production.models import Job
from milkrun.production.states import LIVE_JOBS
from milkrun.shipping.models import Delivery

__all__ = ["CallAnswer", "CallsExpedited", "expedite_calls"]

GONE = ("issued", "billed", "completed", "cancelled")


@dataclass(frozen=True, slots=True)
class CallsExpedited:
    """One answer a call: expedited or refused."""

    answers: tuple[CallAnswer, ...]


@command
def expedite_calls(
    *, call_ids: Sequence[int], priority: int, reason: str, actor: Actor, at: datetime, request: Request | None = None
) -> CallsExpedited:
    """Set the priority of calls and of what is made and delivered for them; the reason stands in the history.

    Args:
        priority: 0 as any other, 1 urgent, 2 before everything.

    Raises:
        Invalid: no reason, or no such priority.
        MixedSites: the calls belong to different sites.
    """
    problems = []
    if priority not in PRIORITIES:
        problems.append(Problem("priority", _("A priority is 0, 1 or 2."), "priority_unknown"))
    if not reason.strip():
        problems.append(Problem("reason", _("Say why: everybody who has to wait will ask."), "reason_missing"))
    if problems:
        raise Invalid(problems)
    chosen = Selection(call_ids)
    fit: list[JitCall] = []
    for call in chosen.open():
        if call.state in GONE:
            chosen.refuse(
                call,
                "illegal_move",
                _("Call {call} is {state}: there is nothing left to hurry.").format(
                    call=call, state=spoken(call.state)
                ),
            )
        else:
            fit.append(call)

    JitCall.objects.filter(pk__in=[call.pk for call in fit]).update(priority=priority)
    # A job or a delivery is as urgent as its most urgent call; where one is hurried less, the others may still be.
    jobs = Job.objects.filter(lines__component__group__call__in=fit, state__in=LIVE_JOBS)
    deliveries = Delivery.objects.filter(lines__component__group__call__in=fit, state__in=("open", "picked"))
    # Asked for apart from the choice: what hangs on calls that were not chosen counts too.
    most = Max("lines__component__group__call__priority")
    for job in Job.objects.filter(pk__in=jobs.values("pk")).annotate(most=most).order_by("pk"):
        Job.objects.filter(pk=job.pk).update(priority=job.most or 0)
    for delivery in Delivery.objects.filter(pk__in=deliveries.values("pk")).annotate(most=most).order_by("pk"):
        Delivery.objects.filter(pk=delivery.pk).update(priority=delivery.most or 0)
    chosen.done(fit, "expedited")

    journal.write(
        [
            journal.Entry(
                "expedite_call", "call", call.pk, site_id=call.site_id, before=call.state, after=call.state,
                reason=reason, facts={"priority": [call.priority, priority]},
            )
            for call in fit
        ],
        actor=actor,
        at=at,
    )  # fmt: skip
    return CallsExpedited(chosen.answers())
