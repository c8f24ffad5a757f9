"""Keep a rule quiet for a while, or let it speak again."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.insight.errors import RuleNotUnderstood
from milkrun.insight.models import AlertRule
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one


@dataclass(frozen=True, slots=True)
class AlertRuleMuted:
    """Until when the rule raises nothing; None where it speaks again."""

    rule_id: int
    until: datetime | None


@command
def mute_alert_rule(
    *, rule_id: int, until: datetime | None, why: str, actor: Actor, at: datetime, request: Request | None = None
) -> AlertRuleMuted:
    """Raise no new alerts of a rule until then; open ones stay, and close when their cause goes.

    Args:
        rule_id: the rule.
        until: when it speaks again; None lets it speak now.
        why: stands beside the rule; may be empty only where it speaks again.
        actor: who.
        at: now.
        request: the request.

    Raises:
        NotFound: no such rule.
        RuleNotUnderstood: no reason, or a time that has passed.
    """
    row = lock_one(AlertRule.objects.filter(pk=rule_id), noun="rule")
    problems = []
    if until is not None and until <= at:
        problems.append(Problem("until", _("Choose a time to come."), "past"))
    if until is not None and not why.strip():
        problems.append(Problem("why", _("Say why: the reason stands beside the rule."), "reason"))
    if problems:
        raise RuleNotUnderstood(problems)

    muted_by = actor.name if until else ""
    AlertRule.objects.filter(pk=row.pk).update(muted_until=until, muted_why=why.strip()[:200], muted_by=muted_by)

    facts = {"rule": row.title, "until": until.isoformat() if until else ""}
    entry = journal.Entry("mute_alert_rule" if until else "unmute_alert_rule", "alert_rule", row.pk, reason=why,
                          facts=facts)  # fmt: skip
    journal.write([entry], actor=actor, at=at)
    return AlertRuleMuted(row.pk, until)
