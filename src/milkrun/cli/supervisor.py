"""Keeps a few programs running as children of one process, and ends them together.

A child that dies is started again, after a pause that grows while it keeps dying. SIGTERM or SIGINT ends all of them;
what does not end in time is killed with everything it has started. On Linux the children are also told when this
process is killed, so that nothing is left behind.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from milkrun.jobs.endings import ENDINGS, Signals

LOG = logging.getLogger("milkrun.serve")
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
GRACE = 30.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A program to keep running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    again_at: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        """Start the program in a process group of its own, so that Ctrl-C reaches this process only."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=dict(environment), process_group=0, preexec_fn=_told_of_our_death()
        )
        LOG.info("started", extra={"child": self.name, "pid": self.process.pid})

    def bury(self) -> None:
        """Where it has died, note it and say when it may start again."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        self.deaths = 1 if now - self.started > STEADY_AFTER else self.deaths + 1
        pause = min(2.0 ** (self.deaths - 1), LONGEST_PAUSE)
        self.again_at = now + pause
        LOG.error("died", extra={"child": self.name, "exit": self.process.returncode, "again_in": f"{pause:.0f}s"})
        self.process = None

    def signal(self, number: int, *, group: bool = False) -> None:
        """Send a signal to it, or to all it has started too."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number) if group else self.process.send_signal(number)


def supervise(children: Sequence[Child], environment: Mapping[str, str]) -> int:
    """Run the children until SIGTERM or SIGINT; returns the exit code."""
    signals = Signals({*ENDINGS, signal.SIGCHLD})
    for child in children:
        child.start(environment)
    while True:
        now = time.monotonic()
        waits = [child.again_at - now for child in children if child.process is None]
        if signals.wait(min([*waits, 60.0])) & ENDINGS:
            break
        for child in children:
            child.bury()
            if child.process is None and child.again_at <= time.monotonic():
                child.start(environment)
    _end(children, signals)
    return 0


def _end(children: Sequence[Child], signals: Signals) -> None:
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while any(child.process is not None and child.process.poll() is None for child in children):
        left = deadline - time.monotonic()
        # A second Ctrl-C means: now.
        if left <= 0 or signals.wait(left) & ENDINGS:
            for child in children:
                child.signal(signal.SIGKILL, group=True)
            break
    for child in children:
        if child.process is not None:
            child.process.wait()
            LOG.info("ended", extra={"child": child.name, "exit": child.process.returncode})


def _told_of_our_death() -> Callable[[], None] | None:
    """Return what a new child runs first, to be asked to end when this process dies by whatever cause."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def listen() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return listen
