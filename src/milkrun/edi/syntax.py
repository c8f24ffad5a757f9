"""From bytes to segments: the EDIFACT tokenizer, and the way back for one segment.

The bytes are cut as Latin-1, where one byte is one character: every separator is ASCII in all the character sets that
EDIFACT names, so cutting needs no charset. A segment that holds more than ASCII is decoded by the set its UNB declares
when it is taken, so a file with interchanges in different sets is read in one pass and memory stays at one message.

Source: ISO 9735 (syntax rules, versions 1 to 4): UNA, release character, levels A to Y.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

MAX_INTERCHANGE = 64 * 1024 * 1024  # bytes
MAX_SEGMENT = 64 * 1024  # characters
MAX_ELEMENTS = 500  # elements and components in one segment
MAX_EMPTY = 1000  # segments without any content
MAX_ADVICES = 10_000  # UNA in one file
NOISE = "\r\n\t "

# Syntax identifier (0001) -> Python codec. UNOX (code extension by escape sequences) is not read.
CODECS: dict[str, str] = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "latin-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOW": "utf-8",
    "UNOY": "utf-8",
}
# What a partner profile may name instead of the declared set. All keep ASCII where it is.
FALLBACKS = frozenset({*CODECS.values(), "cp1250", "cp1252", "cp437", "cp850", "iso8859-15"})
LEVEL_A = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-()/='+:?!\"%&*;<>")


@dataclass(frozen=True, slots=True)
class Separators:
    """The service characters of one interchange; `release` is "" when the UNA gives a blank."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    terminator: str = "'"

    def faults(self) -> str:
        """Say what makes these unusable, or nothing."""
        used = [c for c in (self.component, self.element, self.release, self.terminator) if c]
        if len(set(used)) < len(used):
            return "two of them are the same character"
        if any(c.isalnum() or c == " " or not (" " < c < "\x7f" or "\x1c" <= c <= "\x1f") for c in used):
            return "letters, digits, blanks and control characters cannot separate"
        return "" if self.decimal in ".," else "the decimal mark is neither a point nor a comma"


class Segment(NamedTuple):
    """One segment: `elements[0]` is its tag, `elements[n]` the components of element n. `flaws` are finding codes."""

    tag: str
    elements: list[list[str]]
    flaws: tuple[str, ...] = ()

    def get(self, element: int, component: int = 1) -> str:
        """Return one component, both counted from 1 as in the directories, or "" when it is not there."""
        elements = self.elements
        if element < len(elements) and component <= len(parts := elements[element]):
            return parts[component - 1]
        return ""

    def qualified(self, first: int) -> dict[str, str]:
        """Return the values of repeated elements by their qualifier (second component), from element `first` on."""
        return {(parts[1] if len(parts) > 1 else ""): parts[0] for parts in self.elements[first:]}


