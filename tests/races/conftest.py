"""A plant of its own for each race; afterwards every invariant must hold."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def plant(committed_db) -> Iterator[Any]:
    """The plant of tests/world.py, committed; the race ends with `verify`."""
    from milkrun.insight.queries import verify
    from tests.world import build_world

    yield build_world()
    report = verify()
    assert report.ok, [(result.id, result.first) for result in report.invariants if result.violations]
