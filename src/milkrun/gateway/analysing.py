"""One step of an analysis in a process of its own: `python -m milkrun.gateway.analysing FOLDER look|run`.

Started by the worker (`jobs.analyses`). Whatever a file does to this process, nothing else notices: it has limits,
knows no database, and its only product is what it writes into the folder.
"""

import ctypes
import os
import resource
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from milkrun.gateway.rooms import Room

# Bytes of memory and of one file written, seconds of processor.
MEMORY = 2 << 30
WRITTEN = 1 << 30
PROCESSOR = 900
PATIENCE = 15
BROKE = 3
SHOWN_REFUSED = 20
# Fewer columns than the command line takes: each is a row of the page, with a choice among all fields.
MOST_COLUMNS = 60
MOST_UNPACKED = 1 << 30
_PR_SET_PDEATHSIG = 1
# What of the report the page shows itself.
SHOWN = ("as_of", "period", "items", "metrics", "readiness", "opportunities", "missing")


def main(arguments: Sequence[str]) -> int:
    """Do the step; returns the exit code of `milkrun analyze`: 0, 1 where rows were refused, 2 where it cannot be."""
    folder, step = arguments
    _limit_this_process()
    room = Room(Path(folder))
    try:
        return _look(room) if step == "look" else _run(room)
    except BaseException:
        # Python's own exit code for this is 1, which here means that rows were refused.
        traceback.print_exc()
        return BROKE


def _limit_this_process() -> None:
    """Take the limits on, give way to everybody else, and end with the worker's thread that waits for this."""
    for kind, most in (
        (resource.RLIMIT_DATA, MEMORY), (resource.RLIMIT_FSIZE, WRITTEN), (resource.RLIMIT_CPU, PROCESSOR),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(kind, (most, most))
    os.nice(PATIENCE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _look(room: Room) -> int:
    from milkrun.engine.tables.fields import FIELDS
    from milkrun.engine.tables.kinds import KINDS

    known = (room.note("answers") or {}).get("files", {})
    seen = [_sight(path, known.get(path.name, {})) for path in room.files]
    kinds = [{"name": kind.name, "title": kind.title, "needs": kind.needs, "one_of": kind.one_of,
              "fields": kind.fields} for kind in KINDS.values()]  # fmt: skip
    fields = {field.name: {"holds": field.holds, "unlocks": field.unlocks} for field in FIELDS.values()}
    room.write("seen", {"files": seen, "kinds": kinds, "fields": fields})
    return 0


def _sight(path: Path, answers: dict[str, Any]) -> dict[str, Any]:
    from milkrun.engine.tables.answers import Answers
    from milkrun.engine.tables.opening import Limits, Source
    from milkrun.engine.tables.sight import look_over

    sight = look_over(Source(path.name, path), Answers(**answers), Limits(unpacked=MOST_UNPACKED, columns=MOST_COLUMNS))
    told = asdict(sight)
    told["refused"] = {"rows": len({one.line for one in sight.refused}), "first": told["refused"][:SHOWN_REFUSED]}
    return told


def _run(room: Room) -> int:
    from milkrun.engine.analyse import analyse
    from milkrun.engine.analysis.settings import NotASetting, Settings
    from milkrun.engine.report import written
    from milkrun.engine.tables import Answers, Limits, Source, Undecided, Unreadable

    said = room.note("answers") or {}
    answers = {name: Answers(**given) for name, given in said.get("files", {}).items()}
    limits = Limits(unpacked=MOST_UNPACKED, columns=MOST_COLUMNS)
    try:
        settings = Settings().with_answers({name: str(value) for name, value in said.get("settings", {}).items()})
        analysis = analyse([Source(path.name, path) for path in room.files], settings, answers, limits=limits)
    except (Unreadable, Undecided, NotASetting) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    room.report.mkdir(exist_ok=True)
    for name, content in written(analysis).items():
        (room.report / name).write_bytes(content)
    room.write("result", {name: analysis.report[name] for name in SHOWN})
    return 1 if analysis.refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
