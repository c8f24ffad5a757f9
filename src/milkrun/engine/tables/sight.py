"""What a file looks like before it is analysed: its first rows, what each column is taken for, what has to be asked.

Nothing here ends with an error: a file that cannot be read says why, one in doubt shows its columns all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from milkrun.engine.tables.answers import Answers
from milkrun.engine.tables.content import look
from milkrun.engine.tables.faults import Refused, Undecided, Unreadable
from milkrun.engine.tables.intake import NO_ANSWERS, USUAL, Table, read_raw, take_in
from milkrun.engine.tables.mapping import Guess, likely_columns
from milkrun.engine.tables.opening import Limits, Source
from milkrun.engine.tables.raw import LINE, SHOWN

ROWS = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What the file leaves open: a code, the question, the flag that answers it on the command line."""

    code: str
    question: str
    flag: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person is shown of a file.

    Args:
        name: the file.
        kind: the table it is taken for; empty where that is open.
        read: rows that held something.
        how: how it was read (encoding, delimiter, sheet).
        headers: its columns.
        samples: its first rows as texts.
        guesses: what each column is taken for, with a confidence of 0 to 1.
        orders: header to the order of its dates, where that was found or answered.
        decimals: header to its decimal sign.
        refused: values that could not be read.
        notes: what was noticed.
        question: what has to be answered first, if anything.
        problem: why it gives no table, if it gives none.
    """

    name: str
    kind: str = ""
    read: int = 0
    how: dict[str, str] | None = None
    headers: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    guesses: tuple[Guess, ...] = ()
    orders: dict[str, str] | None = None
    decimals: dict[str, str] | None = None
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()
    question: Question | None = None
    problem: str = ""


def look_over(source: Source, answers: Answers = NO_ANSWERS, limits: Limits = USUAL) -> Sight:
    """Look at a file without judging it."""
    try:
        return _clear(take_in(source, answers, limits))
    except Unreadable as unreadable:
        return Sight(source.name, problem=unreadable.sentence)
    except Undecided as undecided:
        question = Question(undecided.code, undecided.question, undecided.flag)
    try:
        return _open(source, answers, limits, question)
    except (Unreadable, Undecided):
        return Sight(source.name, question=question)


def _clear(table: Table) -> Sight:
    return Sight(
        table.name, table.mapping.kind.name, table.read, table.how, table.headers, table.samples,
        table.mapping.guesses, table.orders, table.decimals, table.refused, table.notes,
    )  # fmt: skip


def _open(source: Source, answers: Answers, limits: Limits, question: Question) -> Sight:
    raw = read_raw(source, answers, limits)
    contents = {header: look(raw.frame[str(place)]) for place, header in enumerate(raw.headers)}
    kind, guesses = likely_columns(raw.headers, contents, answers)
    rows = raw.frame.head(ROWS).drop(LINE).rows()
    samples = tuple(tuple("" if cell is None else str(cell)[:SHOWN] for cell in row) for row in rows)
    return Sight(
        raw.name, kind, raw.rows, raw.how, raw.headers, samples, guesses, dict(answers.orders), dict(answers.decimals),
        raw.refused, raw.notes, question,
    )  # fmt: skip
