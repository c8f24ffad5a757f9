"""What tests of alerts need: a look at the rules at an instant, and the alerts that are open."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from milkrun.insight.commands.save_alert_rule import AlertRuleSaved, save_alert_rule
from milkrun.insight.queries.rules import RuleInput
from milkrun.jobs.alerting import settle_rules
from tests.world import NOW, World

# Calls of the world are needed 14 hours after NOW; this is two hours before.
SOON = NOW + timedelta(hours=12)


def look(at: datetime = SOON) -> dict[str, list[str]]:
    """Let the worker look at every rule; returns the subjects of the open alerts by metric."""
    from milkrun.insight.models import Alert

    found = settle_rules(at)
    assert found["failing"] == []
    rows = Alert.objects.filter(closed_at=None).select_related("rule").order_by("id")
    subjects: dict[str, list[str]] = {}
    for row in rows:
        subjects.setdefault(row.rule.metric, []).append(row.subject_label)
    return subjects


def rule(world: World, metric: str, threshold: str = "0", **fields: Any) -> AlertRuleSaved:
    """Make a rule."""
    given = {"title": metric, "comparison": "above", "owner_role": "material_planner"} | fields
    wanted = RuleInput(metric=metric, threshold=Decimal(threshold), **given)
    return save_alert_rule(rule=wanted, actor=world.actor, at=world.later())
