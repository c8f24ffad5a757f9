"""What kinds of tables there are: their columns, and what takes their rows over.

A taker gets rows that could be read and answers with one outcome a line. Rows that belong together (the lines of one
call, one bill of material, one order) are taken together or set aside together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from milkrun.gateway.tables.values import Column, Row, Trouble
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"


@dataclass(frozen=True, slots=True)
class Place:
    """For which site rows are taken, by whom and when."""

    site_id: int
    site_code: str
    zone: str
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the row in one line: new, changed, same or refused (then with every problem)."""

    line: int
    outcome: str
    troubles: tuple[Trouble, ...] = ()


Take = Callable[[Sequence[Row], Place], list[Outcome]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table.

    Args:
        name: what folder, address and page call it.
        columns: in the order of the sample.
        take: takes rows over.
        together: the columns whose values say which rows belong together; none where each stands alone.
        event: the column that says when what the row tells of happened, "" where none does.
        sample: a row for the sample file.
    """

    name: str
    columns: tuple[Column, ...]
    take: Take
    together: tuple[str, ...] = ()
    event: str = ""
    sample: tuple[str, ...] = ()


def troubles(problems: Sequence[Problem], columns: Mapping[str, str] | None = None) -> tuple[Trouble, ...]:
    """Turn a command's problems into troubles of columns; `columns` renames fields."""
    return tuple(
        Trouble((columns or {}).get(problem.field, problem.field), problem.code, problem.message)
        for problem in problems
    )


def grouped(rows: Sequence[Row], names: Sequence[str]) -> dict[tuple[str, ...], list[Row]]:
    """Put rows together by the text of some columns, in the order in which each first came."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(str(row.values.get(name, "")) for name in names), []).append(row)
    return found
