"""The private PostgreSQL leaves nothing behind, however its command ends."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import postgres
from tests.waiting import until

TOOL = Path(postgres.__file__)


def folders(parent: Path) -> list[Path]:
    return list(parent.glob("milkrun-pg-*"))


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


@pytest.fixture
def place() -> Iterator[Path]:
    """A temporary folder that the user postgres may enter, which pytest's own folders do not allow."""
    folder = Path(tempfile.mkdtemp(prefix="milkrun-place-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_the_exit_code_of_the_command_is_handed_on_and_nothing_stays(place: Path) -> None:
    command = [sys.executable, TOOL, "--", sys.executable, "-c", "raise SystemExit(7)"]

    ended = subprocess.run(command, env={**os.environ, "TMPDIR": str(place)})

    assert (ended.returncode, folders(place)) == (7, [])


def start(place: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start the tool with a command that ends with its input; return it, and the number of its server process."""
    command = [sys.executable, TOOL, "--", "sh", "-c", f"touch {place}/running; exec cat"]
    started = subprocess.Popen(command, env={**os.environ, "TMPDIR": str(place)}, stdin=subprocess.PIPE)
    until((place / "running").exists, "the start of the command")
    pid_file = next(place.glob("*/data/postmaster.pid"))
    return started, int(pid_file.read_text().splitlines()[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_broken_off_stops_the_server_and_removes_its_files(number: signal.Signals, place: Path) -> None:
    started, server = start(place)

    started.send_signal(number)
    started.communicate(timeout=30)

    assert folders(place) == []
    assert is_gone(server)


def test_the_server_does_not_outlive_a_run_that_was_killed(place: Path) -> None:
    started, server = start(place)

    started.kill()
    started.communicate()

    assert until(lambda: is_gone(server), "the end of the server")


def fsync_of(url: str) -> str:
    with psycopg.connect(url) as connection:
        return str(connection.execute("SELECT current_setting('fsync')").fetchone()[0])


def test_two_servers_run_side_by_side() -> None:
    with postgres.private_postgres() as quick, postgres.private_postgres(durable=True) as durable:
        settings = fsync_of(quick), fsync_of(durable)

    assert settings == ("off", "on")


def test_a_folder_without_the_programs_is_named_in_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(postgres.NoServer, match="install the package postgresql"),
        postgres.private_postgres(binaries=str(tmp_path)),
    ):
        pass
