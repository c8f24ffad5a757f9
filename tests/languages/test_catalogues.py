"""Every catalogue is whole: each text translated, with the same places and as many plurals as the language has."""

import re
from pathlib import Path

import pytest
from babel.messages import Message
from django.utils.translation import override

from milkrun.kernel.told import told
from milkrun.measure.wording import speaking
from tools import messages

PLACE = re.compile(r"%\(\w+\)\d*[sd]|%[sd]|%%|\{\w+\}")
CATALOGUES = messages.catalogs()
# Reading them takes seconds: one worker does it once for all.
pytestmark = pytest.mark.xdist_group("catalogues")


def named(path: Path) -> str:
    return path.parts[-3]


def texts(message: Message) -> list[tuple[str, str]]:
    ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
    said = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return list(zip(ids, said, strict=True))


@pytest.mark.parametrize("path", CATALOGUES, ids=named)
def test_every_text_is_translated(path: Path) -> None:
    lacking = messages.untranslated(path)

    assert not lacking, "\n".join(f"{text.locations[0][0]}: {text.id!r}" for text in lacking)


@pytest.mark.parametrize("path", CATALOGUES, ids=named)
def test_no_translation_is_a_guess_or_a_leftover(path: Path) -> None:
    wanted = {(text.id, text.context) for text in messages.texts()}

    left = [
        message.id for message in messages.load(path) if message.fuzzy or (message.id, message.context) not in wanted
    ]

    assert not [text for text in left if text]


@pytest.mark.parametrize("path", CATALOGUES, ids=named)
def test_a_translation_has_the_places_of_its_text(path: Path) -> None:
    wrong = [
        (text, said)
        for message in messages.load(path)
        if message.id
        for text, said in texts(message)
        if sorted(PLACE.findall(text)) != sorted(PLACE.findall(said)) or (text[:1] == " ") != (said[:1] == " ")
    ]

    assert not wrong


@pytest.mark.parametrize("path", CATALOGUES, ids=named)
def test_a_kept_sentence_is_recognised_by_its_template(path: Path) -> None:
    """What a command kept in the language of record is told in the reader's, whichever values stand in it."""
    language, astray = named(path), []
    for message in messages.load(path):
        if not message.id or message.context or isinstance(message.id, list | tuple) or not message.id.endswith("."):
            continue
        names = re.findall(r"\{(\w+)\}", message.id)
        values = {name: f"X{n}Y" for n, name in enumerate(names, 1)}
        if not names or "%" in message.id or " " not in message.id:
            continue
        with override(language), speaking(language):
            said = told(message.id.format(**values))
        if said != message.string.format(**values):
            astray.append((message.id, said))

    assert not astray


def test_a_text_that_nobody_translated_is_found() -> None:
    message = messages._whole(Message("A new text.", ""))

    assert not message
