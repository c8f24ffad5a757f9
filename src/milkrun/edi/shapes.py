"""The legal order of segments as a regular expression: a message whose tags match it is surely in order.

Each tag of a message becomes one letter and each message one word of letters; the grammar tree becomes a pattern of
such words. The pattern is at most as generous as `milkrun.edi.check`: a word that matches gets no finding about the
order there, while one that does not match may still be in order. Whoever asks must then let the checker decide.

The checker goes through a message without looking back. So that the pattern cannot find a reading the checker does not,
no segment may follow its own last repetition: every "up to n" ends with "and not one more".
"""

import re
from functools import cache
from typing import NamedTuple

from milkrun.edi.grammars import Node, message_grammar, tags_of

_LETTERS = [*map(chr, range(ord("A"), ord("Z") + 1)), *map(chr, range(0x100, 0x200))]
_ENDS = frozenset({"UNH", "UNT"})  # first and last of every message; not part of its word


class Shape(NamedTuple):
    """What the words of one message look like: `letters` by tag, and the `pattern` of the legal words."""

    letters: dict[str, str]
    pattern: re.Pattern[str]


@cache
def shape_of(message_file: str) -> Shape:
    """Turn a message table into letters and a pattern."""
    letters = dict(zip(sorted(tags_of(message_file) - _ENDS), _LETTERS, strict=False))
    nodes = [node for node in message_grammar(message_file).children if node.tag not in _ENDS]
    return Shape(letters, re.compile("".join(_pattern(node, letters) for node in nodes)))


def _pattern(node: Node, letters: dict[str, str]) -> str:
    letter = letters[node.tag]
    inside = "".join(_pattern(child, letters) for child in node.children)
    return f"(?:{letter}{inside}){{{node.least},{node.most}}}(?!{letter})"


@cache
def tags_within(message_file: str, *path: str, but: str = "") -> frozenset[str]:
    """Name the tags in the group that `path` leads to (no path: in the message), deeper groups included.

    Args:
        message_file: name of the message table.
        path: tags of the groups to go down through.
        but: tag of a group in it that is left out with all it holds.
    """
    node = message_grammar(message_file)
    for tag in path:
        node = next(child for child in node.children if child.tag == tag)
    return frozenset(tag for child in node.children if child.tag != but for tag in (child.tag, *_tags(child)))


def _tags(node: Node) -> list[str]:
    return [tag for child in node.children for tag in (child.tag, *_tags(child))]
