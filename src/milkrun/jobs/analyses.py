"""The tasks that look at files and analyse them for people without an account, each in a process with limits.

A file from anybody may be made to eat memory or time, so nothing of it is read in the worker itself. What is wanted
lies in the room (`gateway.rooms`); a worker that dies leaves it there, and the next one does it.
"""

import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from milkrun.gateway.rooms import Room, rooms

SECONDS = {"look": 60, "run": 600}
PASSED_ON = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "PYTHONPATH", "NUMBA_CACHE_DIR")
LOOK_SECONDS = 0.2
LOG = logging.getLogger("milkrun.worker")


@dataclass(frozen=True, slots=True)
class Analyses:
    """Does one kind of step (`look`, `run`) in every room that waits for it.

    Args:
        home: the data folder.
        step: which steps; looking is quick and has a thread of its own, so that it never waits for a long run.
    """

    home: Path
    step: str

    def __call__(self, at: datetime) -> Mapping[str, Any]:
        """Do what waits now; returns how many steps were done. A room that is removed meanwhile stops no other."""
        done = 0
        for room in rooms(self.home):
            try:
                if (room.note("wanted") or {}).get("step") == self.step:
                    with room.alone() as mine:
                        done += mine and self._take_up(room)
            except OSError as problem:
                if room.folder.is_dir():
                    LOG.warning("analysis not done", extra={"error": f"{type(problem).__name__}: {problem}"})
        return {"done": done} if done else {}

    def _take_up(self, room: Room) -> bool:
        wanted = room.note("wanted")
        if wanted is None or wanted.get("step") != self.step:
            return False
        room.forget("ended")
        if self.step == "run":
            # What an earlier run found must not stand for these answers.
            room.forget("result")
            shutil.rmtree(room.report, ignore_errors=True)
        ended = _in_a_process_of_its_own(room, self.step)
        room.write("ended", {"step": self.step, "number": wanted["number"], **ended})
        # Another page may have asked for something else meanwhile: then that note is another one, and stays.
        if room.note("wanted") == wanted:
            room.forget("wanted")
        return True


def _in_a_process_of_its_own(room: Room, step: str) -> dict[str, Any]:
    """Do a step; returns its exit code and the sentence it ended with, no exit code where it was ended."""
    with (room.folder / "said.txt").open("w+b") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "milkrun.gateway.analysing", str(room.folder), step],
            cwd=room.folder, env=_environment(room), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=said, start_new_session=True,
        )  # fmt: skip
        code = _awaited(process, room, SECONDS[step])
        said.seek(0)
        text = said.read(20_000).decode(errors="replace").strip()
    if code is None:
        return {"exit": None, "code": "took_too_long", "sentence": ""}
    if code < 0 or "MemoryError" in text:
        return {"exit": None, "code": "took_too_much", "sentence": ""}
    if code not in (0, 1, 2):
        LOG.error("analysis broke", extra={"error": text[-2000:]})
        return {"exit": code, "code": "broke", "sentence": ""}
    return {"exit": code, "code": "", "sentence": text.splitlines()[-1][:600] if text else ""}


def _awaited(process: subprocess.Popen[bytes], room: Room, seconds: float) -> int | None:
    """Wait for the process; it is ended, and None returned, when its time is over or its room was removed."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and room.folder.is_dir():
        with suppress(subprocess.TimeoutExpired):
            return process.wait(LOOK_SECONDS)
    process.kill()
    process.wait()
    return None


def _environment(room: Room) -> dict[str, str]:
    """What the process knows of this one: where programs are, no secret and no address of the database."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed, "TMPDIR": str(room.folder), "PYTHONUTF8": "1", "PYTHONSAFEPATH": "1", "POLARS_MAX_THREADS": "1"}
