"""Make a rule that watches a figure, or change one."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.insight.errors import RuleNotUnderstood
from milkrun.insight.models import CHANNELS, TONES, AlertRule
from milkrun.insight.queries.metrics import BY_NAME
from milkrun.insight.queries.rules import RuleInput
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.partners.queries.rights import ROLES

LONGEST_MINUTES = 60 * 24 * 30


@dataclass(frozen=True, slots=True)
class AlertRuleSaved:
    """The rule is watched from now on."""

    rule_id: int
    public_id: str


@command
def save_alert_rule(
    *, rule: RuleInput, actor: Actor, at: datetime, rule_id: int | None = None, request: Request | None = None
) -> AlertRuleSaved:
    """Save a rule; `rule_id` names the one to change, None makes a new one.

    Raises:
        NotFound: the rule to change does not exist.
        RuleNotUnderstood: every problem is named.
    """
    row = lock_one(AlertRule.objects.filter(pk=rule_id), noun="rule") if rule_id else AlertRule()
    problems = _problems(rule)
    if problems:
        raise RuleNotUnderstood(problems)

    before = {name: str(getattr(row, name)) for name in asdict(rule)} if rule_id else {}
    for name, value in asdict(rule).items():
        setattr(row, name, value)
    row.save()

    after = {name: str(getattr(row, name)) for name in asdict(rule)}
    changed = {name: f"{before.get(name, '')} > {value}" for name, value in after.items() if before.get(name) != value}
    facts = {"rule": row.title, **(changed if rule_id else {})}
    journal.write([journal.Entry("save_alert_rule", "alert_rule", row.pk, facts=facts)], actor=actor, at=at)
    return AlertRuleSaved(row.pk, row.public_id)


def _problems(rule: RuleInput) -> list[Problem]:
    metric = BY_NAME.get(rule.metric)
    found: list[Problem] = []
    if not rule.title.strip() or len(rule.title) > 120:
        found.append(Problem("title", _("Give the rule a title of at most 120 characters."), "title"))
    if metric is None:
        found.append(Problem("metric", _("Choose a figure to watch."), "metric"))
    else:
        scopes = {"partner": rule.partner_id, "part": rule.part_id, "place": rule.place}
        wrong = [name for name, value in scopes.items() if value and name not in metric.scopes]
        found += [
            Problem(name, _("“{title}” cannot be narrowed to a {name}.").format(title=metric.title, name=name), "scope")
            for name in wrong
        ]
        if rule.comparison not in metric.comparisons:
            found.append(
                Problem(
                    "comparison",
                    _("“{title}” is watched {comparison}.").format(title=metric.title, comparison=metric.comparison),
                    "comparison",
                )
            )
    if rule.tone not in TONES:
        found.append(Problem("tone", _("An alert is to act on or to watch."), "tone"))
    if rule.channel not in CHANNELS:
        found.append(Problem("channel", _("Choose how the owner is told."), "channel"))
    return found + _people(rule)


def _people(rule: RuleInput) -> list[Problem]:
    found: list[Problem] = []
    if not rule.owner_role and rule.owner_id is None:
        found.append(Problem("owner", _("Say who is told: a role or a person."), "owner"))
    for name, role in (("owner", rule.owner_role), ("escalate_role", rule.escalate_role)):
        if role and role not in ROLES:
            found.append(Problem(name, _("There is no role “{role}”.").format(role=role), "role"))
    if rule.escalate_minutes and not rule.escalate_role:
        found.append(Problem("escalate_role", _("Say which role is told after that time."), "escalate_role"))
    for name, minutes in (("repeat_minutes", rule.repeat_minutes), ("escalate_minutes", rule.escalate_minutes)):
        if not 0 <= minutes <= LONGEST_MINUTES:
            found.append(Problem(name, _("Write the time in whole minutes, at most 30 days."), "minutes"))
    return found