class Tokens:
    """Iterates over the segments of a file, one at a time.

    Attributes:
        step: how many characters are cut into segments at a time.
        separators: those in force at the segment last taken.
        codec: set by whoever reads the UNB; applies from the next segment on.
        rest: what stood after the last terminator; anything but "" means that the file was cut off.
        advised: a UNA was read and no segment since.
        offset: where the text behind the segment last taken begins.
        fault: "segment_too_long", "bad_separators", "truncated" or "empty_segment" when iteration had to stop early.
    """

    def __init__(self, data: bytes, *, step: int = 1 << 18) -> None:
        self.step = step
        self.text = data.decode("latin-1")
        self.separators = Separators()
        self.codec = "ascii"
        self.rest = ""
        self.fault = ""
        self.advised = False
        self.offset = 0
        self._jumped = False
        self._empty = 0
        self._advices = 0

    def __iter__(self) -> Iterator[Segment]:
        self._take_una()
        while not self.fault:
            for raw in self._raw():
                if _is_advice(raw):
                    self._take_una()
                    break
                self.advised = False
                yield self.segment(raw)
                if self._jumped:
                    self._jumped = False
                    break
            else:
                return

    def after_noise(self, offset: int) -> int:
        """Find where blanks and line breaks that may stand between segments end."""
        while self.text[offset : offset + 1] and self.text[offset] in NOISE:
            offset += 1
        return offset

    def jump(self, offset: int) -> None:
        """Go on at another place: what stands before it was read by other means."""
        self.offset = offset
        self._jumped = True

    def _take_una(self) -> None:
        """Read a service string advice standing at the offset, if there is one."""
        start = self.after_noise(self.offset)
        if not self.text.startswith("UNA", start):
            return
        if len(self.text) < start + 9:
            self.rest, self.fault = self.text[start:], "truncated"
            return
        component, element, decimal, release, _, terminator = list(self.text[start + 3 : start + 9])
        self.separators = Separators(component, element, decimal, release.strip(), terminator)
        self._advices += 1
        if self.separators.faults() or self._advices > MAX_ADVICES:
            self.fault = "bad_separators"
        self.offset = start + 9
        self.advised = True

    def _raw(self) -> Iterator[str]:
        """Yield the text of segment after segment. The offset stands behind it, but at a service string advice."""
        terminator, release = self.separators.terminator, self.separators.release
        position, carry = self.offset, ""
        step = min(self.step, 256)  # grows, so that a file of many short interchanges is not cut again and again
        while position < len(self.text):
            pieces = (carry + self.text[position : position + step]).split(terminator)
            position += step
            step = min(step * 2, self.step)
            held: list[str] = []
            carry = pieces.pop()
            for piece in pieces:
                if release and piece.endswith(release) and (len(piece) - len(piece.rstrip(release))) % 2:
                    held.append(piece)
                    continue
                if held:
                    piece = terminator.join([*held, piece])
                    held.clear()
                if len(piece) > MAX_SEGMENT:
                    self.fault = "segment_too_long"
                    return
                content = piece.lstrip(NOISE)
                if not content:
                    self._empty += 1
                    if self._empty > MAX_EMPTY:
                        self.fault = "empty_segment"
                        return
                if not _is_advice(content):
                    self.offset += len(piece) + 1
                yield content
            if held:
                carry = terminator.join([*held, carry])
            if _is_advice(carry.lstrip(NOISE)):  # its terminator may be another one from here on
                yield carry.lstrip(NOISE)
            if len(carry) > MAX_SEGMENT:
                self.fault = "segment_too_long"
                return
        self.rest = carry.strip(NOISE + "\x1a")

    def segment(self, raw: str) -> Segment:
        """Cut one segment, without its terminator and the noise before it, into elements and components."""
        flaws: tuple[str, ...] = ()
        # A UNB says itself what its characters mean: whoever reads it decodes it.
        if not raw.isascii() and self.codec != "latin-1" and not raw.startswith("UNB"):
            raw = raw.encode("latin-1").decode(self.codec, "surrogateescape")
        if not raw.isprintable():
            flaws = self.flaws(raw)
        separators = self.separators
        element, component = separators.element, separators.component
        if len(raw) > MAX_ELEMENTS and raw.count(element) + raw.count(component) > MAX_ELEMENTS:
            tag = raw[:3]
            return Segment(tag, [[tag]], (*flaws, "too_many_elements"))
        if separators.release and separators.release in raw:
            elements = _split_released(raw, separators)
        else:
            elements = [part.split(component) for part in raw.split(element)]
        return Segment(elements[0][0], elements, flaws)

    def flaws(self, raw: str) -> tuple[str, ...]:
        """Name what is wrong with the characters of a decoded segment, as finding codes."""
        own = {self.separators.component, self.separators.element, self.separators.release}
        odd = {c for c in raw if not c.isprintable()} - own
        flaws = []
        if any("\ud800" <= c <= "\udfff" for c in odd):
            flaws.append("undecodable")
        if any(c < " " or "\x7f" <= c <= "\x9f" for c in odd):
            flaws.append("control_character")
        return tuple(flaws)


def _is_advice(raw: str) -> bool:
    return raw.startswith("UNA") and len(raw) > 3 and not raw[3].isalnum()


def _split_released(raw: str, separators: Separators) -> list[list[str]]:
    """Split a segment that holds release characters.

    Released characters step aside to NUL, SOH, STX and ETX, which data may not hold, and come back after the split. A
    release character before any other character is dropped and that character kept.
    """
    release = separators.release
    marks = {
        "\x00": release,
        "\x01": separators.element,
        "\x02": separators.component,
        "\x03": separators.terminator,
    }
    for mark, character in marks.items():
        raw = raw.replace(release + character, mark)
    raw = raw.replace(release, "")
    table = {ord(mark): character for mark, character in marks.items()}
    return [
        [component.translate(table) for component in element.split(separators.component)]
        for element in raw.split(separators.element)
    ]


def escape(text: str, separators: Separators) -> str:
    """Put the release character before every service character of `text`."""
    release = separators.release
    text = text.replace(release, release * 2)
    for character in (separators.element, separators.component, separators.terminator):
        text = text.replace(character, release + character)
    return text


def render(elements: list[list[str]], separators: Separators) -> str:
    """Write one segment with its terminator, leaving out empty components and elements at the end."""
    texts = []
    for element in elements:
        parts = [escape(component, separators) for component in element]
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        texts.append(separators.component.join(parts))
    while texts and not texts[-1]:
        texts.pop()
    return separators.element.join(texts) + separators.terminator
