"""Put an alert to sleep until a time; its owner is told again then, if the cause is still there."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.insight import steps
from milkrun.insight.errors import RuleNotUnderstood
from milkrun.insight.models import Alert
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request


@dataclass(frozen=True, slots=True)
class AlertSnoozed:
    """Until when the alert sleeps."""

    alert_id: int
    until: datetime


@command
def snooze_alert(
    *, alert_id: int, until: datetime, actor: Actor, at: datetime, request: Request | None = None
) -> AlertSnoozed:
    """Let an alert sleep; it still closes by itself.

    Raises:
        NotFound: no such alert.
        AlertClosed: its cause is gone already.
        RuleNotUnderstood: a time that has passed.
    """
    row = steps.held_open(alert_id)
    if until <= at:
        raise RuleNotUnderstood([Problem("until", _("Choose a time to come."), "past")])

    Alert.objects.filter(pk=row.pk).update(snoozed_until=until)

    steps.tell([row], "snooze_alert", actor=actor, at=at)
    return AlertSnoozed(row.pk, until)
