"""Checks one message against its grammar: order, presence and repetition of segments, and the format of elements.

The grammar is a tree (`milkrun.edi.grammars`). A segment is looked for where the message stands: first inside the group
just opened, then behind it, then group by group outwards, as the syntax rules prescribe. A segment that fits nowhere is
reported and left out, and the check goes on from where it stood.
"""

import re
from collections.abc import Sequence

from milkrun.edi.findings import Findings
from milkrun.edi.grammars import Element, Node, SegmentFormat, message_grammar, segment_formats, tags_of
from milkrun.edi.syntax import Segment

_FLAWS: dict[str, str] = {
    "undecodable": "holds bytes outside the character set the UNB declares; send in the declared set or declare the "
    "right one",
    "control_character": "holds a control character or a line break inside its data (80 to 9F count, unless the "
    "partner's charset setting says Windows-1252); send it without",
    "too_many_elements": "holds more elements than any segment has; a terminator may be missing before it",
}
_UNDECLARED = "holds bytes that are not UTF-8; send UTF-8 or ASCII, or agree on another character set"
_Step = tuple[Node | None, tuple[Node, ...]]


def check_flaws(segment: Segment, position: int, findings: Findings, *, undeclared: bool = False) -> None:
    """Report what the tokenizer saw in the characters of a segment.

    Args:
        segment: the segment as cut.
        position: its place.
        findings: receives what is wrong.
        undeclared: the syntax does not declare a character set.
    """
    for flaw in segment.flaws:
        tag = printable(segment.tag)
        text = f"Segment {position} ({tag}) {_UNDECLARED if undeclared and flaw == 'undecodable' else _FLAWS[flaw]}."
        findings.add(flaw, tag, position, text)


def check_message(
    segments: Sequence[Segment], message_file: str, segment_file: str, decimal_mark: str, findings: Findings
) -> None:
    """Check a message from UNH to UNT.

    Args:
        segments: all segments of the message, UNH first.
        message_file: name of the message table.
        segment_file: name of the segment table.
        decimal_mark: "." or ",", from the UNA.
        findings: receives what is wrong.
    """
    formats = segment_formats(segment_file)
    known = tags_of(message_file)
    number = number_pattern(decimal_mark)
    node = message_grammar(message_file)
    counts = [0] * 12
    for position, segment in enumerate(segments, 1):
        tag = segment.tag
        target, missing = step(node, tag)
        if target is None:
            _misplaced(segment, position, known, findings)
        else:
            for absent in missing:
                _absent(absent, tag, position, findings)
            depth = target.depth
            repeated = target is node or _ancestor(node, depth) is target
            counts[depth] = counts[depth] + 1 if repeated else 1
            if counts[depth] == target.most + 1:
                _too_many(target, position, findings)
            node = target
        check_elements(segment, formats, number, position, findings)


def step(node: Node, tag: str) -> _Step:
    """Find where a segment belongs that follows the segment at `node`.

    Returns:
        Its place in the grammar, or None where it fits nowhere; and the mandatory segments passed over on the way.
    """
    known = node.steps.get(tag)
    if known is None:
        found, passed = _search(node, tag)
        if found is None:  # not remembered: hostile tags must not fill memory
            return None, ()
        known = node.steps[tag] = (found, passed)
    return known


def _search(node: Node, tag: str) -> _Step:
    passed: list[Node] = []
    owner, start = node, 0
    while True:
        for child in owner.children[start:]:
            if child.tag == tag:
                return child, tuple(passed)
            if child.least:
                passed.append(child)
        if owner.tag == tag and owner.most > 1:
            return owner, tuple(passed)
        if owner.parent is None:
            return None, ()
        owner, start = owner.parent, owner.order + 1


def _ancestor(node: Node, depth: int) -> Node | None:
    current: Node | None = node
    while current is not None and current.depth > depth:
        current = current.parent
    return current


def _misplaced(segment: Segment, position: int, known: frozenset[str], findings: Findings) -> None:
    tag = printable(segment.tag)
    if segment.tag in known:
        text = (
            f"Segment {position} ({tag}) may not stand here: move it to its place in the message, behind the segment "
            "that opens its group."
        )
        findings.add("segment_out_of_place", tag, position, text)
    else:
        text = (
            f"Segment {position} ({tag}) is not part of this message: leave it out or send the message it belongs to."
        )
        findings.add("unknown_segment", tag, position, text)


def _absent(absent: Node, tag: str, position: int, findings: Findings) -> None:
    where = f"before segment {position} ({printable(tag)})"
    findings.add("missing_segment", absent.tag, position, f"{absent.tag} is missing {where}: add it, it is mandatory.")


