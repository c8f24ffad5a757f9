"""The quick reader of plain messages gives what reading segment by segment gives, whatever the file holds."""

import random
from dataclasses import FrozenInstanceError
from zoneinfo import ZoneInfo

import pytest

from milkrun.edi import DelJitLine, Message, Reading, read
from milkrun.edi.check import check_elements, check_message, number_pattern
from milkrun.edi.envelope import Envelopes
from milkrun.edi.findings import Findings
from milkrun.edi.grammars import Node, message_grammar, segment_formats, tags_of
from milkrun.edi.plain import PlainMessages
from milkrun.edi.positional import positional
from milkrun.edi.segment_patterns import segment_pattern
from milkrun.edi.shapes import shape_of
from milkrun.edi.syntax import LEVEL_A, Segment, Separators, Tokens
from tests.edi.calls import interchange, spoiled

GRAMMARS = ["contrl", "deljit_d04a", "desadv_d07a", "invoic_d07a", "invoic_d96a"]
ORDER = {"missing_segment", "segment_out_of_place", "unknown_segment", "too_many_repeats"}
CHARSETS = ["UNOA", "UNOB", "UNOC", "UNOE", "UNOW"]


def segment_by_segment(data: bytes, **options: str) -> Reading:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("milkrun.edi.reading.BEFORE_MESSAGE", frozenset())
        return read(data, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize(("many", "remembered"), [(0, 32_768), (0, 7), (10**9, 32_768)])
def test_spoiled_and_sound_files_read_as_they_do_segment_by_segment(
    monkeypatch: pytest.MonkeyPatch, seed: int, charset: str, many: int, remembered: int
) -> None:
    monkeypatch.setattr("milkrun.edi.plain.MANY", many)
    monkeypatch.setattr("milkrun.edi.plain.MAX_REMEMBERED", remembered)
    chance = random.Random(f"{seed} {charset}")

    for _ in range(40):
        text = interchange(chance, messages=chance.randint(1, 4), charset=charset)
        if chance.random() < 0.8:
            text = spoiled(chance, text)
        data = text.encode("latin-1")
        options = chance.choice([{}, {"count_errors": "accept"}, {"charset": "cp1252"}])

        assert read(data, **options) == segment_by_segment(data, **options), data  # type: ignore[arg-type]


def test_a_fault_of_one_message_is_forgotten_before_the_next() -> None:
    lines = ["UNB+UNOC:3+A+B+261121:1948+1"]
    for reference, date in enumerate(["DTM+2:20261122:102", "DTM+2:20269999:102", "FTX+AAI", "DTM+2:20261122:102"], 1):
        head = [f"UNH+{reference}+DELJIT:D:04A:UN", "BGM+242+C1+9", "DTM+137:20261121:102", "NAD+ST+21::92", "SEQ+1"]
        part = [
            "LIN+1++P:IN",
            *([date] if date[0] == "F" else []),
            "QTY+131:1:PCE",
            *([date] if date[0] == "D" else []),
        ]
        lines += [*head, *part, f"UNT+9+{reference}"]
    data = "".join(f"{line}'" for line in [*lines, "UNZ+4+1"]).encode()

    reading = read(data)

    assert reading == segment_by_segment(data)
    found = [[finding.code for finding in message.findings] for message in reading.interchanges[0].messages]
    assert found == [[], ["invalid_date"], ["missing_date"], []]


def test_most_sound_messages_are_read_the_quick_way() -> None:
    chance = random.Random(4711)
    quick = 0

    for _ in range(100):
        data = interchange(chance, messages=1).encode()
        [whole] = segment_by_segment(data).interchanges
        quick += bool(plain_messages(data))
        assert whole.verdict == "accepted" or not plain_messages(data)

    assert quick > 60


def plain_messages(data: bytes) -> list[Message]:
    tokens = Tokens(data)
    envelopes = Envelopes(tokens, "reject", None, lambda segments, findings, mark: pytest.fail("not plain"))
    envelopes.take(next(iter(tokens)))
    before = tokens.offset

    PlainMessages(tokens, envelopes, ZoneInfo("UTC")).take()

    return [] if tokens.offset == before else [Message("", "", "", "", "accepted", (), None, 0)]


@pytest.mark.parametrize("grammar", GRAMMARS)
def test_a_word_of_the_right_shape_gets_no_finding_about_its_order(grammar: str) -> None:
    chance = random.Random(grammar)
    shape = shape_of(grammar)
    tags = sorted(tags_of(grammar) - {"UNH", "UNT"})
    matched = 0

    for _ in range(1000):
        word = [tag for node in message_grammar(grammar).children[1:-1] for tag in walk(chance, node)]
        for _ in range(chance.choice([0, 1, 2])):
            at = chance.randrange(len(word) + 1)
            word[at : at + chance.randint(0, 1)] = chance.choice([[], [chance.choice(tags)], word[at - 1 : at]])
        if shape.pattern.fullmatch("".join(shape.letters[tag] for tag in word)):
            matched += 1
            findings = Findings()
            segments = [Segment(tag, [[tag]]) for tag in ["UNH", *word, "UNT"]]
            check_message(segments, grammar, "segments_d04a", ".", findings)
            assert not ORDER & {finding.code for finding in findings.items}, word

    assert matched > 30


def walk(chance: random.Random, node: Node) -> list[str]:
    """Go through a group as often as it may be repeated, leaning towards few, the limit and one above it."""
    few = min(node.most, chance.choice([0, 0, 0, 1, 1, 2]))
    times = max(node.least, node.most + chance.randint(0, 1) if node.most <= 5 and chance.random() < 0.1 else few)
    return [
        tag for _ in range(times) for tag in (node.tag, *(t for child in node.children for t in walk(chance, child)))
    ]


@pytest.mark.parametrize("level_a", [False, True])
@pytest.mark.parametrize("codec", ["latin-1", "utf-8"])
@pytest.mark.parametrize("separators", [Separators(), Separators("!", "^", ",", "", "~")])
def test_a_segment_that_matches_its_pattern_has_no_fault(separators: Separators, codec: str, level_a: bool) -> None:
    chance = random.Random(4711)
    formats = segment_formats("segments_d04a")
    number = number_pattern(separators.decimal)
    tokens = Tokens(b"")
    tokens.separators, tokens.codec = separators, codec
    pieces = ["", "", "1", "12", "AB", "Ab", "é", "?", "\x7f", "9" * 18, "X" * 36, "202611221015", "-1", "1.5", "\n"]
    matched = 0

    for _ in range(15_000):
        tag = chance.choice(sorted(formats))
        elements = [[chance.choice(pieces) for _ in range(chance.randint(1, 3))] for _ in range(chance.randint(0, 4))]
        text = separators.element.join([tag, *(separators.component.join(element) for element in elements)])
        pattern = segment_pattern("segments_d04a", tag, separators, codec, level_a)
        assert pattern is not None
        if pattern.fullmatch(text):
            matched += 1
            findings = Findings()
            segment = tokens.segment(text)
            check_elements(segment, formats, number, 1, findings)
            assert (segment.flaws, findings.items) == ((), []), text
            assert segment.elements == [[tag], *elements]
            assert not level_a or all(LEVEL_A.issuperset(part) for element in elements for part in element)

    assert matched > 250


def test_a_record_built_by_position_is_an_ordinary_one() -> None:
    values = (13, "1", "5N0 881 105 A", "02", "", None, "PCE", None, "SV", "TOR 7", "LF-12")

    line = positional(DelJitLine)(*values)

    assert line == DelJitLine(*values)  # type: ignore[arg-type]
    assert (hash(line), repr(line), type(line)) == (hash(DelJitLine(*values)), repr(DelJitLine(*values)), DelJitLine)  # type: ignore[arg-type]
    with pytest.raises(FrozenInstanceError):
        line.unit = "KGM"  # type: ignore[misc]
