"""Scenes of alerts and item policies."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from milkrun.insight.commands.add_standard_rules import add_standard_rules as add_rules
from milkrun.insight.commands.settle_rule import settle_rule as settle
from milkrun.insight.models import Alert, AlertRule
from milkrun.insight.queries.rules import RuleInput
from tests.faults.scenes import numbers, quantity, scene, who
from tests.world import World


def _rule(world: World, metric: str = "call_not_released") -> AlertRule:
    add_rules(**who(world))
    return AlertRule.objects.get(built_in=metric)


def _alert(world: World) -> Alert:
    rule = _rule(world)
    AlertRule.objects.filter(pk=rule.pk).update(threshold=Decimal(100_000))
    world.call(quantity(world))
    settle(rule_id=rule.pk, **who(world))
    return Alert.objects.filter(rule=rule, closed_at=None).latest("pk")


@scene
def add_standard_rules(world: World) -> dict[str, Any]:
    Alert.objects.filter(rule__built_in="file_refused").delete()
    AlertRule.objects.filter(built_in="file_refused").delete()
    return {}


@scene
def settle_rule(world: World) -> dict[str, Any]:
    rule = _rule(world)
    AlertRule.objects.filter(pk=rule.pk).update(threshold=Decimal(100_000), escalate_minutes=1)
    world.call(quantity(world))
    settle(rule_id=rule.pk, **who(world))
    world.later(10)
    world.call(quantity(world))
    return {"rule_id": rule.pk}


@scene
def save_alert_rule(world: World) -> dict[str, Any]:
    title = f"Rule {next(numbers)}"
    return {"rule": RuleInput(title, "call_not_released", "below", Decimal(60), owner_role="shipping")}


@scene
def mute_alert_rule(world: World) -> dict[str, Any]:
    return {"rule_id": _rule(world, "unknown_part").pk, "until": world.now + timedelta(days=1), "why": "Stock-taking"}


@scene
def snooze_alert(world: World) -> dict[str, Any]:
    return {"alert_id": _alert(world).pk, "until": world.now + timedelta(days=1)}


@scene
def assign_alert(world: World) -> dict[str, Any]:
    return {"alert_id": _alert(world).pk, "role": "supervisor"}


@scene
def set_item_policy(world: World) -> dict[str, Any]:
    return {
        "site_id": world.site_id, "part_id": world.parts["FOAM"], "method": "reorder_point",
        "reorder_point": Decimal(next(numbers)), "why": "Lead time",
    }  # fmt: skip


@scene
def record_stockouts(world: World) -> dict[str, Any]:
    qty = str(10**9 + next(numbers))
    world.call(replace(quantity(world, qty), required_at=world.now))
    return {}


@scene
def close_day(world: World) -> dict[str, Any]:
    return {"site_id": world.site_id, "on": date(2030, 1, 1) + timedelta(days=next(numbers)), "why": "Holiday"}


@scene
def note_arrivals(world: World) -> dict[str, Any]:
    world.call(quantity(world))
    return {}
