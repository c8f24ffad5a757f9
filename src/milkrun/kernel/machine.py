"""The only code that assigns a state.

A state table is a literal `{move: {from_state: to_state}}`. A move is made by compare-and-swap: the row changes only
if it still is in the state it was seen in, so two hands can never make the same move.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from milkrun.kernel.errors import Conflict, IllegalMove
from milkrun.kernel.spoken import move_name, noun_name, spoken

Table = Mapping[str, Mapping[str, str]]


def open_moves(table: Table, state: str) -> list[str]:
    """List the moves that a state allows, in the table's order."""
    return [move for move, steps in table.items() if state in steps]


def check(rows: Iterable[Any], table: Table, move: str, *, noun: str) -> None:
    """Refuse unless every row may make the move.

    Raises:
        IllegalMove: names each row that may not, its state and the moves open to it.
    """
    steps = table[move]
    stuck = [row for row in rows if row.state not in steps]
    if stuck:
        raise IllegalMove(
            " ".join(
                _("{noun} {row} is {state}: {move} is not possible.").format(
                    noun=noun_name(noun), row=row, state=spoken(row.state), move=move_name(move)
                )
                for row in stuck[:5]
            ),
            move=move,
            rows=[{"row": str(row), "state": row.state, "open": open_moves(table, row.state)} for row in stuck],
        )


def move(rows: Iterable[Any], table: Table, move: str, *, noun: str, **also: Any) -> dict[int, tuple[str, str]]:
    """Move rows of one model along their table.

    Args:
        rows: loaded rows; their `state` is brought up to date.
        table: the noun's state table.
        move: the move's name.
        noun: what people call such a row, for the refusal.
        also: further columns set in the same statement.

    Returns:
        (before, after) by primary key.

    Raises:
        IllegalMove: a row's state does not allow the move.
        Conflict: a row was moved by somebody else since it was loaded.
    """
    rows = sorted(rows, key=lambda row: row.pk)
    check(rows, table, move, noun=noun)
    made: dict[int, tuple[str, str]] = {}
    for before in dict.fromkeys(row.state for row in rows):
        group = [row for row in rows if row.state == before]
        _swap(group, before, table[move][before], noun, also)
        made.update({row.pk: (before, table[move][before]) for row in group})
    for row in rows:
        row.state = made[row.pk][1]
        for name, value in also.items():
            setattr(row, name, value)
    return made


def settle(wanted: Iterable[tuple[Any, str]], *, noun: str) -> list[tuple[Any, str, str]]:
    """Set states that are derived from other rows (a call's from its groups), one statement for each pair of states.

    Returns:
        (row, before, after) of each row that did not stand there already.
    """
    moved = [(row, row.state, state) for row, state in wanted if row.state != state]
    for pair in dict.fromkeys((before, after) for __, before, after in moved):
        _swap([row for row, *states in moved if tuple(states) == pair], *pair, noun, {})
    for row, _before, after in moved:
        row.state = after
    return moved


def _swap(rows: list[Any], before: str, after: str, noun: str, also: Mapping[str, Any]) -> None:
    model: type[Model] = type(rows[0])
    keys = [row.pk for row in rows]
    changed = model._default_manager.filter(pk__in=keys, state=before).update(state=after, **also)
    if changed != len(keys):
        raise Conflict(
            _("{noun} {rows} was changed by somebody else a moment ago. Load it again and decide anew.").format(
                noun=noun_name(noun), rows=", ".join(str(row) for row in rows[:5])
            ),
            rows=[str(row) for row in rows],
        )
