"""Bring the alerts of a rule in line with what its metric finds: open, close, tell again, escalate."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from milkrun.insight import steps
from milkrun.insight.models import TOLD_CHANNELS, Alert, AlertRule
from milkrun.insight.queries.settling import findings_of, turn_of
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock, lock_one
from milkrun.partners.queries import sites
from milkrun.planning.queries.shifts import calendars


@dataclass(frozen=True, slots=True)
class RuleSettled:
    """How many alerts opened, closed, were told of again and escalated."""

    opened: int
    closed: int
    reminded: int
    escalated: int


@command
def settle_rule(*, rule_id: int, actor: Actor, at: datetime) -> RuleSettled:
    """Look once more at what a rule watches, now that it is held, and write what follows.

    The rule's row is held, so that two workers never raise the same alert; a cause has one open alert. Its alerts are
    held too, so that what a person decides meanwhile about one of them stands.

    Raises:
        NotFound: no such rule.
    """
    rule = lock_one(AlertRule.objects.filter(pk=rule_id), noun="rule")
    alerts = lock(Alert.objects.filter(rule=rule, closed_at=None).select_related("rule"))
    times = calendars([site.id for site in sites()], at)
    turn = turn_of(rule, alerts, findings_of(rule, at), at, times)

    opened = steps.open_alerts(rule, turn.opened, times, at=at)
    for alert, one in turn.changed:
        Alert.objects.filter(pk=alert.pk).update(facts=dict(one.facts), mark=one.mark, due_at=one.due_at)
    again = [alert.pk for alert in (*turn.worse, *turn.reminded)]
    Alert.objects.filter(pk__in=again).update(told_at=at, times_told=F("times_told") + 1, snoozed_until=None)
    for alert in turn.escalated:
        duty = times[alert.site_id].on_duty(rule.escalate_role, at)
        Alert.objects.filter(pk=alert.pk).update(
            escalated_at=at, owner_role=rule.escalate_role, owner_id=duty, told_at=at, times_told=F("times_told") + 1
        )
    handed = [(alert, duty) for alert, duty in turn.handed if alert not in turn.escalated]
    for alert, duty in handed:
        Alert.objects.filter(pk=alert.pk).update(owner_id=duty, told_at=at, times_told=F("times_told") + 1)

    steps.close_alerts(turn.closed, "cause_gone" if rule.active else "rule_off", actor=actor, at=at)
    steps.tell(opened, "open_alert", actor=actor, at=at)
    steps.tell((*turn.worse, *turn.reminded), "remind_alert", actor=actor, at=at)
    steps.tell(turn.escalated, "escalate_alert", actor=actor, at=at)
    steps.tell([alert for alert, _ in handed], "hand_over_alert", actor=actor, at=at)
    if rule.channel in TOLD_CHANNELS:
        told = [*(row.pk for row in (*opened, *turn.escalated)), *again, *(alert.pk for alert, _ in handed)]
        rows = Alert.objects.filter(pk__in=told).select_related("rule", "owner", "partner").order_by("pk")
        steps.notify_owners(list(rows), site_zone=sites()[0].zone, actor=actor, at=at)
    return RuleSettled(len(opened), len(turn.closed), len(again), len(turn.escalated))
