"""A gateway to act at: the plant of tests/world.py with folders of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def take(world) -> Callable:
    """Take one file in as if it were uploaded; returns the report of its first interchange."""
    from milkrun.gateway.receive import IngestReport, take_in

    def taken(data: bytes, partner: str = "OEM01", name: str = "call.edi") -> IngestReport:
        (report, *_) = take_in(
            data, partner_code=partner, file_name=name, source="upload", actor=world.actor, at=world.later()
        )
        return report

    return taken


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The data folder, with an inbox for the customer."""
    (tmp_path / "inbox" / "OEM01").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def inbox(home: Path) -> Path:
    """The customer's inbox."""
    return home / "inbox" / "OEM01"


@pytest.fixture
def tick(world, home: Path) -> Callable:
    """Empty the inboxes once, as the worker does."""
    from milkrun.gateway.inbox import take_arrivals

    return lambda: take_arrivals(home=home, actor=world.actor, at=world.later())
