"""A cause has one alert, which opens, is told of again, escalates and closes by itself."""

from datetime import timedelta

import pytest

from milkrun.insight.commands.mute_alert_rule import mute_alert_rule
from milkrun.insight.commands.snooze_alert import snooze_alert
from milkrun.insight.models import Alert, AlertRule
from tests.insight.watching import SOON, look

pytestmark = pytest.mark.django_db


def test_a_call_that_is_not_released_in_time_has_one_alert_until_it_is_released(world) -> None:
    call_id = world.call(world.sequenced(1))

    early = look(SOON - timedelta(hours=4))
    late = look(SOON)
    again = look(SOON + timedelta(minutes=1))
    world.release(call_id)
    after = look(SOON + timedelta(minutes=2))

    assert "call_not_released" not in early
    assert late["call_not_released"] == again["call_not_released"] == ["CALL/1"]
    assert "call_not_released" not in after
    (alert,) = Alert.objects.filter(rule__metric="call_not_released")
    assert (alert.closed_why, alert.times_told, alert.owner_role) == ("cause_gone", 1, "material_planner")
    assert alert.since == alert.due_at - timedelta(minutes=240)


def test_the_owner_is_told_once_and_again_only_after_the_rule_s_time(world) -> None:
    call_id = world.call(world.sequenced(1))
    look(SOON)
    AlertRule.objects.filter(metric="call_not_released").update(repeat_minutes=30, escalate_minutes=0)

    look(SOON + timedelta(minutes=29))
    before = Alert.objects.get(rule__metric="call_not_released", subject_id=call_id).times_told
    look(SOON + timedelta(minutes=30))
    after = Alert.objects.get(rule__metric="call_not_released", subject_id=call_id).times_told

    assert (before, after) == (1, 2)


def test_what_nobody_removes_escalates_once(world) -> None:
    call_id = world.call(world.sequenced(1))
    look(SOON)

    look(SOON + timedelta(minutes=60))
    look(SOON + timedelta(minutes=90))

    alert = Alert.objects.get(rule__metric="call_not_released", subject_id=call_id)
    assert alert.owner_role == "supervisor"
    assert alert.escalated_at == SOON + timedelta(minutes=60)


def test_a_muted_rule_raises_nothing_new_and_speaks_again_by_itself(world) -> None:
    look(SOON)
    rule = AlertRule.objects.get(metric="call_not_released")
    until = SOON + timedelta(hours=1)
    mute_alert_rule(rule_id=rule.pk, until=until, why="Stock-taking", actor=world.actor, at=SOON)
    world.call(world.sequenced(1))

    muted = look(SOON + timedelta(minutes=30))
    later = look(until + timedelta(minutes=1))

    assert "call_not_released" not in muted
    assert later["call_not_released"] == ["CALL/1"]


def test_a_snoozed_alert_wakes_up_when_its_time_has_come(world) -> None:
    call_id = world.call(world.sequenced(1))
    look(SOON)
    alert = Alert.objects.get(rule__metric="call_not_released", subject_id=call_id)
    until = SOON + timedelta(minutes=20)
    snooze_alert(alert_id=alert.pk, until=until, actor=world.actor, at=SOON)

    look(SOON + timedelta(minutes=10))
    asleep = Alert.objects.get(pk=alert.pk)
    look(SOON + timedelta(minutes=21))
    awake = Alert.objects.get(pk=alert.pk)

    assert (asleep.times_told, asleep.snoozed_until) == (1, until)
    assert (awake.times_told, awake.snoozed_until) == (2, None)


def test_a_rule_that_cannot_be_looked_at_stops_no_other(world, monkeypatch) -> None:
    from milkrun.insight.queries import settling
    from milkrun.jobs.alerting import settle_rules

    world.call(world.sequenced(1))
    look(SOON - timedelta(hours=4))
    real = settling.findings_of
    broken = lambda rule, at: 1 / 0 if rule.metric == "unknown_part" else real(rule, at)  # noqa: E731
    monkeypatch.setattr(settling, "findings_of", broken)

    found = settle_rules(SOON)

    assert found["failing"] == ["Call with something unknown"]
    assert Alert.objects.filter(rule__metric="call_not_released", closed_at=None).count() == 1


def test_a_quiet_plant_costs_a_bounded_number_of_statements(world, django_assert_max_num_queries) -> None:
    from milkrun.insight.queries import metrics, rules_to_settle

    world.packed(*[world.sequenced(number) for number in range(1, 6)])
    look(SOON)

    with django_assert_max_num_queries(4 + 4 * len(metrics())):
        due, _ = rules_to_settle(SOON + timedelta(seconds=1))

    assert due == []


def test_owners_get_one_notification_however_many_alerts_open_at_once_and_only_where_the_rule_says_so(world) -> None:
    from milkrun.exchange.models import Notification

    look(SOON - timedelta(hours=4))
    AlertRule.objects.filter(metric="call_not_released").update(channel="notice")
    for number in (1, 2, 3):
        world.call(world.sequenced(number))

    look(SOON)
    first = list(Notification.objects.filter(kind="alert").values_list("role", "subject"))
    look(SOON + timedelta(minutes=60))
    roles = set(Notification.objects.filter(kind="alert").values_list("role", flat=True))

    assert first == [("material_planner", "Call not released in time (3)")]
    assert roles == {"material_planner", "supervisor"}
    body = Notification.objects.filter(kind="alert").earliest("pk").body
    assert body.count("is not released yet.") == 3
