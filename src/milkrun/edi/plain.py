"""Reads messages in which nothing is unusual, several times faster than segment by segment.

Most messages are plain: every segment fits its format, all are in order, the trailer counts right, nothing is missing.
Such a message is cut in one go, each segment is looked up among those already checked, and one pattern says whether
their order is legal. Whatever this reader cannot call plain, it does not touch: the message is left to the segments,
where `milkrun.edi.envelope` and `milkrun.edi.check` find out what is wrong and say it. So nothing here ever makes a
finding, and a message read here is one the explaining reader would accept with the same content and no finding.

What is remembered is bounded, and each character is looked at here at most once, plain or not.
"""

import re
from collections.abc import Sequence
from typing import NoReturn
from zoneinfo import ZoneInfo

from milkrun.edi.check import check_elements, number_pattern
from milkrun.edi.deljit_plain import Fact, Plan, learn, read_plain_deljit
from milkrun.edi.envelope import MAX_MESSAGE_SEGMENTS, Envelopes, describe
from milkrun.edi.fields import Fields
from milkrun.edi.findings import Findings
from milkrun.edi.grammars import MESSAGES, segment_formats
from milkrun.edi.messages import Message
from milkrun.edi.segment_patterns import segment_pattern
from milkrun.edi.service_segments import check_identity
from milkrun.edi.shapes import shape_of
from milkrun.edi.syntax import LEVEL_A, NOISE, Segment, Separators, Tokens

BEFORE_MESSAGE = frozenset({"UNB", "UNG", "UNT"})  # a message may begin behind these
MAX_TEXT = 8 * 1024 * 1024  # characters of a message read here
MAX_REMEMBERED = 32_768  # segments
ONCE = frozenset({"BGM", "GIR"})  # they name one document, one vehicle: not worth remembering
MAX_WORDS = 4096  # orders of segments that are remembered as legal
MANY = 200  # segments after which it pays to make patterns of their formats
MAX_REMEMBERED_LENGTH = 120  # characters
_TABLES = MESSAGES["DELJIT", "D04A"]  # the messages read here; longer ones of the partner's rarely repeat a segment


class NotPlain(Exception):
    """The message at hand must be looked at segment by segment."""


class PlainMessages:
    """Takes plain messages from the tokens to the envelopes, as long as they come one after another."""

    def __init__(self, tokens: Tokens, envelopes: Envelopes, zone: ZoneInfo) -> None:
        self._tokens = tokens
        self._envelopes = envelopes
        self._zone = zone
        self._tried = 0  # text before this offset was looked at
        self._memory: _Memory | None = None

    def take(self) -> None:
        """Take plain messages from where the tokens stand; the first other one stays where it is."""
        tokens, envelopes = self._tokens, self._envelopes
        memory = self._current_memory()
        start = place = tokens.offset
        while envelopes.expects_message and not envelopes.is_full:
            start = tokens.after_noise(place)
            end = self._end_of_message(start)
            if end < 0:
                break
            message = memory.read(tokens.text[start:end])
            if message is None or envelopes.knows(message.reference):
                break
            envelopes.take_plain(message)
            place = end + 1
        if place > tokens.offset:
            tokens.jump(place)

    def _end_of_message(self, start: int) -> int:
        """Find the terminator of the UNT of a message not yet tried, or -1."""
        text, separators = self._tokens.text, self._tokens.separators
        if start < self._tried or not text.startswith("UNH" + separators.element, start):
            return -1
        trailer = text.find("UNT" + separators.element, start)
        end = text.find(separators.terminator, trailer) if trailer >= 0 else -1
        self._tried = end if end >= 0 else len(text)
        return end if end - start <= MAX_TEXT else -1

    def _current_memory(self) -> "_Memory":
        """Give what was learned, if it was under the same separators and characters as hold here."""
        tokens = self._tokens
        holds = (tokens.separators, tokens.codec, self._envelopes.asks_level_a)
        if self._memory is None or self._memory.holds != holds:
            self._memory = _Memory(tokens, self._envelopes.asks_level_a, self._zone)
        return self._memory


