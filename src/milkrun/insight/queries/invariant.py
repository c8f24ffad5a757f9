"""What an invariant is to the verifier: a number, a sentence, and the searches that would find it broken."""

from dataclasses import dataclass

from milkrun.insight.queries.reading import Finder


@dataclass(frozen=True, slots=True)
class Invariant:
    """A promise about the rows; each finder yields the rows that break it."""

    id: str
    title: str
    finders: tuple[Finder, ...]
