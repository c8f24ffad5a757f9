"""The day on which the demo of the tests is made, and the password of its people."""

from datetime import UTC, datetime

TODAY = datetime(2026, 11, 21, 19, 50, tzinfo=UTC)
PASSWORD = "just in time"
