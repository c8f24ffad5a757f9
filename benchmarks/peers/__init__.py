"""Peers from the package index, in an environment of their own: nothing of theirs is ever installed beside Milkrun.

A peer is a small program that reads one JSON line a task and answers with one; it stays up, so that its import is paid
once. Where the environment cannot be made, the peer is not measured and said to be missing.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".boot" / "peers"
PACKAGES = ("stockpyl==1.0.2", "statsforecast==2.1.1")
HERE = Path(__file__).parent


def environment() -> Path | None:
    """Return the interpreter of the peers' environment, made on first use; None where that does not work."""
    python, stamp = FOLDER / "bin" / "python", FOLDER / "installed"
    if stamp.exists() and stamp.read_text() == " ".join(PACKAGES):
        return python
    uv = ROOT / ".boot" / "bin" / "uv"
    installer: list[str | Path] = [uv, "pip", "install", "--python", python, "-q"]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True, capture_output=True)
        if not uv.exists():
            installer = [python, "-m", "pip", "install", "-q"]
        subprocess.run([str(part) for part in (*installer, *PACKAGES)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    stamp.write_text(" ".join(PACKAGES))
    return python


class Peer:
    """A running peer."""

    def __init__(self, program: str, python: Path) -> None:
        self._running = subprocess.Popen(
            [str(python), "-W", "ignore", str(HERE / f"{program}_program.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        """Its process."""
        return self._running.pid

    def ask(self, task: dict[str, Any]) -> dict[str, Any]:
        """Hand over a task and wait for the answer."""
        assert self._running.stdin
        assert self._running.stdout
        self._running.stdin.write(json.dumps(task) + "\n")
        self._running.stdin.flush()
        line = self._running.stdout.readline()
        if not line:
            raise RuntimeError("The peer ended without an answer.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End it."""
        assert self._running.stdin
        self._running.stdin.close()
        self._running.wait(30)


def peer(program: str) -> Peer | None:
    """Start a peer; None where it cannot be."""
    python = environment()
    if python is None:
        return None
    started = Peer(program, python)
    try:
        started.ask({})
    except RuntimeError:
        return None
    return started
