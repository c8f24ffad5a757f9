"""How much a header looks like one of the words for a column."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import cache

from milkrun.engine.tables.fields import FIELDS

UNITS = re.compile(r"[(\[{].*?[)\]}]|\b(in|en)?\s*(eur|usd|gbp|chf|€|\$|£|kg|pcs|stk|st)\b\.?$", re.IGNORECASE)
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
EXACT, WITHIN, CLOSE = 1.0, 0.82, 0.7
LOOKS_ALIKE = 0.86


@cache
def plain(header: str) -> str:
    """Return a header as plain words: no case, accents, camel, units or punctuation.

    Example:
        >>> plain("InvoiceDate"), plain("Menge (Stk)"), plain("Quantité_vendue"), plain("UnitPrice EUR")
        ('invoice date', 'menge', 'quantite vendue', 'unit price')
    """
    text = re.sub(r" \(\d+\)$", "", header)
    text = UNITS.sub(" ", CAMEL.sub(" ", text)) if UNITS.sub("", text).strip() else CAMEL.sub(" ", text)
    text = text.casefold().replace("ß", "ss").replace("ł", "l")
    text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[a-z0-9]+", text))


@cache
def _known(field: str) -> tuple[tuple[str, int], ...]:
    return tuple(dict.fromkeys((plain(word), place) for place, word in enumerate(FIELDS[field].words)))


@cache
def likeness(header: str, field: str) -> float:
    """Return from 0 to 1 how much a header is a word for a column; the words first in its list count a trifle more."""
    text = plain(header)
    if not text:
        return 0.0
    words = set(text.split())
    best = 0.0
    for known, place in _known(field):
        best = max(best, _one(text, words, known) - min(place, 40) * 0.001)
    return best


def _one(text: str, words: set[str], known: str) -> float:
    if text == known or text.replace(" ", "") == known.replace(" ", ""):
        return EXACT
    parts = set(known.split())
    if parts < words:
        # "item number" within "your item number" says more than "item" within "item weight".
        return WITHIN * len(parts) / len(words) + 0.1 * (len(parts) > 1)
    # Of so different lengths no two words are alike enough; comparing them letter by letter is slow.
    if min(len(text), len(known)) > 4 and abs(len(text) - len(known)) < 3 and _alike(text, known):
        return CLOSE
    return 0.0


def _alike(text: str, known: str) -> bool:
    pair = SequenceMatcher(None, text, known)
    return pair.quick_ratio() >= LOOKS_ALIKE and pair.ratio() >= LOOKS_ALIKE