def _too_many(node: Node, position: int, findings: Findings) -> None:
    text = f"Segment {position} ({node.tag}) is repeated more than {node.most} times: send the rest in another message."
    findings.add("too_many_repeats", node.tag, position, text)


def _surely_fits(elements: list[list[str]], segment_format: SegmentFormat) -> bool:
    """Tell quickly that nothing is wrong with the elements; False only means that a longer look is needed."""
    quick = segment_format.quick
    if not segment_format.needed < len(elements) <= len(quick) + 1:
        return False
    for element, (needed, parts) in zip(elements[1:], quick, strict=False):
        if not needed <= len(element) <= len(parts):
            return False
        for value, (width, wanted) in zip(element, parts, strict=False):
            if len(value) > width or (wanted and not value):
                return False
    return True


def check_elements(
    segment: Segment, table: dict[str, SegmentFormat], number: re.Pattern[str], position: int, findings: Findings
) -> None:
    """Check the elements of one segment against its format; a segment without one is taken as it is.

    Args:
        segment: the segment as cut.
        table: formats by tag, from `segment_formats`.
        number: what a number looks like, from `number_pattern`.
        position: place of the segment in its message, UNH being 1.
        findings: receives what is wrong.
    """
    known, elements = table.get(segment.tag), segment.elements
    if known is None or _surely_fits(elements, known):
        return
    formats = known.elements
    if len(elements) - 1 > len(formats) and any(any(element) for element in elements[len(formats) + 1 :]):
        text = f"Segment {position} ({segment.tag}) has more than its {len(formats)} elements: remove the rest."
        findings.add("too_many_elements", segment.tag, position, text, element=str(len(formats) + 1))
    for index, element_format in enumerate(formats, 1):
        element = elements[index] if index < len(elements) else []
        if any(element):
            _check_element(segment.tag, element, element_format, position, index, number, findings)
        elif element_format.mandatory:
            text = f"Element {index} of segment {position} ({segment.tag}) is missing: it is mandatory."
            findings.add("missing_element", segment.tag, position, text, element=str(index))


def _check_element(
    tag: str,
    element: list[str],
    element_format: Element,
    position: int,
    index: int,
    number: re.Pattern[str],
    findings: Findings,
) -> None:
    formats = element_format.components
    if len(element) > len(formats) and any(element[len(formats) :]):
        text = (
            f"Element {index} of segment {position} ({tag}) has more than its {len(formats)} components: remove them."
        )
        findings.add("too_many_elements", tag, position, text, element=f"{index}:{len(formats) + 1}")
    for place, component in enumerate(formats):
        value = element[place] if place < len(element) else ""
        where = f"{index}:{place + 1}" if len(formats) > 1 else str(index)
        if not value:
            if component.mandatory:
                text = f"Element {where} of segment {position} ({tag}) is missing: it is mandatory."
                findings.add("missing_element", tag, position, text, element=where)
        elif component.numeric:
            _check_number(tag, value, component.width, position, where, number, findings)
        elif len(value) > component.width:
            text = (
                f"Element {where} of segment {position} ({tag}) is {len(value)} characters long: shorten "
                f"it to {component.width}."
            )
            findings.add("element_too_long", tag, position, text, element=where)


def _check_number(
    tag: str, value: str, width: int, position: int, element: str, number: re.Pattern[str], findings: Findings
) -> None:
    where = f"Element {element} of segment {position} ({tag})"
    if not number.fullmatch(value):
        text = f"{where} is not a number: send digits with the file's decimal mark and no separators."
        findings.add("not_a_number", tag, position, text, element=element)
    elif sum(c.isdigit() for c in value) > width:
        text = f"{where} has too many digits: shorten it to {width}."
        findings.add("element_too_long", tag, position, text, element=element)


def number_pattern(decimal_mark: str) -> re.Pattern[str]:
    """Compile what a number may look like: ASCII digits, a leading minus, one decimal mark."""
    return _NUMBERS[decimal_mark if decimal_mark in _NUMBERS else "."]


_NUMBERS = {
    mark: re.compile(rf"-?(?:[0-9]{{1,18}}(?:{re.escape(mark)}[0-9]{{1,9}})?|{re.escape(mark)}[0-9]{{1,9}})", re.ASCII)
    for mark in ".,"
}


def printable(text: str, width: int = 35) -> str:
    """Make text fit for a message to a person: nothing unprintable, not longer than `width`."""
    clean = "".join(c if c.isprintable() else "\ufffd" for c in text[:width])
    return clean + "..." if len(text) > width else clean
