"""The tasks that look at files and analyse them for people without an account, each in a process with limits.

A file from anybody may be made to eat memory or time, so nothing of it is read in the worker itself. What is wanted
lies in the room (`gateway.rooms`); a worker that dies leaves it there, and the next one does it.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from milkrun.gateway.rooms import Room, rooms

SECONDS = {"look": 60, "run": 600}
PASSED_ON = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "PYTHONPATH", "NUMBA_CACHE_DIR")


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
        """Do what waits now; returns how many steps were done."""
        done = 0
        for room in rooms(self.home):
            if (room.note("wanted") or {}).get("step") == self.step:
                with room.alone() as mine:
                    done += mine and self._take_up(room)
        return {"done": done} if done else {}

    def _take_up(self, room: Room) -> bool:
        wanted = room.note("wanted")
        if wanted is None or wanted.get("step") != self.step:
            return False
        # Another page may ask for something else meanwhile: then that note is another one, and stays.
        room.forget("ended", "progress")
        ended = _in_a_process_of_its_own(room, self.step)
        room.write("ended", {"step": self.step, "number": wanted["number"], **ended})
        if room.note("wanted") == wanted:
            room.forget("wanted")
        return True


def _in_a_process_of_its_own(room: Room, step: str) -> dict[str, Any]:
    """Do a step; returns its exit code and the sentence it ended with, no exit code where it was ended."""
    with (room.folder / "said.txt").open("w+b") as said:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "milkrun.gateway.analysing", str(room.folder), step],
                cwd=room.folder, env=_environment(room), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=said, timeout=SECONDS[step], start_new_session=True, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return {"exit": None, "code": "took_too_long", "sentence": ""}
        said.seek(0)
        text = said.read(20_000).decode(errors="replace").strip()
    if done.returncode < 0 or "MemoryError" in text:
        return {"exit": None, "code": "took_too_much", "sentence": ""}
    return {"exit": done.returncode, "code": "", "sentence": text.splitlines()[-1][:600] if text else ""}


def _environment(room: Room) -> dict[str, str]:
    """What the process knows of this one: where programs are, no secret and no address of the database."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed, "TMPDIR": str(room.folder), "PYTHONUTF8": "1"}
