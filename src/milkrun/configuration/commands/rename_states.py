"""Give states of a noun the words that people here use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.configuration.errors import WordNotPossible
from milkrun.configuration.models import StateWord
from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.errors import Problem
from milkrun.kernel.identity import Actor, Request

LONGEST = 40


@dataclass(frozen=True, slots=True)
class StatesRenamed:
    """So many states have words of their own now, in this language."""

    noun: str
    words: int


@command
def rename_states(
    *, noun: str, language: str, words: Mapping[str, str], actor: Actor, at: datetime, request: Request | None = None
) -> StatesRenamed:
    """Keep the words of a noun's states in one language; an empty word gives the product's own one back.

    Only what is shown changes: states in files, the API and the history keep their names.

    Args:
        noun: whose states, as the table of words names it ("call", "delivery").
        language: the language of the words ("en", "de").
        words: state -> word.

    Raises:
        WordNotPossible: lists words that are too long, or the same for two states.
    """
    given = {state: " ".join(word.split()) for state, word in words.items()}
    kept = {state: word for state, word in given.items() if word}
    _refuse_impossible(kept)

    old = {row.state: row.word for row in StateWord.objects.filter(noun=noun, language=language)}
    StateWord.objects.filter(noun=noun, language=language, state__in=given).delete()
    StateWord.objects.bulk_create(
        [StateWord(noun=noun, state=state, language=language, word=word) for state, word in kept.items()]
    )

    changed = {state: [old.get(state, ""), word] for state, word in given.items() if old.get(state, "") != word}
    facts = {"noun": noun, "language": language, "changed": changed}
    journal.write([journal.Entry("rename_states", "configuration", 0, facts=facts)], actor=actor, at=at)
    return StatesRenamed(noun, len(kept))


def _refuse_impossible(words: Mapping[str, str]) -> None:
    problems = [
        Problem(state, _("A word has at most {longest} characters.").format(longest=LONGEST), "too_long")
        for state, word in words.items()
        if len(word) > LONGEST or not word.isprintable()
    ]
    seen: dict[str, str] = {}
    for state, word in words.items():
        other = seen.setdefault(word.casefold(), state)
        if other != state:
            problems.append(Problem(state, _("“{word}” stands for another state already.").format(word=word), "twice"))
    if problems:
        raise WordNotPossible(problems)
