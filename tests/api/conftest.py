"""The small plant and a machine that may do everything."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.api.machine import Machine
    from tests.world import World


@pytest.fixture
def world(db: None) -> "World":
    """The small plant of tests/world.py."""
    from tests.world import build_world

    return build_world()


@pytest.fixture
def mes(world: "World") -> "Machine":
    """A machine whose token covers everything."""
    from tests.api.machine import machine

    return machine("*")
