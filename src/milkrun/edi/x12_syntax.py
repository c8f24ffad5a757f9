"""From bytes to segments: the X12 tokenizer, and the way back for one segment.

X12 says its separators by place: the character behind "ISA" parts elements, the one behind the sixteenth of them parts
components, the next one ends segments. The header should have fixed widths, but a good part of what is sent has lost
its padding, so the sixteen separators are walked and no byte is counted. X12 has no release character: a separator can
not be text.

Source: ASC X12.5 (interchange control structures) for the ISA; X12.6 for the syntax.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from milkrun.edi.syntax import FALLBACKS, MAX_ELEMENTS, MAX_EMPTY, MAX_SEGMENT, NOISE, Segment

ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_LONGEST_HEADER = 400  # characters in which the sixteen elements of an ISA must be found
_BREAKS = str.maketrans("", "", "\r\n")


@dataclass(frozen=True, slots=True)
class X12Separators:
    """The service characters of one interchange, as its ISA gives them."""

    element: str = "*"
    component: str = ">"
    terminator: str = "~"

    def fault(self) -> bool:
        """Tell whether these cannot separate anything."""
        used = (self.element, self.component, self.terminator)
        odd = any(c.isalnum() or c == " " or not c.isascii() for c in used)
        return odd or len(set(used)) < len(used)


class X12Tokens:
    """Iterates over the segments of a file, one at a time.

    Attributes:
        separators: those in force at the segment last taken; None before any ISA.
        padded: the ISA last taken has its fixed widths.
        rest: what stood after the last terminator; anything but "" means that the file was cut off.
        wrapped: line breaks were left out of the inside of a segment.
        fault: "segment_too_long", "bad_separators", "truncated", "missing_header" or "empty_segment" when iteration had
            to stop early.
    """

    def __init__(self, data: bytes, charset: str | None = None) -> None:
        self.text = data.decode("latin-1")
        self.separators: X12Separators | None = None
        self.padded = True
        self.rest = ""
        self.wrapped = False
        self.fault = ""
        # X12 does not declare a character set; UTF-8 is taken where the bytes are that, and else what the partner says.
        self.codec = charset if charset in FALLBACKS else "utf-8"
        self._offset = 0
        self._empty = 0

    def __iter__(self) -> Iterator[Segment]:
        while not self.fault:
            start = self._after_noise()
            if self._is_over(start):
                return
            if self.text.startswith("ISA", start) and not self.text[start + 3 : start + 4].isalnum():
                header = self._header(start)
            elif self.separators is None:
                self.fault = "missing_header"
                return
            else:
                header = self._next(start, self.separators)
            if header is None:
                return
            yield header

    def _is_over(self, start: int) -> bool:
        """Tell whether nothing but what transports pad with is left."""
        return len(self.text) - start < 64 and not self.text[start:].strip(NOISE + "\x00\x1a")

    def _after_noise(self) -> int:
        offset = self._offset
        while self.text[offset : offset + 1] and self.text[offset] in NOISE:
            offset += 1
        return offset

    def _header(self, start: int) -> Segment | None:
        element = self.text[start + 3 : start + 4]
        pieces = self.text[start : start + _LONGEST_HEADER].split(element, 16) if element else []
        if len(pieces) < 17 or len(pieces[16]) < 2:
            whole = len(self.text) - start > _LONGEST_HEADER
            self.rest, self.fault = self.text[start:], "bad_separators" if whole else "truncated"
            return None
        component, terminator = pieces[16][0], pieces[16][1]
        # Lines of Windows end in two characters; the second one ends the segment, the first is noise.
        if terminator == "\r" and pieces[16][2:3] == "\n":
            terminator = "\n"
        separators = X12Separators(element, component, terminator)
        if separators.fault():
            self.rest, self.fault = self.text[start:], "bad_separators"
            return None
        self.separators = separators
        self.padded = tuple(map(len, pieces[1:16])) == ISA_WIDTHS[:15]
        self._offset = self.text.index(terminator, start + sum(map(len, pieces[:16])) + 17) + 1
        values = [piece.translate(_BREAKS).strip(" \t\xa0\xc2") for piece in pieces[1:16]]
        return Segment("ISA", [["ISA"], *[[value] for value in values], [component]], self._flaws("".join(values)))

    def _next(self, start: int, separators: X12Separators) -> Segment | None:
        end = self.text.find(separators.terminator, start)
        if end < 0:
            # An editor takes the last line break of a file away; the trailer's own number shows that nothing is lost.
            if separators.terminator not in "\r\n":
                self.rest, self.fault = self.text[start:], "truncated"
                return None
            end = len(self.text)
        self._offset = end + 1
        raw = self.text[start:end].rstrip("\r\n")
        if len(raw) > MAX_SEGMENT:
            self.fault = "segment_too_long"
            return None
        if not raw:
            self._empty += 1
            if self._empty > MAX_EMPTY:
                self.fault = "empty_segment"
                return None
        return self._segment(raw, separators)

    def _segment(self, raw: str, separators: X12Separators) -> Segment:
        if "\n" in raw or "\r" in raw:
            self.wrapped = True
            raw = raw.translate(_BREAKS)
        if not raw.isascii():
            raw = raw.encode("latin-1").decode(self.codec, "surrogateescape")
        flaws = () if raw.isprintable() else self._flaws(raw)
        element, component = separators.element, separators.component
        if len(raw) > MAX_ELEMENTS and raw.count(element) + raw.count(component) > MAX_ELEMENTS:
            return Segment(raw[:3], [[raw[:3]]], (*flaws, "too_many_elements"))
        elements = [part.split(component) for part in raw.split(element)]
        return Segment(elements[0][0], elements, flaws)

    def _flaws(self, text: str) -> tuple[str, ...]:
        own = {self.separators.element, self.separators.component} if self.separators else set()
        odd = {c for c in text if not c.isprintable()} - own
        flaws = []
        if any("\ud800" <= c <= "\udfff" for c in odd):
            flaws.append("undecodable")
        if any(c < " " or "\x7f" <= c <= "\x9f" for c in odd):
            flaws.append("control_character")
        return tuple(flaws)


def render_x12(elements: list[str], separators: X12Separators) -> str:
    """Write one segment with its terminator, leaving out empty elements at the end.

    Raises:
        ValueError: a text holds a separator, which X12 has no way to write.
    """
    texts = list(elements)
    while texts and not texts[-1]:
        texts.pop()
    for text in texts:
        if separators.element in text or separators.terminator in text or not text.isprintable():
            raise ValueError(f"{texts[0]}: {text[:35]!r} holds a separator or a control character")
    return separators.element.join(texts) + separators.terminator
