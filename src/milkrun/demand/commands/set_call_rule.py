"""Set what becomes of a customer's change to a call that is under way: taken over, asked about, or refused."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand.models import CallRule
from milkrun.demand.states import CHANGE_RULES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.models import Partner


@dataclass(frozen=True, slots=True)
class CallRuleSet:
    """The rule that holds from now on."""

    partner_id: int
    change_after_release: str


@command
def set_call_rule(
    *, partner_id: int, change_after_release: str, actor: Actor, at: datetime, request: Request | None = None
) -> CallRuleSet:
    """Set the rule for changes after the release of a call.

    Args:
        change_after_release: allow (taken over at once), ask (a planner decides) or refuse.

    Raises:
        Invalid: there is no such rule.
        NotFound: no such customer.
    """
    if change_after_release not in CHANGE_RULES:
        text = _("A rule is one of {change_rules}.").format(change_rules=", ".join(CHANGE_RULES))
        raise Invalid([Problem("change_after_release", text, "rule_unknown")])
    if not Partner.objects.filter(pk=partner_id, is_customer=True).exists():
        raise NotFound(_("This customer does not exist."))

    row, __ = CallRule.objects.get_or_create(partner_id=partner_id)
    CallRule.objects.filter(pk=row.pk).update(change_after_release=change_after_release)

    facts = {"changed": {"change_after_release": [row.change_after_release, change_after_release]}}
    journal.write([journal.Entry("set_call_rule", "partner", partner_id, facts=facts)], actor=actor, at=at)
    return CallRuleSet(partner_id, change_after_release)
