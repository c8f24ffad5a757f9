"""Silence is told against the customer's own rhythm: hour, weekday, zone and days without work."""

from datetime import UTC, date, datetime, timedelta

import pytest

from milkrun.insight.models import Alert, CallHour, CallPulse
from milkrun.insight.queries import pulses
from milkrun.insight.queries.rhythm import MILLION, learn, missed
from milkrun.kernel.errors import NotFound
from milkrun.planning.commands.close_day import close_day
from milkrun.planning.errors import PolicyNotUnderstood
from milkrun.planning.models import ClosedDay
from tests.insight.watching import look
from tests.refusals import refused

MONDAY = date(2026, 11, 2)
ZONE = "Europe/Berlin"


def weeks(count: int = 3, an_hour: int = 6) -> dict[datetime, int]:
    """Calls from Monday to Friday between 6 and 14 o'clock in Berlin, so many an hour."""
    return {
        datetime(2026, 11, 2, hour - 1, tzinfo=UTC) + timedelta(days=7 * week + day): an_hour
        for week in range(count)
        for day in range(5)
        for hour in range(6, 14)
    }


def test_the_rhythm_is_learnt_by_hour_and_weekday_in_the_customer_s_zone() -> None:
    rhythm = learn(weeks(), MONDAY + timedelta(days=21), ZONE)

    assert [hour for hour in range(24) if rhythm[hour]] == list(range(6, 14))
    assert rhythm[6] == 6 * MILLION
    assert not any(rhythm[5 * 24 :])


def test_a_day_without_work_neither_teaches_nor_is_waited_through() -> None:
    tuesday = MONDAY + timedelta(days=8)
    heard = {hour: n for hour, n in weeks().items() if hour.date() != tuesday}
    rhythm = learn(heard, MONDAY + timedelta(days=21), ZONE, [tuesday])
    begin, end = datetime(2026, 11, 24, 5, tzinfo=UTC), datetime(2026, 11, 24, 7, tzinfo=UTC)

    assert rhythm[24 + 6] == 6 * MILLION
    assert missed(rhythm, begin, end, ZONE) == 12 * MILLION
    assert missed(rhythm, begin, end, ZONE, [end.date()]) == 0


def test_a_night_and_a_weekend_are_no_silence_but_the_shift_s_first_hour_is() -> None:
    rhythm = learn(weeks(), MONDAY + timedelta(days=21), ZONE)
    friday = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)

    assert missed(rhythm, friday, datetime(2026, 11, 30, 5, 0, tzinfo=UTC), ZONE) == 0
    assert missed(rhythm, friday, datetime(2026, 11, 30, 5, 40, tzinfo=UTC), ZONE) == 4 * MILLION


def test_too_little_history_tells_nothing() -> None:
    few = dict(list(weeks().items())[:10])

    assert learn(few, MONDAY + timedelta(days=3), ZONE) == []
    assert missed([], datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC), ZONE) == 0


def _history(world) -> None:
    """Three weeks of calls, as the worker noted them, up to a call of Monday at 6:10."""
    for hour, arrivals in weeks(3).items():
        CallHour.objects.create(site_id=world.site_id, partner_id=world.partner_id, hour=hour, arrivals=arrivals)


@pytest.mark.django_db
def test_a_customer_who_falls_silent_raises_one_alert_that_closes_with_the_next_call(world) -> None:
    _history(world)
    world.now = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)
    world.call(world.sequenced(1))

    soon = look(datetime(2026, 11, 23, 5, 40, tzinfo=UTC))
    late = look(datetime(2026, 11, 23, 6, 10, tzinfo=UTC))
    cause = Alert.objects.get(rule__metric="silence").facts["takts"]
    world.now = datetime(2026, 11, 23, 6, 12, tzinfo=UTC)
    world.call(world.sequenced(2))
    heard = look(datetime(2026, 11, 23, 6, 14, tzinfo=UTC))

    assert "silence" not in soon
    assert late["silence"] == ["OEM01"]
    assert cause == "5"
    assert "silence" not in heard


@pytest.mark.django_db
def test_on_a_holiday_nobody_is_missed(world) -> None:
    _history(world)
    world.now = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)
    world.call(world.sequenced(1))
    close_day(site_id=world.site_id, partner_id=world.partner_id, on=date(2026, 11, 23), why="Repentance Day",
              actor=world.actor, at=world.now)  # fmt: skip

    found = look(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))

    assert "silence" not in found


@pytest.mark.django_db
def test_calls_that_come_together_count_once_and_none_is_counted_twice(world) -> None:
    from milkrun.insight.commands.note_arrivals import note_arrivals

    for number in (1, 2):
        world.call(world.sequenced(number))
    first = note_arrivals(at=world.now)
    again = note_arrivals(at=world.now)
    world.call(world.sequenced(3))
    third = note_arrivals(at=world.now)

    assert (first.arrivals, again.arrivals, third.arrivals) == (2, 0, 1)
    assert sum(CallHour.objects.values_list("arrivals", flat=True)) == 3
    assert CallPulse.objects.get().last_at == world.now
    assert pulses(world.site_id, world.now)[0].usual == ""


@pytest.mark.django_db
def test_a_day_is_closed_with_its_name_and_opened_again(world) -> None:
    day = date(2026, 12, 25)
    with refused(PolicyNotUnderstood):
        close_day(site_id=world.site_id, on=day, why=" ", actor=world.actor, at=world.now)
    with refused(NotFound):
        close_day(site_id=10**6, on=day, why="x", actor=world.actor, at=world.now)

    for _ in range(2):
        close_day(site_id=world.site_id, on=day, why="Christmas", actor=world.actor, at=world.now)
    closed = ClosedDay.objects.count()
    close_day(site_id=world.site_id, on=day, why="", closed=False, actor=world.actor, at=world.now)

    assert (closed, ClosedDay.objects.count()) == (1, 0)
