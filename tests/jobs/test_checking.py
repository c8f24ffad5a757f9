"""The worker verifies once an hour, whichever worker it is, and what it found stays to be seen."""

from datetime import timedelta

import pytest

from milkrun.jobs.checking import NAME, verify_when_due
from milkrun.kernel.tasks import TaskReport, report
from tests.world import NOW, build_world


@pytest.mark.django_db
def test_the_database_is_verified_at_once_and_then_once_an_hour() -> None:
    build_world()

    first = verify_when_due(NOW)
    report([TaskReport(NAME, NOW, done_at=NOW, result=first)])
    soon = verify_when_due(NOW + timedelta(minutes=59))
    later = verify_when_due(NOW + timedelta(minutes=61))

    assert first["ok"]
    assert first["checked"] > 10
    assert soon == {}
    assert later["verified_at"] > first["verified_at"]


@pytest.mark.django_db
def test_a_clock_that_went_back_does_not_put_off_the_next_time() -> None:
    report([TaskReport(NAME, NOW, result={"verified_at": (NOW + timedelta(days=400)).isoformat()})])

    found = verify_when_due(NOW)

    assert found["ok"]


@pytest.mark.django_db
def test_what_is_broken_is_kept_with_its_rows() -> None:
    from milkrun.stock.models import DaySummary

    build_world()
    DaySummary.objects.update(movements=77)

    found = verify_when_due(NOW)

    assert not found["ok"]
    assert found["violations"] >= 1
    assert found["broken"][0]["first"]
