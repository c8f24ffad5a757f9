"""The home page tells each trouble once: by its alert, or by itself where nobody is alerted."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from milkrun.insight.commands.mute_alert_rule import mute_alert_rule
from milkrun.insight.models import Alert, AlertRule
from tests.insight.watching import look
from tests.web.door import Door, text_of
from tests.world import UNKNOWN, World


def test_a_trouble_stands_on_the_home_page_once_and_comes_back_where_its_rule_is_muted(
    world: World, door: Callable[[str], Door]
) -> None:
    person = door("material_planner")
    world.call(world.sequenced(1, (UNKNOWN,)))
    by_itself = "Call CALL/1 cannot be released"
    assert by_itself in text_of(person.get("/"))

    look(datetime.now(UTC))

    page = text_of(person.get("/"))
    alert = Alert.objects.get(rule__metric="unknown_part", closed_at=None)
    assert by_itself not in page
    assert f"/alerts/{alert.public_id}" in person.get("/").content.decode()
    assert by_itself in text_of(person.get("/today/tasks"))

    rule = AlertRule.objects.get(metric="unknown_part")
    AlertRule.objects.filter(pk=rule.pk).update(active=False)
    look(datetime.now(UTC))
    assert by_itself in text_of(person.get("/"))

    AlertRule.objects.filter(pk=rule.pk).update(active=True)
    until = datetime.now(UTC) + timedelta(hours=1)
    mute_alert_rule(rule_id=rule.pk, until=until, why="stock-taking", actor=world.actor, at=datetime.now(UTC))
    look(datetime.now(UTC))
    assert by_itself in text_of(person.get("/"))
