"""The plant that every sequence of operations starts from, as a template to copy."""

import pytest


@pytest.fixture
def start(database_copies, django_db_blocker):
    """Return how to open a copy of the plant: racks of two slots, no rule about gaps, little stock."""
    from tests.stateful.operations import Start

    with django_db_blocker.unblock():
        yield Start(database_copies)
