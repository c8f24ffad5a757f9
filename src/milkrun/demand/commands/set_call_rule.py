"""Set what becomes of a customer's change to a call that is under way: taken over, asked about, or refused."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.demand.models import CallRule, ChangeRule, SequenceStream
from milkrun.demand.states import CHANGE_RULES, CHANGE_STATES
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.partners.models import Partner


@dataclass(frozen=True, slots=True)
class CallRuleSet:
    """The rule that holds from now on; "" where a state has none of its own any more."""

    partner_id: int
    change_after_release: str
    state: str = ""
    stream_id: int | None = None


@command
def set_call_rule(
    *,
    partner_id: int,
    change_after_release: str,
    actor: Actor,
    at: datetime,
    state: str = "",
    stream_id: int | None = None,
    request: Request | None = None,
) -> CallRuleSet:
    """Set the rule for changes after the release of a call: for all, or for one state, or that in one stream.

    The closest rule counts: of the stream and state, of the state, of the customer; where nothing is said, refuse.

    Args:
        change_after_release: allow (taken over at once), ask (a planner decides) or refuse; "" removes the rule of a
            state, so that the next wider one counts.
        state: the call's state that the rule is for; "" for all that have none of their own.
        stream_id: a sequence of this customer that the rule is for; only with a state.

    Raises:
        Invalid: there is no such rule or state.
        NotFound: no such customer, or it has no such sequence.
    """
    problems = _problems(change_after_release, state, stream_id)
    if problems:
        raise Invalid(problems)
    if not Partner.objects.filter(pk=partner_id, is_customer=True).exists():
        raise NotFound(_("This customer does not exist."))
    if stream_id is not None and not SequenceStream.objects.filter(pk=stream_id, ship_to__partner=partner_id).exists():
        raise NotFound(_("This customer has no such sequence."))

    if state:
        before = _set_for_state(partner_id, stream_id, state, change_after_release)
    else:
        row, _made = CallRule.objects.get_or_create(partner_id=partner_id)
        before = row.change_after_release
        CallRule.objects.filter(pk=row.pk).update(change_after_release=change_after_release)

    facts = {"changed": {state or "change_after_release": [before, change_after_release]}, "stream": stream_id}
    journal.write([journal.Entry("set_call_rule", "partner", partner_id, facts=facts)], actor=actor, at=at)
    return CallRuleSet(partner_id, change_after_release, state, stream_id)


def _problems(rule: str, state: str, stream_id: int | None) -> list[Problem]:
    found = []
    if rule not in CHANGE_RULES and not (state and rule == ""):
        text = _("A rule is one of {change_rules}.").format(change_rules=", ".join(CHANGE_RULES))
        found.append(Problem("change_after_release", text, "rule_unknown"))
    if state and state not in CHANGE_STATES:
        text = _("A rule is for one of the states {states}.").format(states=", ".join(CHANGE_STATES))
        found.append(Problem("state", text, "state_unknown"))
    if stream_id is not None and not state:
        found.append(Problem("state", _("Say for which state the rule of a sequence is."), "state_missing"))
    return found


def _set_for_state(partner_id: int, stream_id: int | None, state: str, rule: str) -> str:
    rows = ChangeRule.objects.filter(partner_id=partner_id, stream_id=stream_id, state=state)
    before = rows.values_list("rule", flat=True).first() or ""
    if not rule:
        rows.delete()
    elif before:
        rows.update(rule=rule)
    else:
        ChangeRule.objects.create(partner_id=partner_id, stream_id=stream_id, state=state, rule=rule)
    return before
