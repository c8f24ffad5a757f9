"""One step of an analysis in a process of its own: `python -m milkrun.gateway.analysing FOLDER look|run`.

Started by the worker (`jobs.analyses`). Whatever a file does to this process, nothing else notices: it has limits,
knows no database, and its only product is what it writes into the folder.
"""

import resource
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from milkrun.gateway.rooms import Room

# Bytes of memory, and of one file written.
MEMORY = 4 << 30
WRITTEN = 1 << 30
SHOWN_REFUSED = 20
# What of the report the page shows itself.
SHOWN = ("as_of", "period", "items", "metrics", "readiness", "opportunities", "missing")


def main(arguments: Sequence[str]) -> int:
    """Do the step; returns the exit code of `milkrun analyze`: 0, 1 where rows were refused, 2 where it cannot be."""
    folder, step = arguments
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    room = Room(Path(folder))
    return _look(room) if step == "look" else _run(room)


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
    from milkrun.engine.tables.opening import Source
    from milkrun.engine.tables.sight import look_over

    sight = look_over(Source(path.name, path), Answers(**answers))
    told = asdict(sight)
    told["refused"] = {"rows": len({one.line for one in sight.refused}), "first": told["refused"][:SHOWN_REFUSED]}
    return told


def _run(room: Room) -> int:
    from milkrun.engine.analyse import analyse
    from milkrun.engine.analysis.settings import NotASetting, Settings
    from milkrun.engine.report import written
    from milkrun.engine.tables import Answers, Source, Undecided, Unreadable

    said = room.note("answers") or {}
    answers = {name: Answers(**given) for name, given in said.get("files", {}).items()}
    try:
        settings = Settings().with_answers({name: str(value) for name, value in said.get("settings", {}).items()})
        analysis = analyse([Source(path.name, path) for path in room.files], settings, answers)
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
