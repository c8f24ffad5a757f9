"""Note the language a person reads the pages in, on every device from the next signing in."""

from dataclasses import dataclass
from datetime import datetime

from milkrun.kernel import journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor, Request
from milkrun.kernel.lock import lock_one
from milkrun.partners.models import User
from milkrun.partners.steps import refuse_unknown_language


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """What was chosen; "" for the browser's."""

    language: str


@command
def choose_language(
    *, user_id: int, language: str, actor: Actor, at: datetime, request: Request | None = None
) -> LanguageChosen:
    """Note a person's language.

    Args:
        user_id: the person.
        language: its code, as "de"; "" for what the browser asks for.
        actor: who chooses.
        at: when.
        request: set where a repeat must not take effect again.

    Raises:
        NotFound: there is no such person.
        Invalid: Milkrun does not speak this language.
    """
    refuse_unknown_language(language)
    person = lock_one(User.objects.filter(pk=user_id), noun="person")
    facts = {"before": person.language, "language": language}
    User.objects.filter(pk=user_id).update(language=language)
    journal.write([journal.Entry("choose_language", "user", user_id, facts=facts)], actor=actor, at=at)
    return LanguageChosen(language)
