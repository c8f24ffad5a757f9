"""Put the rules that the metrics bring with them into the installation."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.insight.models import AlertRule
from milkrun.insight.queries.metrics import METRICS
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import hold


@dataclass(frozen=True, slots=True)
class StandardRulesAdded:
    """The names of the metrics whose rules were added."""

    added: tuple[str, ...]


@command
def add_standard_rules(*, actor: Actor, at: datetime) -> StandardRulesAdded:
    """Add the standard rules that are not there yet; one that a person has changed or switched off stays as it is."""
    hold("alert_rules", 1)
    known = set(AlertRule.objects.exclude(built_in="").values_list("built_in", flat=True))
    wanted = [(metric, metric.standard) for metric in METRICS if metric.standard and metric.name not in known]

    rows = AlertRule.objects.bulk_create(
        [
            AlertRule(
                built_in=metric.name,
                title=str(metric.title),
                metric=metric.name,
                comparison=metric.comparison,
                threshold=standard.threshold,
                tone=standard.tone,
                owner_role=standard.owner_role,
                repeat_minutes=standard.repeat_minutes,
                escalate_minutes=standard.escalate_minutes,
                escalate_role=standard.escalate_role,
            )
            for metric, standard in wanted
        ]
    )

    journal.write(
        [journal.Entry("add_standard_rule", "alert_rule", row.pk, facts={"rule": row.title}) for row in rows],
        actor=actor,
        at=at,
    )
    return StandardRulesAdded(tuple(metric.name for metric, _ in wanted))
