"""The worker looks at a rule while a person decides about one of its alerts: what the person decided stands."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from django.db import connections, transaction

from milkrun.insight.commands.settle_rule import settle_rule
from milkrun.insight.models import Alert, AlertRule
from milkrun.jobs.alerting import settle_rules
from milkrun.partners.commands.create_user import create_user
from milkrun.planning.commands.set_shifts import set_shifts
from milkrun.planning.queries.shifts import ShiftInput
from tests.races.together import PATIENCE, until_somebody_waits
from tests.world import World

pytestmark = [pytest.mark.postgres_only]
MORNING, AFTERNOON = datetime(2026, 11, 23, 10, 5, tzinfo=UTC), datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


def test_who_got_an_alert_by_hand_keeps_it_although_the_next_shift_begins_at_that_moment(plant: World) -> None:
    early, late, chosen = (
        create_user(
            email=f"{name}@plant.example", name=name, password="long enough 99", roles=["material_planner"],
            actor=plant.actor, at=plant.later(),
        ).user_id
        for name in ("early", "late", "chosen")
    )  # fmt: skip
    days = (
        ShiftInput("Early", "1", time(6), time(14), "", early),
        ShiftInput("Late", "1", time(14), time(22), "", late),
    )
    set_shifts(site_id=plant.site_id, shifts=days, actor=plant.actor, at=plant.later())
    settle_rules(plant.now)
    plant.call(replace(plant.sequenced(1), required_at=datetime(2026, 11, 23, 14, tzinfo=UTC)))
    rule = AlertRule.objects.get(metric="call_not_released")
    AlertRule.objects.filter(pk=rule.pk).update(escalate_minutes=0)
    settle_rules(MORNING)
    alert = Alert.objects.get(rule=rule)
    assert alert.owner_id == early

    def look() -> None:
        settle_rule(rule_id=rule.pk, actor=plant.actor, at=AFTERNOON)
        connections.close_all()

    worker = threading.Thread(target=look, daemon=True)
    with transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(owner_id=chosen, owner_role="")
        worker.start()
        until_somebody_waits()
    worker.join(PATIENCE)

    alert.refresh_from_db()
    assert (alert.owner_id, alert.owner_role) == (chosen, "")
