"""The tokenizer: separators, released characters, noise between segments, limits, and pydifact as a second opinion."""

import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydifact.parser import Parser

from milkrun.edi import read
from milkrun.edi.syntax import Separators, Tokens, render
from tests.edi.documents import SAMPLES

TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
ELEMENTS = st.lists(st.lists(TEXT, min_size=1, max_size=4), min_size=1, max_size=6)
SEGMENTS = st.lists(ELEMENTS, min_size=1, max_size=6)
SEPARATORS = [Separators(), Separators("!", "^", ".", "\\", "~"), Separators("\x1f", "\x1d", ".", "?", "\x1c")]


def tokens(data: bytes) -> list[list[list[str]]]:
    return [segment.elements for segment in Tokens(data)]


def una(separators: Separators) -> str:
    s = separators
    return f"UNA{s.component}{s.element}{s.decimal}{s.release or ' '} {s.terminator}"


def trimmed(elements: list[list[str]]) -> list[list[str]]:
    """What a writer may leave out: empty components and elements at the end."""
    rows = [list(element) for element in elements]
    for row in rows:
        while len(row) > 1 and not row[-1]:
            row.pop()
    while len(rows) > 1 and rows[-1] == [""]:
        rows.pop()
    return rows


@given(rows=SEGMENTS, separators=st.sampled_from(SEPARATORS))
def test_any_text_comes_back_from_its_own_rendering(rows: list[list[list[str]]], separators: Separators) -> None:
    segments = [[["TAG"], *row] for row in rows]
    written = una(separators) + "".join(render(segment, separators) for segment in segments)

    assert tokens(written.encode()) == [trimmed(segment) for segment in segments]


@given(rows=SEGMENTS, step=st.integers(1, 7))
def test_the_size_of_a_reading_step_changes_nothing(rows: list[list[list[str]]], step: int) -> None:
    written = "".join(render([["TAG"], *row], Separators()) for row in rows).encode()
    whole = tokens(written)

    in_steps = [segment.elements for segment in Tokens(written, step=step)]

    assert in_steps == whole


def test_a_terminator_in_a_text_stays_in_its_element() -> None:
    hostile = "'UNT+1+1'UNH+2+DELJIT:D:04A:UN'"
    written = render([["FTX"], ["AAI"], [""], [""], [hostile]], Separators()).encode()

    assert tokens(written) == [[["FTX"], ["AAI"], [""], [""], [hostile]]]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("A+B?+C'", [["A"], ["B+C"]]),
        ("A+??'", [["A"], ["?"]]),
        ("A+B??+C'", [["A"], ["B?"], ["C"]]),
        ("A+B???'C'", [["A"], ["B?'C"]]),
        ("A+7?/8'", [["A"], ["7/8"]]),
        ("A+B?:C:D'", [["A"], ["B:C", "D"]]),
    ],
)
def test_a_released_character_is_data(raw: str, expected: list[list[str]]) -> None:
    assert tokens(raw.encode()) == [expected]


def test_line_breaks_and_blanks_between_segments_are_noise() -> None:
    assert tokens(b"\r\n A+1'\r\n\t  B+2'\n\n C'\x1a") == [[["A"], ["1"]], [["B"], ["2"]], [["C"]]]


def test_a_second_interchange_may_bring_its_own_separators() -> None:
    first = (SAMPLES / "deljit_summarized.edi").read_text()
    other = first.translate(str.maketrans("+:'", "^!~")).replace("124", "125")

    reading = read((first + " " * 40 + other).encode())

    assert [i.verdict for i in reading.interchanges] == ["accepted", "accepted"]
    assert [i.control for i in reading.interchanges] == ["00000000000124", "00000000000125"]


def test_a_comma_is_the_decimal_mark_where_the_una_says_so() -> None:
    data = (SAMPLES / "deljit_summarized.edi").read_bytes().replace(b"UNA:+.", b"UNA:+,").replace(b":48:", b":48,5:")

    assert read(data).verdict == "accepted"


@pytest.mark.parametrize("advice", [b"UNA++.? '", b"UNA:+x? '", b"UNA:+.\x07 '"])
def test_separators_that_cannot_separate_are_reported(advice: bytes) -> None:
    reading = read(advice + b"UNB+UNOC:3+A+B+261121:1948+1'UNZ+0+1'")

    assert reading.verdict == "rejected"
    assert [finding.code for finding in reading.findings] == ["bad_separators"]


def test_a_file_without_una_is_read_with_the_usual_separators() -> None:
    data = (SAMPLES / "deljit_summarized.edi").read_bytes().removeprefix(b"UNA:+.? '\n")

    assert read(data).verdict == "accepted"


ENDLESS = {
    "segment_too_long": b"UNB+UNOC:3+A+B+261121:1948+1'FTX+" + b"x" * 70_000 + b"'",
    "empty_segment": b"UNB+UNOC:3+A+B+261121:1948+1" + b"'" * 2_000,
    "bad_separators": b"UNB+UNOC:3+A+B+261121:1948+1'" + b"UNA:+.? '" * 10_001,
    "too_many_elements": b"UNB+UNOC:3+A+B+261121:1948+1'UNH+1+DELJIT:D:04A:UN'BGM"
    + b"+" * 1_000
    + b"'UNT+3+1'UNZ+1+1'",
}


@pytest.mark.parametrize("code", ENDLESS)
def test_an_endless_part_ends_the_reading_with_a_finding(code: str) -> None:
    reading = read(ENDLESS[code])

    found = [f for i in reading.interchanges for f in (*i.findings, *(f for m in i.messages for f in m.findings))]
    assert reading.verdict == "rejected"
    assert code in [finding.code for finding in found if finding.severity == "error"]


def test_a_file_above_the_limit_is_not_read_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("milkrun.edi.reading.MAX_INTERCHANGE", 10)

    reading = read(b"UNB+UNOC:3+A+B'")

    assert [finding.code for finding in reading.findings] == ["too_large"]


def test_more_messages_than_sensible_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    message = b"UNH+1+DELJIT:D:04A:UN'UNT+2+1'"
    monkeypatch.setattr("milkrun.edi.envelope.MAX_MESSAGES", 50)

    reading = read(b"UNB+UNOC:3+A+B+261121:1948+1'" + message * 200 + b"UNZ+200+1'")

    [interchange] = reading.interchanges
    assert "too_large" in [finding.code for finding in interchange.findings]
    assert len(interchange.messages) <= 51


def pydifact_tokens(text: str) -> list[list[list[str]]]:
    rows = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that it has no tables of this directory
        parsed = list(Parser().parse(text))
    for segment in parsed:
        if segment.tag != "UNA":
            elements = [[e] if isinstance(e, str) else list(e) for e in segment.elements]
            rows.append([[segment.tag], *elements])
    return rows


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.edi")), ids=lambda path: path.name)
def test_pydifact_sees_the_same_segments(sample: Path) -> None:
    data = sample.read_bytes()

    ours = []
    stream = Tokens(data)
    stream.codec = "latin-1"
    for segment in stream:
        ours.append(segment.elements)

    assert ours == pydifact_tokens(data.decode("latin-1"))
