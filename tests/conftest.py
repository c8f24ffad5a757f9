"""What every test stands on: the lane (which database), the marks, fresh databases for tests that commit.

`DATABASE_URL` chooses the lane; without it the lane is SQLite in a temporary folder. A run never touches `./var`.
Tests marked `django_db` (or asking for `db`) run in a transaction that is rolled back. Tests that commit, use
threads, processes or a server ask for `committed_db` instead and get a database of their own.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).parent.parent
SHARED_DATA = Path(os.environ.get("MILKRUN_SHARED") or ROOT.parent / "shared") / "data"
TOUCHES_DATABASE = {"db", "committed_db", "database_copies"}


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


if not _is_worker():
    # Workers of pytest-xdist inherit these; the user's own data folder stays out of reach of the tests.
    os.environ["MILKRUN_HOME"] = tempfile.mkdtemp(prefix="milkrun-tests-")
    os.environ.setdefault("MILKRUN_SQLITE_SYNCHRONOUS", "NORMAL")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['MILKRUN_HOME']}/milkrun.sqlite3")
LANE = "sqlite" if os.environ["DATABASE_URL"].startswith("sqlite") else "postgres"
os.environ["DJANGO_SETTINGS_MODULE"] = "milkrun.config.settings"

# Examples are the same in every run, so that a test never passes today and fails tomorrow for the same code.
hypothesis_settings.register_profile("quick", max_examples=20, deadline=None, derandomize=True, database=None)
hypothesis_settings.register_profile("daily", max_examples=100, deadline=None, derandomize=True, database=None)
# The full run is there to find what the daily one has not; it prints how to reproduce a failure.
hypothesis_settings.register_profile("full", max_examples=2000, deadline=None, print_blob=True)

collect_ignore = [] if SHARED_DATA.is_dir() else ["shared_data"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="run only the tests that use the database")
    parser.addoption("--full", action="store_true", help="run the reliability suites at their full figures")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    profile = "full" if config.getoption("--full") else os.environ.get("HYPOTHESIS_PROFILE", "quick")
    hypothesis_settings.load_profile(profile)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure() -> None:
    if not _is_worker():
        shutil.rmtree(os.environ["MILKRUN_HOME"], ignore_errors=True)


def pytest_report_header() -> str:
    return f"lane: {LANE}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for figure, count in _figures(terminalreporter).items():
        terminalreporter.write_line(f"{count:,} {figure}")
    if not SHARED_DATA.is_dir():
        terminalreporter.write_line(
            "Not run: tests/shared_data, because there is no folder ../shared/data beside this checkout."
        )


def _figures(terminalreporter: pytest.TerminalReporter) -> dict[str, int]:
    """Add up what the tests counted by `record_property`, over all workers."""
    found: dict[str, int] = {}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if isinstance(value, int):
                found[name] = found.get(name, 0) + value
    return found


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Check and complete the marks, then leave out what is not for this lane: pytest counts it as deselected."""
    problems = [f"{item.nodeid}: {problem}" for item in items for problem in _problems(item)]
    if problems:
        raise pytest.UsageError("\n".join(problems))
    for item in items:
        if "committed_db" in item.fixturenames:
            item.add_marker("committing")
        if item.get_closest_marker("browser"):
            # One worker drives the one browser, the other goes on with the rest.
            item.add_marker(pytest.mark.xdist_group("browser"))
    kept = [item for item in items if _belongs_here(item, config)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _problems(item: pytest.Item) -> Iterator[str]:
    names = set(item.fixturenames)
    mark = item.get_closest_marker("django_db")
    if "transactional_db" in names or (mark and mark.kwargs.get("transaction")):
        yield "the ledger cannot be flushed; a test that commits asks for committed_db"
    if "committed_db" in names and ("db" in names or mark):
        yield "django_db rolls back and committed_db commits; choose one"
    for requirement in item.iter_markers("requirement"):
        if not all(re.fullmatch(r"[A-Z]{3}-\d{2,3}", str(name)) for name in requirement.args):
            yield f"{requirement.args} names no requirement, like INV-15 or GDE-029"


def _belongs_here(item: pytest.Item, config: pytest.Config) -> bool:
    other = "postgres_only" if LANE == "sqlite" else "sqlite_only"
    if item.get_closest_marker(other):
        return False
    if item.get_closest_marker("full") and not config.getoption("--full"):
        return False
    return not config.getoption("--database-only") or uses_database(item)


def uses_database(item: pytest.Item) -> bool:
    """Tell whether a test runs once per database, or once in all."""
    return bool(item.get_closest_marker("django_db")) or bool(TOUCHES_DATABASE & set(item.fixturenames))


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """Begin each test in the product's own language: a page asked for in German leaves its thread in German."""
    from django.utils.translation import deactivate

    deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Give the SQLite lane a file: threads and child processes cannot share a database in memory."""
    from django.conf import settings

    if LANE == "sqlite":
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(
            tmp_path_factory.mktemp("database") / "test.sqlite3"
        )


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker
) -> Iterator[None]:
    """Make the migrated test database.

    pytest-django's own fixture makes it only where some test of the run carries its mark, and would leave
    `committed_db` copying the database of DATABASE_URL itself.
    """
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        if LANE == "sqlite":
            _recall_database()
        else:
            made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield
    if LANE == "sqlite":
        return
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


def _recall_database() -> None:
    """Point Django at a copy of the migrated file, which is made by the migrations where it is not known yet."""
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_databases

    from tests.database_memory import recalled

    def make() -> str:
        setup_databases(verbosity=0, interactive=False, aliases={"default"})
        connection.close()
        return str(connection.settings_dict["NAME"])

    name = str(settings.DATABASES["default"]["TEST"]["NAME"])
    own = Path(f"{name}.own")
    recalled(make, own)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(own)


@pytest.fixture(scope="session")
def database_copies(django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """Templates and copies of the migrated database; the base of `committed_db` and of fixtures with a wider scope."""
    from tests.database_copies import DatabaseCopies

    with django_db_blocker.unblock():
        copies = DatabaseCopies(tmp_path_factory.mktemp("copies"))
        yield copies
        copies.close()


@pytest.fixture
def committed_db(database_copies, django_db_blocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator:
    """A database of this test's own, for commits, threads, child processes and servers; `committed_db.url` names it.

    `DATABASE_URL` and `MILKRUN_HOME` point at it while the test runs, so a child process needs no further set-up.
    """
    monkeypatch.setenv("MILKRUN_HOME", str(tmp_path / "home"))
    with django_db_blocker.unblock(), database_copies.copy() as copy:
        yield copy


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the demo was made in.

    It and `demo` stand here and nowhere else: imported into a second module they would be a second folder, while
    the database is made once.
    """
    return tmp_path_factory.mktemp("demo_home")


@pytest.fixture
def demo(database_copies, django_db_blocker, demo_home: Path, tmp_path: Path, monkeypatch) -> Iterator:
    """The demo, built once for a run and copied for each test."""
    from milkrun.demo.build import build
    from tests.demo.day import PASSWORD, TODAY

    def fill() -> None:
        build(at=TODAY, seed=1, home=demo_home, password=PASSWORD)

    monkeypatch.setenv("MILKRUN_HOME", str(tmp_path / "home"))
    with django_db_blocker.unblock(), database_copies.copy(database_copies.template("demo", fill)) as copy:
        yield copy


@pytest.fixture
def world(db: None):
    """A small plant in a transaction that is rolled back; see tests/world.py."""
    from tests.world import build_world

    return build_world()


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    """True where the suites run at their full figures (`make test-full`)."""
    return bool(request.config.getoption("--full"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared sample data; tests that need it live in tests/shared_data."""
    return SHARED_DATA


@pytest.fixture
def live_url(committed_db) -> Iterator[str]:
    """Serve the product's pages in threads of this process, on `committed_db`; the address ends without a slash."""
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()
