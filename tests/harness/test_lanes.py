"""Which tests run in which lane, and what a test may not ask for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SAMPLE = """
import pytest

def test_pure(): ...

@pytest.mark.django_db
def test_rolls_back(): ...

def test_commits(committed_db): ...

@pytest.mark.postgres_only
@pytest.mark.django_db
def test_postgres(): ...

@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_sqlite(): ...

@pytest.mark.full
def test_full(): ...
"""
MISTAKEN = """
import pytest

def test_a(transactional_db): ...

@pytest.mark.django_db(transaction=True)
def test_b(): ...

def test_c(db, committed_db): ...

@pytest.mark.requirement("one")
def test_d(): ...
"""


def pytest_on(folder: Path, text: str, *options: str, url: str = "") -> subprocess.CompletedProcess[str]:
    """Let a pytest of its own treat a file under this project's rules."""
    (folder / "test_sample.py").write_text(text)
    pytest_here = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "-p", "tests.conftest"]
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DATABASE", "MILKRUN"))}
    return subprocess.run(
        [*pytest_here, "-p", "no:cacheprovider", "-q", *options, folder],
        cwd=ROOT,
        env={**own, "DATABASE_URL": url} if url else own,
        capture_output=True,
        text=True,
    )


def names(done: subprocess.CompletedProcess[str]) -> set[str]:
    return {line.rpartition("::test_")[2] for line in done.stdout.splitlines() if "::test_" in line}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "url", "expected"),
    [
        ([], "", {"pure", "rolls_back", "commits", "sqlite"}),
        (["--database-only", "--full"], "postgres://localhost/none", {"rolls_back", "commits", "postgres"}),
    ],
)
def test_a_lane_takes_its_own_tests(options: list[str], url: str, expected: set[str], tmp_path: Path) -> None:
    done = pytest_on(tmp_path, SAMPLE, "--collect-only", *options, url=url)

    assert names(done) == expected, done.stdout + done.stderr


@pytest.mark.slow
def test_what_cannot_work_is_refused_at_once(tmp_path: Path) -> None:
    done = pytest_on(tmp_path, MISTAKEN)

    told = dict(line.rpartition("::")[2].split(": ") for line in done.stderr.splitlines() if "::" in line)
    assert done.returncode != 0
    assert told == {
        "test_a": "the ledger cannot be flushed; a test that commits asks for committed_db",
        "test_b": "the ledger cannot be flushed; a test that commits asks for committed_db",
        "test_c": "django_db rolls back and committed_db commits; choose one",
        "test_d": "('one',) names no requirement, like INV-15 or GDE-029",
    }


@pytest.mark.slow
def test_a_test_that_commits_has_its_tables_also_when_it_runs_alone() -> None:
    alone = "tests/harness/test_fresh_databases.py::test_threads_write_into_the_same_fresh_database"

    done = subprocess.run([sys.executable, "-m", "pytest", "-q", alone], cwd=ROOT, capture_output=True, text=True)

    assert "1 passed" in done.stdout, done.stdout + done.stderr
