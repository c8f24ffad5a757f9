"""A table as it lies in a file: headers, texts, and the line of every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from milkrun.engine.tables.faults import Refused, Unreadable

if TYPE_CHECKING:
    import polars as pl

LINE = "line"
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Raw:
    """What was read before anybody asked what it means.

    Args:
        name: the file.
        headers: unique names of the columns, as in the file.
        frame: one column for each header, and `line`.
        how: how it was read: kind, encoding, delimiter, sheet.
        notes: what was noticed, a sentence each.
        refused: rows that could not be taken apart.
        blank: rows without any value, which count as nothing.
    """

    name: str
    headers: tuple[str, ...]
    frame: pl.DataFrame
    how: dict[str, str]
    notes: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    blank: int = 0
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows that hold something: those in the frame and those that could not be taken apart."""
        return self.frame.height + len(self.refused)


def unique_headers(name: str, cells: Sequence[str | None], most: int) -> tuple[tuple[str, ...], list[str]]:
    """Give every column a name of its own and say where the file had none or one twice.

    Raises:
        Unreadable: there is one column, or more than anybody has.
    """
    if len(cells) > most:
        raise Unreadable("too_many_columns", f"{name} has {len(cells):,} columns; the limit is {most:,}.")
    if len(cells) < 2:
        raise Unreadable(
            "one_column",
            f"{name} has one column; an analysis needs at least two, for instance an item, a date and a quantity.",
        )
    headers: list[str] = []
    notes: list[str] = []
    for place, cell in enumerate(cells, 1):
        text = " ".join((cell or "").replace("\ufeff", "").split())[: SHOWN * 2] or f"column {place}"
        if not (cell or "").strip():
            notes.append(f"Column {place} has no header; it is called {text!r}.")
        if text in headers:
            again = 2
            while f"{text} ({again})" in headers:
                again += 1
            notes.append(
                f"The header {text!r} stands there more than once; column {place} is called '{text} ({again})'."
            )
            text = f"{text} ({again})"
        headers.append(text)
    return tuple(headers), notes


def without_blank_rows(frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Drop the rows in which nothing stands, and say how many there were."""
    import polars as pl

    columns = [name for name in frame.columns if name != LINE]
    kept = frame.filter(pl.any_horizontal(pl.col(columns).is_not_null()))
    return kept, frame.height - kept.height
