"""The format of one segment as a regular expression over its text: what matches is surely right.

Where `milkrun.edi.check` goes through elements and components and says what is wrong, a pattern answers yes for the
whole segment at once, or "look closer". It is stricter than the checker: it takes no service character released, no
number but plain digits, and no character besides the printable ones of the character set.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from milkrun.edi.grammars import Element, segment_formats
from milkrun.edi.syntax import LEVEL_A, Separators

_MOST_DIGITS = 18


@lru_cache(maxsize=256)
def segment_pattern(
    segment_file: str, tag: str, separators: Separators, codec: str, level_a: bool
) -> re.Pattern[str] | None:
    """Turn the format of a segment into a pattern of its text without terminator; None where it has no format.

    Args:
        segment_file: name of the segment table.
        tag: which segment.
        separators: those in force.
        codec: codec of the text. Of others than Latin-1 only the ASCII part is taken as surely right.
        level_a: whether only the characters of UNOA are.
    """
    known = segment_formats(segment_file).get(tag)
    if known is None:
        return None
    free = _class(_characters(separators, codec, level_a))
    between = re.escape(separators.element)
    texts = [between + _element(element, free, re.escape(separators.component)) for element in known.elements]
    return re.compile(re.escape(tag) + _optional_from(known.needed, texts))


def _characters(separators: Separators, codec: str, level_a: bool) -> Iterable[str]:
    service = {separators.component, separators.element, separators.release, separators.terminator}
    for character in map(chr, range(0x20, 0x100 if codec == "latin-1" else 0x7F)):
        if character.isprintable() and character not in service and (character in LEVEL_A or not level_a):
            yield character


def _class(characters: Iterable[str]) -> str:
    return "[" + "".join(map(re.escape, characters)) + "]"


def _element(element: Element, free: str, between: str) -> str:
    needed = max((n for n, part in enumerate(element.components, 1) if part.mandatory), default=0)
    texts = []
    for place, part in enumerate(element.components):
        kind, most = ("[0-9]", min(part.width, _MOST_DIGITS)) if part.numeric else (free, part.width)
        wanted = part.mandatory or (element.mandatory and not needed and not place)
        texts.append((between if place else "") + f"{kind}{{{int(wanted)},{most}}}")
    filled = texts[0] + _optional_from(max(needed - 1, 0), texts[1:])
    return filled if element.mandatory else f"(?:{filled})?"


def _optional_from(needed: int, texts: list[str]) -> str:
    """Join texts so that those behind the first `needed` may be left out from the end."""
    inner = ""
    for text in reversed(texts[needed:]):
        inner = f"(?:{text}{inner})?"
    return "".join(texts[:needed]) + inner
