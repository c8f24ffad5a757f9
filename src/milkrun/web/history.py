"""Who, when, why: entries of the journal as a page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from milkrun.demand.queries import worded
from milkrun.kernel import journal
from milkrun.kernel.spoken import fact_name, spoken
from milkrun.kernel.told import told
from milkrun.measure.wording import moment
from milkrun.web import words


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry: when, what, which step of which noun, why, who by which door, and a few facts."""

    at: str
    action: str
    step: str
    reason: str
    actor: str
    via: str
    facts: str
    changed: tuple[tuple[str, str, str], ...] = ()


def history(subjects: Iterable[tuple[str, int]], zone: str, limit: int = 60) -> list[HistoryLine]:
    """Read what happened to some rows, newest first, ready to show.

    One deed is told of several rows (a call and its groups); it is shown once, with the facts that one of them has.
    """
    lines: dict[tuple[str, ...], HistoryLine] = {}
    for entry in journal.history(subjects, limit=limit):
        line = _line(entry, zone)
        same = (entry.at.isoformat(), line.action, line.step, line.reason, line.actor)
        if same not in lines or (line.facts and not lines[same].facts):
            lines[same] = line
    return list(lines.values())


def _line(line: journal.Line, zone: str) -> HistoryLine:
    step = f"{_plain(line.before)} → {_plain(line.after)}" if line.before and line.after else _plain(line.after)
    if line.before == line.after:
        step = ""
    return HistoryLine(
        moment(line.at, zone), words.happened(line.action), step, told(line.reason), line.actor,
        words.word("via", line.via), _facts(line.facts), _changed(line.facts, zone),
    )  # fmt: skip


def _changed(facts: Any, zone: str) -> tuple[tuple[str, str, str], ...]:
    """Read what a change changed: field, old, new."""
    changed = facts.get("changed")
    if not isinstance(changed, dict) or not all(isinstance(v, list) and len(v) == 2 for v in changed.values()):
        return ()
    return tuple((fact_name(name), old, new) for name, old, new in worded(changed, zone))[:20]


def _plain(state: str) -> str:
    return spoken(state)


def _facts(facts: Any) -> str:
    shown = [
        f"{fact_name(str(key))} {told(str(value))}" for key, value in dict(facts).items() if _tells(str(key), value)
    ]
    return ", ".join(shown[:4]) + (_(" and more") if len(shown) > 4 else "")


def _tells(key: str, value: Any) -> bool:
    """Keep what people understand: short words and numbers, no keys of rows."""
    return isinstance(value, str | int) and not key.endswith("_id") and 0 < len(str(value)) <= 60
