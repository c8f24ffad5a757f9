"""`milkrun serve` as a process tree: it serves, takes files in, mends itself, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.waiting import until

pytestmark = pytest.mark.slow
SAMPLES = ROOT / "tests" / "edi" / "samples"
LONG = 60


@pytest.fixture
def plant(committed_db) -> Path:
    """A database with the small plant; returns the data folder."""
    from tests.world import build_world

    build_world()
    return Path(os.environ["MILKRUN_HOME"])


@contextmanager
def serving(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the server on a port until the block ends."""
    server = subprocess.Popen(
        [sys.executable, "-m", "milkrun.cli.main", "serve", "--port", str(port)],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until(lambda: answer(port, "/readyz") == 200, "a server that is ready", LONG)
        yield server
    finally:
        if server.poll() is None:
            server.terminate()
        server.wait(LONG)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(port: int, path: str) -> int:
    """Ask the server; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except OSError:
        return 0


def descendants(pid: int) -> dict[int, str]:
    """List all living processes below one, with how they were called."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
    found: dict[int, str] = {}
    parents = {pid}
    while parents:
        children = {int(r[0]): r[3] for r in rows if int(r[1]) in parents and not r[2].startswith("Z")}
        found |= children
        parents = set(children)
    return found


def worker_of(server: subprocess.Popen[bytes]) -> int:
    """Find the background worker; 0 where there is none."""
    return next((pid for pid, called in descendants(server.pid).items() if called.endswith(" worker")), 0)


def alive(pids: set[int]) -> set[int]:
    """Keep the processes that still run."""
    return {pid for pid in pids if Path(f"/proc/{pid}/stat").exists() and " Z " not in stat(pid)}


def stat(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return " Z "


def drop(home: Path, sample: str) -> None:
    """Hand a file over as a partner does: under another name first."""
    inbox = home / "inbox" / "OEM01"
    inbox.mkdir(parents=True, exist_ok=True)
    draft = inbox / f"{sample}.tmp"
    draft.write_bytes((SAMPLES / sample).read_bytes())
    draft.rename(inbox / sample)


def calls() -> int:
    from milkrun.demand.models import JitCall

    return JitCall.objects.count()


def test_a_file_in_the_inbox_becomes_calls_and_an_answer_and_the_end_leaves_no_process(plant: Path) -> None:
    port = free_port()

    with serving(port) as server:
        healthy = answer(port, "/healthz")
        drop(plant, "deljit_jis_two_vehicles.edi")
        until(lambda: calls() == 2, "two calls", LONG)
        until(lambda: list(plant.glob("outbox/OEM01/CONTRL_*.edi")), "the acknowledgement", LONG)
        below = set(descendants(server.pid))
        server.terminate()
        code = server.wait(LONG)

    assert healthy == 200
    assert code == 0
    assert len(below) >= 3  # web server, its worker process, background worker
    assert until(lambda: not alive(below), "all processes to end", LONG)
    assert answer(port, "/healthz") == 0


def test_a_worker_that_was_killed_is_replaced_and_goes_on(plant: Path) -> None:
    with serving(free_port()) as server:
        first = until(lambda: worker_of(server), "a worker", LONG)
        os.kill(first, signal.SIGKILL)
        drop(plant, "deljit_summarized.edi")
        until(lambda: calls() == 1, "the call, taken by another worker", LONG)
        second = worker_of(server)

    assert second not in (0, first)


def test_nothing_is_left_when_the_supervisor_itself_is_killed(plant: Path) -> None:
    with serving(free_port()) as server:
        until(lambda: worker_of(server), "a worker", LONG)
        below = set(descendants(server.pid))

        server.kill()
        server.wait(LONG)

        assert until(lambda: not alive(below), "the children to end", LONG)
