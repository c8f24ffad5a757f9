"""The time a customer writes is that of its plant, also on the two nights a year when clocks are put."""

from datetime import datetime

import pytest

from milkrun.demand.models import JitCall
from milkrun.partners.models import ShipTo
from tests.gateway.files import two_vehicles

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "written", "instant"),
    [
        ("Europe/Berlin", "202611221015", "2026-11-22T09:15:00+00:00"),
        ("Europe/Berlin", "202607011015", "2026-07-01T08:15:00+00:00"),
        ("America/Chicago", "202611221015", "2026-11-22T16:15:00+00:00"),
        ("Asia/Shanghai", "202611220015", "2026-11-21T16:15:00+00:00"),
        ("Asia/Kolkata", "202611221015", "2026-11-22T04:45:00+00:00"),
        ("UTC", "202611221015", "2026-11-22T10:15:00+00:00"),
    ],
)
def test_a_local_time_is_read_in_the_zone_of_the_plant(take, zone: str, written: str, instant: str) -> None:
    ShipTo.objects.update(zone=zone)

    take(two_vehicles(("202611221015", written)))

    call = JitCall.objects.get(external_no="CALL000123/2611220471")
    assert (call.required_at, call.zone) == (datetime.fromisoformat(instant), zone)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        # 29 March: 02:30 does not exist, the next valid instant is 03:00 summer time.
        ("202603290230", "2026-03-29T01:00:00+00:00"),
        ("202603290159", "2026-03-29T00:59:00+00:00"),
        ("202603290300", "2026-03-29T01:00:00+00:00"),
        # 25 October: 02:30 comes twice, the earlier one counts.
        ("202610250230", "2026-10-25T00:30:00+00:00"),
        ("202610250300", "2026-10-25T02:00:00+00:00"),
    ],
)
def test_a_time_in_the_night_of_the_change_is_never_an_accident(take, written: str, instant: str) -> None:
    report = take(two_vehicles(("202611221015", written)))

    call = JitCall.objects.get(external_no="CALL000123/2611220471")
    warned = [f["code"] for f in report.messages[0].findings] == ["local_time_unclear"]
    assert call.required_at == datetime.fromisoformat(instant)
    assert warned == written.endswith("0230")


def test_the_text_the_customer_wrote_is_kept_beside_the_instant(take) -> None:
    take(two_vehicles())

    assert "202611221015" in JitCall.objects.get(external_no="CALL000123/2611220471").required_text
