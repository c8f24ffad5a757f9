"""Working time: what is told, repeated and escalated by a site's shifts, over nights and a change of the clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from milkrun.exchange.models import Notification, OutboxMessage
from milkrun.insight.commands.assign_alert import assign_alert
from milkrun.insight.models import Alert, AlertRule, CallHour
from milkrun.kernel.errors import NotFound
from milkrun.partners.commands.create_user import create_user
from milkrun.partners.models import User
from milkrun.planning.commands.close_day import close_day
from milkrun.planning.commands.set_shifts import set_shifts
from milkrun.planning.errors import PolicyNotUnderstood
from milkrun.planning.models import Shift
from milkrun.planning.queries.shifts import Calendar, ShiftInput
from tests.insight.test_rhythm import weeks
from tests.insight.watching import look
from tests.refusals import refused
from tests.world import World

NIGHT = ShiftInput("Night", "6", time(22), time(6))
EARLY = ShiftInput("Early", "12345", time(6), time(14))
LATE = ShiftInput("Late", "12345", time(14), time(22))
HOUR = timedelta(hours=1)


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]


def test_the_night_of_a_clock_change_has_an_hour_more_or_less() -> None:
    berlin = Calendar("Europe/Berlin", (NIGHT,))

    autumn = berlin.worked(utc(2026, 10, 24, 12), utc(2026, 10, 26, 12))
    spring = berlin.worked(utc(2026, 3, 28, 12), utc(2026, 3, 30, 12))
    usual = berlin.worked(utc(2026, 11, 7, 12), utc(2026, 11, 9, 12))

    assert (autumn, spring, usual) == (9 * HOUR, 7 * HOUR, 8 * HOUR)


def test_overlapping_shifts_count_once_closed_days_not_at_all_and_every_site_has_its_own_clock() -> None:
    long = ShiftInput("Long", "1", time(8), time(18))
    monday, tuesday = utc(2026, 11, 23, 0), utc(2026, 11, 24, 0)

    assert Calendar("UTC", (EARLY, long)).worked(monday, tuesday) == 12 * HOUR
    assert Calendar("UTC", (EARLY,), frozenset({date(2026, 11, 23)})).worked(monday, tuesday) == timedelta()
    assert Calendar("America/Detroit", (EARLY,)).spans(monday, tuesday) == [
        (utc(2026, 11, 23, 11), utc(2026, 11, 23, 19))
    ]
    assert Calendar().worked(monday, tuesday) == 24 * HOUR


def person(world: World, name: str) -> int:
    return create_user(
        email=f"{name}@plant.example", name=name, password="long enough 99", roles=["material_planner"],
        actor=world.actor, at=world.later(),
    ).user_id  # fmt: skip


def shifts(world: World, *given: ShiftInput) -> None:
    set_shifts(site_id=world.site_id, shifts=given, actor=world.actor, at=world.later())


def late_call(world: World, required_at: datetime, **fields: Any) -> None:
    """Have a call that nobody releases, and the rule about it by working time."""
    look(world.now)
    world.call(replace(world.sequenced(1), required_at=required_at))
    AlertRule.objects.filter(metric="call_not_released").update(**{"working_time": True, **fields})


def the_alert() -> Alert:
    return Alert.objects.get(rule__metric="call_not_released")


def test_twenty_days_of_working_time_are_over_one_day() -> None:
    early, begun = Calendar("UTC", (EARLY,)), utc(2026, 3, 2, 6)
    twenty_days = 20 * 24 * HOUR

    assert early.worked(begun, begun + timedelta(weeks=12)) == twenty_days
    assert early.worked(begun, begun + timedelta(weeks=18)) == 30 * 24 * HOUR


@pytest.mark.django_db
def test_an_alert_of_the_night_shift_escalates_after_working_hours_over_the_change_of_the_clock(world: World) -> None:
    world.now = utc(2026, 10, 24, 18)
    shifts(world, NIGHT)
    late_call(world, utc(2026, 10, 25, 0, 30), escalate_minutes=300, escalate_role="supervisor")
    look(utc(2026, 10, 24, 21))

    # 23:00 in Berlin; the hour from two to three is worked twice, so five hours are over at 03:00.
    look(utc(2026, 10, 25, 1, 59))
    before = the_alert().escalated_at
    look(utc(2026, 10, 25, 2, 0))

    assert before is None
    assert the_alert().escalated_at == utc(2026, 10, 25, 2)
    assert the_alert().owner_role == "supervisor"


@pytest.mark.django_db
def test_what_the_shift_did_not_finish_waits_for_the_next_one_and_by_the_clock_it_would_not(world: World) -> None:
    world.now = utc(2026, 10, 24, 18)
    shifts(world, NIGHT)
    late_call(world, utc(2026, 10, 25, 0, 30), escalate_minutes=300, escalate_role="supervisor")
    look(utc(2026, 10, 25, 3))

    # Two hours are left until 06:00 in Berlin; the next night begins on Saturday at 22:00, by then in winter time.
    look(utc(2026, 10, 31, 23, 59))
    before = the_alert().escalated_at
    look(utc(2026, 11, 1, 0, 0))

    assert before is None
    assert the_alert().escalated_at == utc(2026, 11, 1, 0)
    AlertRule.objects.filter(metric="call_not_released").update(working_time=False)
    Alert.objects.filter(pk=the_alert().pk).update(escalated_at=None)
    look(utc(2026, 10, 25, 8, 0))
    assert the_alert().escalated_at == utc(2026, 10, 25, 8)


@pytest.mark.django_db
def test_the_person_on_duty_is_told_by_one_mail_and_the_next_shift_takes_over(world: World) -> None:
    anna, ben = person(world, "anna"), person(world, "ben")
    world.now = utc(2026, 11, 23, 4)
    shifts(world, replace(EARLY, owner_id=anna), replace(LATE, owner_id=ben, role="material_planner"))
    late_call(world, utc(2026, 11, 23, 14), channel="email", escalate_minutes=0)

    for minute in range(10):
        look(utc(2026, 11, 23, 10, minute))
    assert the_alert().owner_id == anna
    mails = OutboxMessage.objects.filter(channel="email")
    assert [mail.address for mail in mails] == ["anna@plant.example"]
    assert b"CALL/1" in bytes(mails[0].payload)

    look(utc(2026, 11, 23, 13, 30))

    assert (the_alert().owner_id, the_alert().times_told) == (ben, 2)
    assert [mail.address for mail in mails.order_by("id")] == ["anna@plant.example", "ben@plant.example"]
    assert Notification.objects.filter(user_id=ben).count() == 1


@pytest.mark.django_db
def test_an_alert_that_was_given_to_a_person_by_hand_stays_his_when_the_shift_ends(world: World) -> None:
    anna, ben = person(world, "anna"), person(world, "ben")
    world.now = utc(2026, 11, 23, 4)
    shifts(world, replace(EARLY, owner_id=anna), replace(LATE, owner_id=ben))
    late_call(world, utc(2026, 11, 23, 14), escalate_minutes=0)
    look(utc(2026, 11, 23, 10, 1))
    assign_alert(alert_id=the_alert().pk, user_id=anna, actor=world.actor, at=utc(2026, 11, 23, 10, 2))

    look(utc(2026, 11, 23, 13, 30))

    assert the_alert().owner_id == anna


@pytest.mark.django_db
def test_whose_account_was_switched_off_is_on_duty_no_more(world: World) -> None:
    anna, ben = person(world, "anna"), person(world, "ben")
    world.now = utc(2026, 11, 23, 4)
    shifts(world, replace(EARLY, owner_id=anna), replace(EARLY, title="Second", owner_id=ben))
    late_call(world, utc(2026, 11, 23, 14), escalate_minutes=0)
    look(utc(2026, 11, 23, 10, 1))
    first = the_alert().owner_id
    User.objects.filter(pk=anna).update(is_active=False)

    look(utc(2026, 11, 23, 10, 2))

    assert (first, the_alert().owner_id) == (anna, ben)


@pytest.mark.django_db
def test_without_anybody_on_duty_the_whole_role_gets_the_mail_and_a_rule_on_screen_sends_none(world: World) -> None:
    person(world, "anna")
    person(world, "ben")
    world.now = utc(2026, 11, 23, 4)
    late_call(world, utc(2026, 11, 23, 14), channel="email")
    look(utc(2026, 11, 23, 10, 1))
    told = {mail.address for mail in OutboxMessage.objects.filter(channel="email")}
    AlertRule.objects.filter(metric="call_not_released").update(channel="notice")
    world.call(replace(world.sequenced(2), required_at=utc(2026, 11, 23, 14)))
    look(utc(2026, 11, 23, 10, 5))

    assert told == {"anna@plant.example", "ben@plant.example"}
    assert OutboxMessage.objects.filter(channel="email").count() == 2


@pytest.mark.django_db
def test_a_customer_s_silence_counts_in_our_working_time_where_the_rule_says_so(world: World) -> None:
    for hour, arrivals in weeks(3).items():
        CallHour.objects.create(site_id=world.site_id, partner_id=world.partner_id, hour=hour, arrivals=arrivals)
    world.now = utc(2026, 11, 23, 5, 10)
    world.call(world.sequenced(1))
    shifts(world, ShiftInput("Day", "12345", time(9), time(17)))
    look(utc(2026, 11, 23, 5, 12))
    AlertRule.objects.filter(metric="silence").update(working_time=True)

    assert "silence" not in look(utc(2026, 11, 23, 7, 50))
    assert look(utc(2026, 11, 23, 9, 10))["silence"] == ["OEM01"]


@pytest.mark.django_db
def test_a_calendar_is_kept_whole_or_not_at_all(world: World) -> None:
    shifts(world, EARLY, LATE)
    wrong = [
        replace(EARLY, weekdays="8"),
        replace(EARLY, title="Early"),
        replace(NIGHT, ends=NIGHT.starts, role="king"),
    ]

    with refused(PolicyNotUnderstood) as caught:
        shifts(world, *wrong)
    assert {p.field for p in caught.value.problems} == {"weekdays_1", "title_2", "ends_3", "role_3"}
    with refused(NotFound):
        shifts(world, replace(EARLY, owner_id=10**6))
    with refused(NotFound):
        set_shifts(site_id=10**6, shifts=(), actor=world.actor, at=world.now)
    close_day(site_id=world.site_id, on=date(2026, 12, 24), why="Christmas Eve", actor=world.actor, at=world.now)
    shifts(world)
    assert not Shift.objects.exists()
