"""Which column is which: every header is compared with every field, and the best whole is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from milkrun.engine.tables.answers import Answers
from milkrun.engine.tables.assignment import best_assignment
from milkrun.engine.tables.content import Content
from milkrun.engine.tables.faults import Undecided, Unreadable
from milkrun.engine.tables.fields import FIELDS
from milkrun.engine.tables.headers import likeness
from milkrun.engine.tables.kinds import KINDS, Kind

SURE = 0.8
NEAR = 0.1
LEAST = 0.45
# What a column can be worth by its values alone, where the header says nothing.
CONTENT_ONLY = 0.3


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column is taken for.

    Args:
        header: the column.
        field: the field, or empty where the column is left out.
        confidence: 0 to 1; 1 where a person said so.
        otherwise: fields it might be instead, the likelier first.
        said: a person said so.
    """

    header: str
    field: str
    confidence: float
    otherwise: tuple[str, ...] = ()
    said: bool = False


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What a file holds, and what each column is."""

    kind: Kind
    guesses: tuple[Guess, ...]

    @property
    def columns(self) -> dict[str, str]:
        """Field to header."""
        return {guess.field: guess.header for guess in self.guesses if guess.field}


def map_columns(name: str, headers: Sequence[str], contents: Mapping[str, Content], answers: Answers) -> ColumnMap:
    """Find what the file holds and what each column is.

    Raises:
        Undecided: a column that is needed is in doubt.
        Unreadable: what was answered does not fit the file.
    """
    _check_answers(name, headers, answers)
    scores = {(header, field): _score(header, field, contents[header]) for header in headers for field in FIELDS}
    wanted = [KINDS[answers.table]] if answers.table else list(KINDS.values())
    tried = [(_assign(kind, headers, scores, answers), kind) for kind in wanted]
    possible = [(chosen, kind) for chosen, kind in tried if _complete(kind, chosen, scores)]
    if not possible:
        raise _nothing_fits(name, headers, wanted)
    chosen, kind = max(possible, key=lambda pair: _worth(pair[0], scores))
    guesses = tuple(_guess(header, kind, chosen, scores, answers) for header in headers)
    _ask_where_unsure(name, kind, guesses, scores, answers)
    return ColumnMap(kind, tuple(_only_sure(guess, kind) for guess in guesses))


def likely_columns(
    headers: Sequence[str], contents: Mapping[str, Content], answers: Answers
) -> tuple[str, tuple[Guess, ...]]:
    """Return what a file most likely holds and its columns most likely are, for a person to correct.

    The kind is empty where no table fits, as it is where a needed column is missing.
    """
    scores = {(header, field): _score(header, field, contents[header]) for header in headers for field in FIELDS}
    answered = {header: field for header, field in answers.columns.items() if header in headers}
    known = replace(answers, columns=answered)
    wanted = [KINDS[answers.table]] if answers.table in KINDS else list(KINDS.values())
    tried = [(_assign(kind, headers, scores, known), kind) for kind in wanted]
    chosen, kind = max(tried, key=lambda pair: (_complete(pair[1], pair[0], scores), _worth(pair[0], scores)))
    guesses = tuple(_guess(header, kind, chosen, scores, known) for header in headers)
    return (kind.name if chosen else ""), guesses


def _check_answers(name: str, headers: Sequence[str], answers: Answers) -> None:
    if answers.table and answers.table not in KINDS:
        raise Unreadable("unknown_table", f"There is no table {answers.table!r}; there are {', '.join(KINDS)}.")
    for header, field in answers.columns.items():
        if header not in headers:
            raise Unreadable("unknown_column", f"{name} has no column {header!r}; it has {', '.join(headers[:20])}.")
        if field and field not in FIELDS:
            raise Unreadable("unknown_field", f"There is no field {field!r}; there are {', '.join(FIELDS)}.")


def _score(header: str, field: str, content: Content) -> float:
    fit = content.fits(FIELDS[field].holds)
    word = likeness(header, field)
    if fit < 0.5:
        return word * fit * 0.6
    return word * (0.6 + 0.4 * fit) if word else (CONTENT_ONLY if fit > 0.9 and header.startswith("column ") else 0.0)


Scores = Mapping[tuple[str, str], float]


def _assign(kind: Kind, headers: Sequence[str], scores: Scores, answers: Answers) -> dict[str, str]:
    """Return header to field so that the sum of all scores is greatest; what was answered stands."""
    fixed = {header: field for header, field in answers.columns.items() if field in kind.fields}
    free = [header for header in headers if header not in answers.columns]
    open_fields = [field for field in kind.fields if field not in fixed.values()]
    if not free or not open_fields:
        return fixed
    # The needed columns come first where scores are equal, and earlier columns before later ones.
    worth = [[_weighed(scores[header, field], field in kind.needs) for field in open_fields] for header in free]
    pairs = [(row, column) for row, column in best_assignment(worth) if worth[row][column] > 0]
    found = {free[row]: open_fields[column] for row, column in pairs}
    return {**fixed, **found}


def _weighed(score: float, needed: bool) -> float:
    return 0.0 if score < LEAST else score + 0.05 * needed


def _complete(kind: Kind, chosen: Mapping[str, str], scores: Scores) -> bool:
    fields = set(chosen.values())
    return set(kind.needs) <= fields and (not kind.one_of or bool(fields & set(kind.one_of)))


def _worth(chosen: Mapping[str, str], scores: Scores) -> float:
    return sum(scores[header, field] for header, field in chosen.items())


def _guess(header: str, kind: Kind, chosen: Mapping[str, str], scores: Scores, answers: Answers) -> Guess:
    others = sorted(
        (field for field in kind.fields if scores[header, field] >= LEAST), key=lambda f: -scores[header, f]
    )
    if header in answers.columns:
        return Guess(header, chosen.get(header, ""), 1.0, tuple(others), said=True)
    field = chosen.get(header, "")
    return Guess(
        header, field, round(scores[header, field], 3) if field else 0.0, tuple(o for o in others if o != field)
    )


def _only_sure(guess: Guess, kind: Kind) -> Guess:
    """Leave out a column that is not needed and in doubt: it is shown, never guessed."""
    if guess.field and guess.confidence < SURE * 0.9 and guess.field not in kind.needs:
        return Guess(guess.header, "", guess.confidence, (guess.field, *guess.otherwise))
    return guess


def _ask_where_unsure(name: str, kind: Kind, guesses: Sequence[Guess], scores: Scores, answers: Answers) -> None:
    free = [guess.header for guess in guesses if not guess.field and not guess.said]
    for guess in guesses:
        if guess.field not in kind.needs or guess.said:
            continue
        rivals = [header for header in free if guess.confidence - scores[header, guess.field] < NEAR]
        if rivals or guess.confidence < SURE * 0.9:
            among = " or ".join(map(repr, [guess.header, *rivals]))
            question = f"{name}: is {among} the column {guess.field!r} ({FIELDS[guess.field].unlocks})?"
            raise Undecided("which_column", question, f"--column '{guess.field}={guess.header}'")


def _nothing_fits(name: str, headers: Sequence[str], wanted: Sequence[Kind]) -> Undecided:
    needs = "; ".join(f"{kind.title} needs {', '.join(kind.needs or kind.one_of)}" for kind in wanted)
    question = f"{name} has the columns {', '.join(headers[:20])}: which of them is which? {needs}."
    return Undecided("which_column", question, "--column FIELD=HEADER")
