"""The demo, built once for a run and copied for each test."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.database_copies import DatabaseCopies, DatabaseCopy

TODAY = datetime(2026, 11, 21, 19, 50, tzinfo=UTC)
PASSWORD = "just in time"


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the demo was made in."""
    return tmp_path_factory.mktemp("demo_home")


@pytest.fixture
def demo(
    database_copies: DatabaseCopies,
    django_db_blocker: Any,
    demo_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[DatabaseCopy]:
    """A database with the demo of this test's own."""
    from milkrun.demo.build import build

    def fill() -> None:
        build(at=TODAY, seed=1, home=demo_home, password=PASSWORD)

    monkeypatch.setenv("MILKRUN_HOME", str(tmp_path / "home"))
    with django_db_blocker.unblock(), database_copies.copy(database_copies.template("demo", fill)) as copy:
        yield copy
