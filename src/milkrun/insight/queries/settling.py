"""What a look at a rule changes: which alerts open, close, are told of again and escalate. Decides, never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from milkrun.insight.models import Alert, AlertRule
from milkrun.insight.queries.metrics import BY_NAME, METRICS, MOST, Comparison, Finding, Wanted
from milkrun.partners.queries import sites
from milkrun.planning.queries.shifts import Calendar, calendars


@dataclass(frozen=True, slots=True)
class Turn:
    """What one look at a rule's findings leads to.

    Args:
        opened: findings without an alert.
        changed: alerts whose facts are others now, with the finding.
        closed: alerts whose cause is gone.
        worse: changed alerts that the owner is told of anew.
        reminded: alerts that the owner is told of again after the rule's time.
        escalated: alerts that nobody has removed within the rule's time.
        handed: alerts of a shift that has ended, with whom the next shift has on duty.
    """

    opened: tuple[Finding, ...] = ()
    changed: tuple[tuple[Alert, Finding], ...] = ()
    closed: tuple[Alert, ...] = ()
    worse: tuple[Alert, ...] = ()
    reminded: tuple[Alert, ...] = ()
    escalated: tuple[Alert, ...] = ()
    handed: tuple[tuple[Alert, int], ...] = ()

    @property
    def idle(self) -> bool:
        """Tell whether nothing is to be written."""
        return not (self.opened or self.changed or self.closed or self.reminded or self.escalated or self.handed)


def wanted_of(rule: AlertRule, at: datetime) -> Wanted:
    """Put a rule's scope into what a metric is asked."""
    every = (rule.site_id,) if rule.site_id else tuple(site.id for site in sites())
    comparison: Comparison = "below" if rule.comparison == "below" else "above"
    return Wanted(
        at, comparison, rule.threshold, every, rule.partner_id, rule.part_id, rule.place, working=rule.working_time
    )


def findings_of(rule: AlertRule, at: datetime) -> tuple[Finding, ...]:
    """Ask a rule's metric; nothing is found for a rule that is switched off or muted."""
    if not rule.active or rule.metric not in BY_NAME:
        return ()
    return tuple(BY_NAME[rule.metric].search(wanted_of(rule, at)))


def turn_of(
    rule: AlertRule,
    alerts: Sequence[Alert],
    findings: Sequence[Finding],
    at: datetime,
    times: Mapping[int, Calendar] | None = None,
) -> Turn:
    """Compare what was found with the alerts that are open.

    Args:
        rule: the rule.
        alerts: its open alerts.
        findings: what its metric found now.
        at: now.
        times: when each site works; around the clock where it is not said.
    """
    times = times or {}
    known = {(alert.site_id, alert.subject_kind, alert.subject_id): alert for alert in alerts}
    found = {(one.site_id, one.kind, one.id): one for one in findings}
    muted = rule.muted_until is not None and rule.muted_until > at
    kept = [(alert, found[key]) for key, alert in known.items() if key in found]
    changed = tuple((alert, one) for alert, one in kept if _changed(alert, one))
    worse = tuple(alert for alert, one in changed if alert.mark != one.mark)
    told = () if muted else kept
    return Turn(
        opened=() if muted else tuple(one for key, one in found.items() if key not in known),
        changed=changed,
        closed=tuple(alert for key, alert in known.items() if key not in found and _really(alert, findings)),
        worse=worse,
        reminded=tuple(alert for alert, _ in told if alert not in worse and _remind(rule, alert, at, times)),
        escalated=tuple(alert for alert, _ in told if _escalate(rule, alert, at, times)),
        handed=tuple((alert, duty) for alert, _ in told for duty in _next_duty(rule, alert, at, times)),
    )


def _changed(alert: Alert, one: Finding) -> bool:
    return (alert.mark, alert.facts, alert.due_at) != (one.mark, dict(one.facts), one.due_at)


def _really(alert: Alert, findings: Sequence[Finding]) -> bool:
    """Tell whether a cause that was not found is gone, and not only behind the end of a very long list."""
    if len(findings) < MOST:
        return True
    last = findings[-1]
    if alert.due_at is None or last.due_at is None:
        return alert.subject_id < last.id
    return (alert.due_at, alert.subject_id) < (last.due_at, last.id)


def _next_duty(rule: AlertRule, alert: Alert, at: datetime, times: Mapping[int, Calendar]) -> tuple[int, ...]:
    """Tell who takes an alert over from a shift that has ended; nobody where it is still on or somebody chose him."""
    calendar = times.get(alert.site_id)
    # An alert without a role was given to a person by hand, who keeps it until it closes.
    if calendar is None or rule.owner_id is not None or not alert.owner_role:
        return ()
    if alert.owner_id not in calendar.owners(alert.owner_role):
        return ()
    duty = calendar.on_duty(alert.owner_role, at)
    return () if duty is None or duty == alert.owner_id else (duty,)


def _past(rule: AlertRule, alert: Alert, since: datetime, at: datetime, times: Mapping[int, Calendar]) -> timedelta:
    """Return how long something lasts, by the clock or in the site's working time."""
    calendar = times.get(alert.site_id) if rule.working_time else None
    return calendar.worked(since, at) if calendar else at - since


def _remind(rule: AlertRule, alert: Alert, at: datetime, times: Mapping[int, Calendar]) -> bool:
    asleep = alert.snoozed_until is not None and alert.snoozed_until > at
    if alert.snoozed_until is not None and not asleep and alert.told_at < alert.snoozed_until:
        return True
    due = rule.repeat_minutes and _past(rule, alert, alert.told_at, at, times) >= timedelta(minutes=rule.repeat_minutes)
    return bool(due and not asleep)


def _escalate(rule: AlertRule, alert: Alert, at: datetime, times: Mapping[int, Calendar]) -> bool:
    after = timedelta(minutes=rule.escalate_minutes)
    due = rule.escalate_minutes and _past(rule, alert, alert.opened_at, at, times) >= after
    asleep = alert.snoozed_until is not None and alert.snoozed_until > at
    return bool(due and alert.escalated_at is None and not asleep)


def open_alerts(rule_ids: Sequence[int]) -> dict[int, list[Alert]]:
    """Read the open alerts of rules, by rule, in one statement."""
    found: dict[int, list[Alert]] = {key: [] for key in rule_ids}
    for alert in Alert.objects.filter(rule__in=rule_ids, closed_at=None).order_by("id"):
        found[alert.rule_id].append(alert)
    return found


def lacking_standard_rules() -> bool:
    """Tell whether a metric brings a rule that the installation does not have yet."""
    known = set(AlertRule.objects.exclude(built_in="").values_list("built_in", flat=True))
    return any(metric.standard and metric.name not in known for metric in METRICS)


def rules_to_settle(at: datetime) -> tuple[list[int], list[tuple[str, str]]]:
    """Find the rules whose alerts are not as they should be now; two statements and those of each metric.

    Returns:
        Keys of the rules, and (title, problem) of rules whose metric failed.
    """
    rules = list(AlertRule.objects.order_by("id"))
    alerts = open_alerts([rule.pk for rule in rules])
    times = calendars([site.id for site in sites()], at)
    due: list[int] = []
    failing: list[tuple[str, str]] = []
    for rule in rules:
        try:
            if not turn_of(rule, alerts[rule.pk], findings_of(rule, at), at, times).idle:
                due.append(rule.pk)
        except Exception as problem:
            failing.append((rule.title, f"{type(problem).__name__}: {problem}"[:400]))
    return due, failing
