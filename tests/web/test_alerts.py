"""The alerts page, the bell, a rule tried before it is saved, and a failure retried from its alert."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from tests.insight.watching import SOON, look
from tests.web.door import Door, text_of


@pytest.fixture
def late(world):
    """Two hours before a call that nobody has released is needed."""
    world.call(world.sequenced(1))
    look(SOON)
    with time_machine.travel(SOON, tick=False):
        yield world


def test_a_person_sees_their_alerts_with_cause_stake_owner_and_button(late, planner: Door) -> None:
    page = text_of(planner.get("/alerts"))

    assert "Call CALL/1 of OEM01 is needed 2026-11-22 10:51 CET and is not released yet." in page
    assert "the customer's line may stop" in page.replace("&#x27;", "'")
    assert "Material planner" in page
    assert "Release : CALL/1" in page
    assert "1 to act on" in page


def test_another_role_finds_it_only_under_everybody_s(late, door: Callable[[str], Door]) -> None:
    packer = door("packer")

    mine, everybodys = text_of(packer.get("/alerts")), text_of(packer.get("/alerts?whose=all&text=CALL/1"))

    assert "Nothing waits for you. All clear." in mine
    assert "Call CALL/1 of OEM01" in everybodys
    assert "0 to act on" in mine


def test_the_list_follows_the_plant_and_says_not_modified_while_nothing_happens(late, planner: Door) -> None:
    first = planner.get("/alerts/rows")
    unchanged = planner.get("/alerts/rows", headers={"If-None-Match": first["ETag"]})
    look(SOON + timedelta(hours=1))
    changed = planner.get("/alerts/rows", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, unchanged.status_code, changed.status_code) == (200, 304, 200)


def test_an_alert_is_put_to_sleep_and_given_on_and_its_history_tells(late, planner: Door) -> None:
    from milkrun.insight.models import Alert

    public_id = Alert.objects.get(rule__metric="call_not_released").public_id

    asleep = text_of(planner.send(f"/alerts/{public_id}/snooze", minutes="45"))
    given = text_of(planner.send(f"/alerts/{public_id}/assign", owner="role:supervisor"))
    wrong = planner.send(f"/alerts/{public_id}/snooze", minutes="soon")

    assert "It sleeps for 45 minutes." in asleep
    assert "Given to somebody" in given
    assert "Supervisor" in given
    assert wrong.status_code == 422


def test_a_rule_is_tried_before_it_is_saved_and_then_raises_what_it_said(late, planner: Door) -> None:
    from milkrun.insight.models import Alert, AlertRule

    form = {"metric": "call_not_released", "threshold": "180", "owner": "role:shipping", "partner": "OEM01",
            "title": "OEM01 close", "channel": "in_app", "tone": "watch"}  # fmt: skip

    tried = text_of(planner.send("/alerts/rules/save", **form))
    before = AlertRule.objects.filter(title="OEM01 close").count()
    saved = text_of(planner.send("/alerts/rules/save", save="1", **form))
    look(SOON)

    assert "Would raise 1 alert now." in tried
    assert "Call CALL/1 of OEM01 is needed" in tried
    assert before == 0
    assert "Saved. It raises 1 alert now." in saved
    assert Alert.objects.filter(rule__title="OEM01 close", owner_role="shipping", closed_at=None).count() == 1


def test_a_rule_with_problems_comes_back_with_what_was_typed(late, planner: Door) -> None:
    answer = planner.send("/alerts/rules/save", save="1", metric="call_not_released", threshold="lots", owner="",
                          title="Kept")  # fmt: skip

    assert answer.status_code == 422
    assert 'value="Kept"' in answer.content.decode()


def test_a_rule_is_muted_with_a_reason_on_its_page(late, planner: Door) -> None:
    from milkrun.insight.models import AlertRule

    public_id = AlertRule.objects.get(built_in="call_not_released").public_id

    refused = planner.send(f"/alerts/rules/{public_id}/mute", minutes="60", why="")
    muted = text_of(planner.send(f"/alerts/rules/{public_id}/mute", minutes="60", why="Stock-taking"))
    again = text_of(planner.send(f"/alerts/rules/{public_id}/mute"))

    assert refused.status_code == 422
    assert "Stock-taking" in muted
    assert "The rule speaks again." in again


def test_a_failed_posting_is_retried_from_its_alert_and_the_alert_closes(world, door: Callable[[str], Door]) -> None:
    from milkrun.insight.models import Alert

    world.finish([world.call(world.summarized("DON1", qty="2000"))])
    look(world.now)
    alert = Alert.objects.get(rule__metric="stock_posting_failed")
    supervisor = door("supervisor")

    still = text_of(supervisor.send(f"/alerts/{alert.public_id}/retry"))
    world.receive("FOAM", "1000", "LINE1")
    world.receive("FRAME", "1000", "LINE1")
    done = text_of(supervisor.send(f"/alerts/{alert.public_id}/retry"))
    after = look(world.now)

    assert "Still not possible" in still
    assert "Posted. Stock is right again." in done
    assert "stock_posting_failed" not in after


def test_whoever_may_not_retry_is_told_so(world, door: Callable[[str], Door]) -> None:
    from milkrun.insight.models import Alert

    world.finish([world.call(world.summarized("DON1", qty="2000"))])
    look(world.now)
    public_id = Alert.objects.get(rule__metric="stock_posting_failed").public_id

    answer = door("billing").send(f"/alerts/{public_id}/retry")

    assert answer.status_code == 403


def test_the_rhythm_page_shows_who_was_heard_and_keeps_the_days_without_work(late, planner: Door) -> None:
    look(SOON)

    closed = text_of(planner.send("/alerts/rhythm/day", on="2026-12-25", why="Christmas"))
    wrong = planner.send("/alerts/rhythm/day", on="Christmas", why="Christmas")
    opened = text_of(planner.send("/alerts/rhythm/day", on="2026-12-25", why="", open="1"))

    assert "OEM01 Example Motors Last call 2026-11-21 20:53 CET Usual at this hour not learnt yet" in closed
    assert "2026-12-25 Christmas" in closed
    assert wrong.status_code == 422
    assert "None to come." in opened
