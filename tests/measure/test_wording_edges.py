"""Times at the edges of the calendar are written too: no page may fail because of one row."""

from datetime import UTC, datetime

from milkrun.measure.wording import moment


def test_the_last_instant_of_the_calendar_is_written_in_the_zone_that_can() -> None:
    assert moment(datetime(9999, 12, 31, 23, 30, tzinfo=UTC), "Europe/Berlin") == "9999-12-31 23:30 UTC"
