"""The columns an analysis knows, what people call them in several languages, and what each of them unlocks.

The words stand in `words.toml` beside this module: a word is added there, without code.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Field:
    """One column.

    Args:
        name: what it is called here.
        holds: key, text, date, number or count (a number that may not be below zero).
        words: what headers call it.
        unlocks: what can be said once it is there; empty for what only describes.
    """

    name: str
    holds: str
    words: tuple[str, ...]
    unlocks: str


def _shipped() -> dict[str, Field]:
    read = tomllib.loads(files("milkrun.engine.tables").joinpath("words.toml").read_text(encoding="utf-8"))
    return {
        name: Field(
            name, entry["holds"], tuple(entry["words"].replace("\n", " ").strip().split(", ")), entry["unlocks"]
        )
        for name, entry in read.items()
    }


FIELDS = _shipped()