class _Memory(dict[str, Fact]):
    """Plain segments by their text, with what they say; `read` makes messages of them."""

    def __init__(self, tokens: Tokens, level_a: bool, zone: ZoneInfo) -> None:
        super().__init__()
        self.holds = (tokens.separators, tokens.codec, level_a)
        self._tokens = tokens
        self._separators: Separators = tokens.separators
        self._element, self._component = tokens.separators.element, tokens.separators.component
        self._level_a = level_a
        self._fields = Fields(Findings(), tokens.separators.decimal, zone)
        self._number = number_pattern(tokens.separators.decimal)
        self._shape = shape_of(_TABLES[0])
        self._formats = segment_formats(_TABLES[1])
        self._headers: dict[str, Message] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._plans: dict[str, Plan] = {}
        self._words: set[str] = set()
        self._learned = 0

    def read(self, text: str) -> Message | None:
        """Read a message from UNH to before the terminator of UNT, or return None where it is not plain."""
        try:
            return self._read(text)
        except NotPlain:
            return None

    def _read(self, text: str) -> Message:
        separators = self._separators
        if text.count(separators.terminator) >= MAX_MESSAGE_SEGMENTS:
            raise NotPlain
        pieces = text.split(separators.terminator)
        if separators.release and separators.release + separators.terminator in text:
            pieces = _rejoined(pieces, separators)
        reference, header = self._header(pieces[0])
        count, element = len(pieces), self._element
        if pieces[-1].lstrip(NOISE) != f"UNT{element}{count}{element}{reference}":
            raise NotPlain
        facts = list(map(self.__getitem__, pieces[1:-1]))
        word = "".join([fact[0] for fact in facts])
        if word not in self._words:
            self._learn_word(word)
        body = read_plain_deljit(facts, self._plans, self._fields)
        if self._fields.findings.items:
            self._refuse()
        return Message(
            header.type,
            header.version,
            header.association,
            reference,
            "accepted",
            (),
            body,
            count,
            header.agency,
            header.release,
        )

    def _header(self, piece: str) -> tuple[str, Message]:
        """Read reference and identity of the UNH."""
        element = self._element
        reference, _, identity = piece[4:].partition(element)
        if not (reference.isascii() and reference.isalnum() and len(reference) <= 14):
            raise NotPlain
        if self._level_a and not LEVEL_A.issuperset(reference):
            raise NotPlain
        header = self._headers.get(identity)
        if header is None:
            if len(identity) > MAX_REMEMBERED_LENGTH or len(self._headers) > 100:
                raise NotPlain
            header = self._headers[identity] = self._checked_header(f"UNH{element}1{element}{identity}")
        return reference, header

    def _checked_header(self, piece: str) -> Message:
        segment = self._checked(piece)
        check_identity(segment, 1, self._fields.findings)
        if self._fields.findings.items:
            self._refuse()
        header = describe([segment])
        if MESSAGES.get((header.type, header.version)) != _TABLES:
            raise NotPlain
        return header

    def _learn_word(self, word: str) -> None:
        """Let the pattern say whether an order of segments is legal."""
        if not self._shape.pattern.fullmatch(word):
            raise NotPlain
        if len(word) <= MAX_REMEMBERED_LENGTH and len(self._words) < MAX_WORDS:
            self._words.add(word)

    def __missing__(self, piece: str) -> Fact:
        content = piece.lstrip(NOISE)
        segment = self._matched(content) or self._checked(content)
        letter = self._shape.letters.get(segment.tag)
        if letter is None:
            raise NotPlain
        fact = learn(segment, letter, self._fields)
        if self._fields.findings.items:
            self._refuse()
        if segment.tag not in ONCE and len(piece) <= MAX_REMEMBERED_LENGTH:
            if len(self) >= MAX_REMEMBERED:
                self.clear()
            self[piece] = fact
        return fact

    def _matched(self, content: str) -> Segment | None:
        """Cut a segment that its pattern knows as faultless. Patterns are made when there is much to read."""
        tag = content[:3]
        pattern = self._patterns.get(tag)
        if pattern is None:
            self._learned += 1
            if self._learned < MANY or tag not in self._shape.letters:
                return None
            pattern = segment_pattern(_TABLES[1], tag, *self.holds)
            if pattern is None:
                return None
            self._patterns[tag] = pattern
        if not pattern.fullmatch(content):
            return None
        component = self._component
        return Segment(tag, [part.split(component) for part in content.split(self._element)])

    def _checked(self, piece: str) -> Segment:
        """Cut a segment and let the checker look at it."""
        segment = self._tokens.segment(piece)
        if segment.flaws or (self._level_a and not _is_level_a(segment)):
            raise NotPlain
        check_elements(segment, self._formats, self._number, 0, self._fields.findings)
        if self._fields.findings.items:
            self._refuse()
        return segment

    def _refuse(self) -> NoReturn:
        """Whatever was found, the explaining reader shall find it, with its place."""
        self._fields.findings.items.clear()
        self._fields.time_faulted = False
        raise NotPlain


def _is_level_a(segment: Segment) -> bool:
    return all(LEVEL_A.issuperset(part) for element in segment.elements for part in element)


def _rejoined(pieces: Sequence[str], separators: Separators) -> list[str]:
    """Put together again what was cut at a released terminator."""
    release, held, whole = separators.release, "", []
    for piece in pieces:
        held += piece
        if held.endswith(release) and (len(held) - len(held.rstrip(release))) % 2:
            held += separators.terminator
            continue
        whole.append(held)
        held = ""
    if held:
        raise NotPlain
    return whole
