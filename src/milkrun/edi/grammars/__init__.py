"""Message grammars as data: which segments a message may hold, in what order, how often, and how wide their elements.

A message file lists one segment per line: tag, least and most repetitions; deeper indented lines belong to the group
the line above opens. A segment file lists the elements of a segment left to right: components joined by ":", each a
format such as an35 or n2; "!" marks a mandatory component, "*" a mandatory element, "x5" repeats the element.

Source: the UN/EDIFACT directories named in the file names, and ISO 9735 for the service segments; ASC X12 for the files
whose names begin with x12, as published segment tables of 002040 to 005010 give them. Directories whose message has the
same segment table share a file.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

# (message type, directory) -> message file, segment file
_D04A = [f"D{year:02}{half}" for year in range(4, 11) for half in "AB"]
MESSAGES: dict[tuple[str, str], tuple[str, str]] = {
    **{("DELJIT", directory): ("deljit_d04a", "segments_d04a") for directory in _D04A},
    **{("DESADV", directory): ("desadv_d07a", "segments_d04a") for directory in ("D04A", "D05A", "D05B", "D06A")},
    ("DESADV", "D07A"): ("desadv_d07a", "segments_d04a"),
    ("DESADV", "D08A"): ("desadv_d07a", "segments_d04a"),
    ("INVOIC", "D06A"): ("invoic_d07a", "segments_d04a"),
    ("INVOIC", "D07A"): ("invoic_d07a", "segments_d04a"),
    ("INVOIC", "D96A"): ("invoic_d96a", "segments_d96a"),
    **{("CONTRL", directory): ("contrl", "segments_d04a") for directory in ("D3", "D4", "22", "41", "D96A")},
}
READ_TYPES = frozenset(message for message, _ in MESSAGES)
# X12 transaction set -> message file, segment file, functional group it belongs into
X12_SETS: dict[str, tuple[str, str, str]] = {
    "862": ("x12_862", "segments_x12", "SS"),
    "866": ("x12_866", "segments_x12", "SQ"),
    "997": ("x12_997", "segments_x12", "FA"),
}
X12_VERSIONS = re.compile(r"00[2-5][0-9]{3}", re.ASCII)  # how GS08 begins


@dataclass(eq=False, slots=True)
class Node:
    """One line of a message file. `order` is its place among its siblings.

    `steps` remembers, by tag, where the next segment belongs and which mandatory ones were passed over.
    """

    tag: str
    least: int
    most: int
    parent: "Node | None" = None
    order: int = 0
    children: list["Node"] = field(default_factory=list)
    depth: int = 0
    steps: dict[str, tuple["Node", tuple["Node", ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Component:
    """Format of one component: `numeric` or any characters, widest `width`, mandatory within its element or not."""

    numeric: bool
    width: int
    mandatory: bool


@dataclass(frozen=True, slots=True)
class Element:
    """Format of one element: its components, and whether the segment needs it."""

    components: tuple[Component, ...]
    mandatory: bool


@dataclass(frozen=True, slots=True)
class SegmentFormat:
    """Formats of the elements of a segment, the first element after the tag first.

    `quick` says the same in a form that answers "surely fits" fast: how many elements are needed, and per element how
    many components are needed and for each its width (0 for numbers, which always get the long look) and need.
    """

    elements: tuple[Element, ...]
    needed: int
    quick: tuple[tuple[int, tuple[tuple[int, bool], ...]], ...]


def _segment_format(elements: tuple[Element, ...]) -> SegmentFormat:
    needed = max((n for n, element in enumerate(elements, 1) if element.mandatory), default=0)
    quick = []
    for element in elements:
        parts = element.components
        at_least = max((n for n, part in enumerate(parts, 1) if part.mandatory), default=0)
        widths = tuple((0 if part.numeric else part.width, part.mandatory) for part in parts)
        if element.mandatory and not at_least:
            widths = ((widths[0][0], True), *widths[1:])
        quick.append((max(at_least, 1), widths))
    return SegmentFormat(elements, needed, tuple(quick))


_COMPONENT = re.compile(r"(!?)(an|a|n)(\d+)")


@cache
def message_grammar(name: str) -> Node:
    """Load a message file as a tree; the root stands for the message itself."""
    root = Node("", 1, 1, depth=-1)
    open_nodes = [root]
    for line in _lines(name):
        depth = (len(line) - len(line.lstrip())) // 2
        tag, least, most = line.split()
        parent = open_nodes[depth]
        node = Node(tag, int(least), int(most), parent, len(parent.children), depth=depth)
        parent.children.append(node)
        del open_nodes[depth + 1 :]
        open_nodes.append(node)
    return root


@cache
def segment_formats(name: str) -> dict[str, SegmentFormat]:
    """Load a segment file: tag -> format of the segment."""
    table: dict[str, SegmentFormat] = {}
    if name.startswith("segments_d") and name != "segments_d04a":
        table.update(segment_formats("segments_d04a"))
    for line in _lines(name):
        tag, *words = line.split()
        table[tag] = _segment_format(tuple(element for word in words for element in _elements(word)))
    return table


@cache
def tags_of(name: str) -> frozenset[str]:
    """Name every tag that a message may hold."""
    return frozenset(line.split()[0] for line in _lines(name))


def _elements(word: str) -> list[Element]:
    mandatory = word.startswith("*")
    word, _, times = word.lstrip("*").partition("x")
    components: list[Component] = []
    for part in word.split(":"):
        match = _COMPONENT.fullmatch(part)
        if not match:
            raise ValueError(f"format {part!r} is not understood")
        components.append(Component(match[2] == "n", int(match[3]), bool(match[1])))
    first = Element(tuple(components), mandatory)
    return [first, *[Element(first.components, False)] * (int(times or 1) - 1)]


def _lines(name: str) -> list[str]:
    text = (files(__name__) / f"{name}.txt").read_text("ascii")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
