"""Say what a status word of a customer, as it is sent, asks of a call."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand.models import ExternalStatus
from milkrun.demand.states import STATUS_ACTIONS
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.models import Partner


@dataclass(frozen=True, slots=True)
class StatusMapped:
    """What the word means from now on; "" where it means nothing of its own any more."""

    partner_id: int
    transmitted: str
    action: str


@command
def map_status(
    *,
    partner_id: int,
    transmitted: str,
    action: str,
    actor: Actor,
    at: datetime,
    request: Request | None = None,
) -> StatusMapped:
    """Map one word of one customer; messages that come later are read by it.

    Args:
        transmitted: as the customer sends it, up to 35 characters.
        action: call, cancel, skip, hold, resume, reorder or ignore; "" removes the word.

    Raises:
        Invalid: the word is empty or too long, or there is no such action.
        NotFound: no such customer.
    """
    problems = []
    if not transmitted.strip() or len(transmitted) > 35:
        problems.append(Problem("transmitted", _("A status word has 1 to 35 characters."), "status_impossible"))
    if action and action not in STATUS_ACTIONS:
        problems.append(
            Problem(
                "action",
                _("An action is one of {status_actions}.").format(status_actions=", ".join(STATUS_ACTIONS)),
                "action_unknown",
            )
        )
    if problems:
        raise Invalid(problems)
    if not Partner.objects.filter(pk=partner_id, is_customer=True).exists():
        raise NotFound(_("This customer does not exist."))

    rows = ExternalStatus.objects.filter(partner_id=partner_id, transmitted=transmitted)
    before = rows.values_list("action", flat=True).first() or ""
    if not action:
        rows.delete()
    elif before:
        rows.update(action=action)
    else:
        ExternalStatus.objects.create(partner_id=partner_id, transmitted=transmitted, action=action)

    facts = {"transmitted": transmitted, "changed": {"action": [before, action]}}
    journal.write([journal.Entry("map_status", "partner", partner_id, facts=facts)], actor=actor, at=at)
    return StatusMapped(partner_id, transmitted, action)
