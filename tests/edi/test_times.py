"""Times of messages: formats, midnight as 24:00, zones, and the hours that a clock change skips or repeats."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milkrun.edi import parse_time, resolve

BERLIN = ZoneInfo("Europe/Berlin")


def instant(text: str, format_code: str = "203", zone: str = "Europe/Berlin") -> tuple[str, bool]:
    """The UTC instant as text, and whether a warning came with it."""
    time = parse_time(text, format_code)
    assert time is not None
    moment, warning = resolve(time, ZoneInfo(zone))
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ"), warning is not None


@pytest.mark.parametrize(
    ("text", "format_code", "expected"),
    [
        ("20261122", "102", "2026-11-21T23:00:00Z"),
        ("202611221015", "203", "2026-11-22T09:15:00Z"),
        ("20261122101530", "204", "2026-11-22T09:15:30Z"),
        ("202611221015", "303", "2026-11-22T09:15:00Z"),
        ("202611221015UTC", "303", "2026-11-22T10:15:00Z"),
        ("202611221015CET", "303", "2026-11-22T09:15:00Z"),
        ("202607221015CES", "303", "2026-07-22T08:15:00Z"),
        ("202611221015-05", "303", "2026-11-22T15:15:00Z"),
        ("20261122101530EST", "304", "2026-11-22T15:15:30Z"),
        ("202611222400", "203", "2026-11-22T23:00:00Z"),
        ("20261231240000", "204", "2026-12-31T23:00:00Z"),
        ("202607011200", "203", "2026-07-01T10:00:00Z"),
    ],
)
def test_each_format_means_its_instant(text: str, format_code: str, expected: str) -> None:
    assert instant(text, format_code) == (expected, False)


@pytest.mark.parametrize(
    ("text", "format_code"),
    [
        ("20261131", "102"), ("2026112", "102"), ("202611222401", "203"), ("202611222460", "203"),
        ("202611222500", "203"), ("202611221015UTC", "203"), ("２０２６１１２２", "102"), ("2026-11-22", "102"),
        (" 20261122", "102"), ("00001122", "102"), ("20261122", "101"), ("20261122", ""), ("", "102"),
        ("999912312400", "203"), ("202611221015utc", "303"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_not_read(text: str, format_code: str) -> None:
    assert parse_time(text, format_code) is None


def test_a_skipped_hour_means_the_next_valid_instant_with_a_warning() -> None:
    assert instant("202603290200") == ("2026-03-29T01:00:00Z", True)
    assert instant("202603290230") == ("2026-03-29T01:00:00Z", True)
    assert instant("202603290259") == ("2026-03-29T01:00:00Z", True)
    assert instant("202603290300") == ("2026-03-29T01:00:00Z", False)
    assert instant("202603290159") == ("2026-03-29T00:59:00Z", False)


def test_a_repeated_hour_means_the_earlier_with_a_warning() -> None:
    assert instant("202610250200") == ("2026-10-25T00:00:00Z", True)
    assert instant("202610250230") == ("2026-10-25T00:30:00Z", True)
    assert instant("202610250300") == ("2026-10-25T02:00:00Z", False)
    assert instant("202610250159") == ("2026-10-24T23:59:00Z", False)


def test_half_an_hour_of_clock_change_is_handled_too() -> None:
    assert instant("202610040215", zone="Australia/Lord_Howe") == ("2026-10-03T15:30:00Z", True)


def test_a_zone_of_the_message_wins_over_the_plant() -> None:
    assert instant("202603290230UTC", "303") == ("2026-03-29T02:30:00Z", False)


def test_an_unknown_zone_is_read_as_the_plant_with_a_warning() -> None:
    assert instant("202611221015XYZ", "303") == ("2026-11-22T09:15:00Z", True)


ZONES = ["Europe/Berlin", "America/New_York", "America/Mexico_City", "Asia/Shanghai", "Europe/London", "Asia/Kolkata"]


@given(st.integers(0, 366 * 24 * 4 - 1), st.sampled_from(ZONES))
def test_an_instant_written_locally_comes_back_unless_a_warning_says_why(quarter: int, name: str) -> None:
    zone = ZoneInfo(name)
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)
    time = parse_time(moment.astimezone(zone).strftime("%Y%m%d%H%M"), "203")
    assert time is not None

    found, warning = resolve(time, zone)

    assert found == moment or (warning is not None and found < moment)


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_no_date_is_too_early_or_too_late(local: datetime, name: str) -> None:
    time = parse_time(local.strftime("%Y%m%d%H%M").rjust(12, "0"), "203")

    assert time is None or resolve(time, ZoneInfo(name))[0].tzinfo is UTC
