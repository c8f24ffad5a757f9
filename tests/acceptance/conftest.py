"""Acceptance tests act through the same doors as people do."""

from tests.web.conftest import door, world  # noqa: F401 - fixtures
