"""Rules are checked and kept; alerts are put to sleep and given on; what is refused changes nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest

from milkrun.insight.commands.add_standard_rules import add_standard_rules
from milkrun.insight.commands.assign_alert import assign_alert
from milkrun.insight.commands.mute_alert_rule import mute_alert_rule
from milkrun.insight.commands.save_alert_rule import save_alert_rule
from milkrun.insight.commands.settle_rule import settle_rule
from milkrun.insight.commands.snooze_alert import snooze_alert
from milkrun.insight.errors import AlertClosed, RuleNotUnderstood
from milkrun.insight.models import Alert, AlertRule
from milkrun.insight.queries import metrics, try_rule
from milkrun.insight.queries.rules import RuleInput
from milkrun.kernel.errors import NotFound
from tests.conftest import ROOT
from tests.insight.watching import SOON, look, rule
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def test_every_metric_that_brings_a_rule_has_one_after_the_first_look_and_keeps_what_people_change(world) -> None:
    add_standard_rules(actor=world.actor, at=world.now)
    AlertRule.objects.filter(built_in="unknown_part").update(active=False)

    again = add_standard_rules(actor=world.actor, at=world.now)

    expected = {metric.name for metric in metrics() if metric.standard}
    assert set(AlertRule.objects.values_list("built_in", flat=True)) == expected
    assert again.added == ()
    assert not AlertRule.objects.get(built_in="unknown_part").active


def test_a_rule_that_cannot_be_watched_is_refused_with_every_problem(world) -> None:
    with refused(RuleNotUnderstood) as caught:
        rule(world, "call_not_released", "60", comparison="above", title="", owner_role="gardener", tone="loud",
             channel="pigeon", part_id=world.parts["FOAM"], escalate_minutes=10, repeat_minutes=-1)  # fmt: skip

    fields = {problem.field for problem in caught.value.problems}
    assert fields == {"title", "comparison", "owner", "tone", "channel", "part", "escalate_role", "repeat_minutes"}


def test_a_rule_needs_a_known_figure_and_somebody_who_is_told(world) -> None:
    with refused(RuleNotUnderstood) as caught:
        rule(world, "weather", owner_role="")

    assert {problem.field for problem in caught.value.problems} == {"metric", "owner"}


def test_a_changed_rule_keeps_what_it_was_in_its_history(world) -> None:
    from milkrun.kernel import journal

    made = rule(world, "call_not_released", "60", comparison="below")
    changed = RuleInput("Late", "call_not_released", "below", Decimal(90), owner_role="shipping")

    save_alert_rule(rule=changed, rule_id=made.rule_id, actor=world.actor, at=world.later())

    facts = journal.history([("alert_rule", made.rule_id)])[0].facts
    assert facts["threshold"] == "60 > 90"
    assert facts["owner_role"] == "material_planner > shipping"


def test_a_rule_for_one_customer_leaves_the_others_alone_and_the_trial_says_so(world) -> None:
    world.call(world.sequenced(1))
    mine = RuleInput("x", "call_not_released", "below", Decimal(240), partner_id=world.partner_id, owner_role="admin")
    nobodys = RuleInput("x", "call_not_released", "below", Decimal(240), partner_id=10**6, owner_role="admin")

    trial, other = try_rule(mine, SOON, "UTC"), try_rule(nobodys, SOON, "UTC")

    assert (trial.count, other.count) == (1, 0)
    assert trial.first[0].startswith("Call CALL/1 of OEM01 is needed 2026-11-22 10:51 CET")
    assert not AlertRule.objects.exists()


def test_muting_needs_a_reason_and_a_time_to_come(world) -> None:
    made = rule(world, "unknown_part")

    with refused(RuleNotUnderstood) as caught:
        mute_alert_rule(rule_id=made.rule_id, until=world.now, why=" ", actor=world.actor, at=world.now)

    assert {problem.field for problem in caught.value.problems} == {"until", "why"}


def test_a_muted_rule_can_be_let_speak_at_once(world) -> None:
    made = rule(world, "unknown_part")
    until = world.now + timedelta(days=1)
    mute_alert_rule(rule_id=made.rule_id, until=until, why="Known", actor=world.actor, at=world.now)

    mute_alert_rule(rule_id=made.rule_id, until=None, why="", actor=world.actor, at=world.later())

    row = AlertRule.objects.get(pk=made.rule_id)
    assert (row.muted_until, row.muted_why, row.muted_by) == (None, "", "")


def test_an_alert_that_closed_meanwhile_is_neither_put_to_sleep_nor_given_on(world) -> None:
    call_id = world.call(world.sequenced(1))
    look(SOON)
    alert = Alert.objects.get(rule__metric="call_not_released")
    world.release(call_id)
    look(SOON)

    with refused(AlertClosed):
        snooze_alert(alert_id=alert.pk, until=SOON + timedelta(hours=1), actor=world.actor, at=SOON)
    with refused(AlertClosed):
        assign_alert(alert_id=alert.pk, role="supervisor", actor=world.actor, at=SOON)


def test_an_alert_is_given_to_a_role_or_to_a_person_that_exist(world) -> None:
    world.call(world.sequenced(1))
    look(SOON)
    alert = Alert.objects.get(rule__metric="call_not_released")

    with refused(RuleNotUnderstood):
        assign_alert(alert_id=alert.pk, role="gardener", actor=world.actor, at=SOON)
    with refused(NotFound):
        assign_alert(alert_id=alert.pk, user_id=10**6, actor=world.actor, at=SOON)
    with refused(RuleNotUnderstood):
        snooze_alert(alert_id=alert.pk, until=SOON, actor=world.actor, at=SOON)
    assign_alert(alert_id=alert.pk, role="supervisor", actor=world.actor, at=SOON)
    look(SOON + timedelta(minutes=5))

    assert Alert.objects.get(pk=alert.pk).owner_role == "supervisor"


def test_a_rule_that_is_gone_is_not_settled(world) -> None:
    with refused(NotFound):
        settle_rule(rule_id=10**6, actor=world.actor, at=world.now)


def test_a_rule_that_is_switched_off_closes_its_alerts(world) -> None:
    world.call(world.sequenced(1))
    look(SOON)
    AlertRule.objects.update(active=False)

    after = look(SOON + timedelta(minutes=1))

    assert after == {}
    assert set(Alert.objects.values_list("closed_why", flat=True)) == {"rule_off"}


def test_every_figure_stands_in_the_reference() -> None:
    page = (ROOT / "docs/reference/alerts.md").read_text(encoding="utf-8")

    assert [metric.name for metric in metrics() if f"| `{metric.name}` |" not in page] == []
