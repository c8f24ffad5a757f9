"""Sentences of record, told in the reader's language.

A command speaks English, whoever asks: what it keeps (a cause, a reason, a notification) does not freeze the language
of whoever happened to be first. The catalogue knows each sentence as a template with named places; a kept sentence is
recognised by its template, and told again in the language of whoever reads it.
"""

import functools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language, override, pgettext, to_locale

from milkrun.measure import wording

OF_RECORD = "en"
_PLACE = re.compile(r"\{(\w+)\}|%\((\w+)\)\d*[sd]|(%[sd])")
ANY, ONE_SENTENCE = "<any>", r"(?:(?![.!?] [A-Z]).)"
_SENTENCE = re.compile(r"(?<=[.!?”“]) (?=\S)")
# Names of places whose value is looked up among the words of its kind; and those that hold a number.
_WORDS = {"state": "state", "noun": "noun", "move": "move"}
_NUMBERS = {
    "qty", "qty2", "left", "missing", "wanted", "rest", "good", "offered", "target", "before", "received_qty", "more",
    "total", "waiting", "from_rework", "rework_qty", "micro", "free", "gross",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Template:
    strict: re.Pattern[str]
    loose: re.Pattern[str]
    says: str
    longest: str
    letters: int
    length: int


@contextmanager
def of_record() -> Iterator[None]:
    """Speak the language of record, numbers and days included."""
    with override(OF_RECORD), wording.speaking(OF_RECORD):
        yield


def told(text: str) -> str:
    """Tell a kept sentence in the language of whoever reads; what no template knows stays as it is.

    Args:
        text: one or more sentences and lines in the language of record.
    """
    language = (get_language() or OF_RECORD).partition("-")[0]
    plain = text.strip()
    if language == OF_RECORD or " " not in plain:
        return text
    lines = (_told(line, language, wording.style()) for line in plain.split("\n"))
    return text.replace(plain, "\n".join(lines))


@functools.lru_cache(maxsize=8192)
def _told(text: str, language: str, style: wording.Style) -> str:
    """Tell one line; the style of its numbers is part of what is remembered."""
    whole = _as_one(text, language)
    if whole is not None:
        return whole
    pieces = _SENTENCE.split(text)
    said = list(_pieces(pieces, language)) if len(pieces) > 1 else []
    if said and "" not in said:
        return " ".join(said)
    whole = _as_one(text, language, loose=True)
    if whole is not None:
        return whole
    if said:
        return " ".join(_told(piece, language, style) for piece in pieces)
    return _in_parts(text, language, style)


def _in_parts(text: str, language: str, style: wording.Style) -> str:
    """Tell what stands beside each other in one sentence: a heading and what it says, or a list."""
    first, colon, rest = text.partition(": ")
    heading = _as_one(first, language) if colon else None
    if heading is not None:
        return f"{heading}: {_told(rest, language, style)}"
    return "; ".join(_told(part, language, style) for part in text.split("; ")) if "; " in text else text


def _pieces(sentences: list[str], language: str) -> Iterator[str]:
    """Tell sentences that stand side by side, as many at once as one template says; "" for one that none says."""
    at = 0
    while at < len(sentences):
        for end in range(len(sentences), at, -1):
            said = _as_one(" ".join(sentences[at:end]), language)
            if said is not None or end == at + 1:
                yield said or ""
                at = end
                break


def _as_one(text: str, language: str, *, loose: bool = False) -> str | None:
    """Tell a text that is one template; a place holds several sentences only where it is asked loosely."""
    exact, templates = _catalogue(language)
    if text in exact:
        return exact[text]
    first = text.split(" ", 1)[0]
    fitting = (one for one in (*templates.get(first, ()), *templates.get("", ())) if one.longest in text)
    for one in sorted(fitting, key=lambda one: -one.length):
        found = (one.loose if loose else one.strict).fullmatch(text)
        if found:
            return _filled(one.says, found)
    return None


def _filled(says: str, found: re.Match[str]) -> str:
    places = iter(found.groups())

    def value(place: re.Match[str]) -> str:
        name = place[1] or place[2]
        return _value(name, found[name]) if name else _value("", next(places))

    return _PLACE.sub(value, says).replace("%%", "%")


def _value(name: str, text: str) -> str:
    if name in _WORDS:
        return pgettext(_WORDS[name], text)
    if name in _NUMBERS:
        return wording.marked(text)
    return wording.dated(told(text))


@functools.cache
def _catalogue(language: str) -> tuple[dict[str, str], dict[str, list[_Template]]]:
    """Read a language's catalogue: sentences without places, and templates by their first word ("" where it varies)."""
    exact: dict[str, str] = {}
    templates: dict[str, list[_Template]] = {}
    for text, says in _messages(language):
        if not _PLACE.search(text):
            exact[text] = says
            continue
        one = _template(text, says)
        first = text.split(" ", 1)[0]
        if text != says and one.letters > 2:
            templates.setdefault("" if _PLACE.search(first) else first, []).append(one)
    return exact, templates


def _messages(language: str) -> Iterator[tuple[str, str]]:
    from babel.messages.mofile import read_mo

    for folder in settings.LOCALE_PATHS:
        path = Path(folder) / to_locale(language) / "LC_MESSAGES" / "django.mo"
        if not path.exists():
            continue
        with path.open("rb") as file:
            for message in read_mo(file):
                if message.id and message.context is None:
                    texts = message.id if isinstance(message.id, list | tuple) else (message.id,)
                    says = message.string if isinstance(message.string, list | tuple) else (message.string,)
                    yield from zip(texts, says, strict=True)


def _template(text: str, says: str) -> _Template:
    pattern, at, seen, literals = "", 0, set(), []
    for place in _PLACE.finditer(text):
        literals.append(text[at : place.start()])
        name = place[1] or place[2] or ""
        pattern += re.escape(literals[-1].replace("%%", "%"))
        pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{ANY}+?)" if name else f"({ANY}+?)"
        seen.add(name)
        at = place.end()
    literals.append(text[at:])
    pattern += re.escape(literals[-1].replace("%%", "%"))
    letters = sum(character.isalpha() for literal in literals for character in literal)
    strict, loose = (re.compile(pattern.replace(ANY, place)) for place in (ONE_SENTENCE, "."))
    longest = max(literals, key=len).replace("%%", "%")
    return _Template(strict, loose, says, longest, letters, sum(map(len, literals)))
