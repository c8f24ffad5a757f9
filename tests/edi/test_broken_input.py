"""Cut-off, mutated and random files: reading never raises and never accepts a message that was cut."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milkrun.edi import Reading, read
from tests.edi.documents import SAMPLES

ENDS = {".edi": b"'", ".x12": b"~", ".vda": b"1", ".json": b"}"}  # with what the last segment of a sample ends
PATHS = sorted([*SAMPLES.glob("*.edi"), *SAMPLES.glob("*.x12"), *SAMPLES.glob("*.vda"), SAMPLES / "json_calls.json"])


def findings_are_complete(reading: Reading) -> bool:
    """Every finding has a code, a sentence, and a rejected whole or message says why."""
    for interchange in reading.interchanges:
        if interchange.verdict == "rejected":
            errors = [f for f in interchange.findings if f.severity == "error"]
            assert errors or all(message.verdict == "rejected" for message in interchange.messages)
        for message in interchange.messages:
            assert (message.body is None) or message.verdict != "rejected"
            assert all(finding.code and finding.text.endswith(".") for finding in message.findings)
    return bool(reading.interchanges or reading.findings)


@pytest.mark.parametrize("sample", PATHS, ids=lambda path: path.name)
def test_a_file_cut_at_any_byte_yields_no_message(sample: Path) -> None:
    whole = sample.read_bytes()
    last = whole.rindex(ENDS[sample.suffix])

    for length in range(len(whole)):
        reading = read(whole[:length])

        assert findings_are_complete(reading)
        if length <= last:
            assert reading.verdict == "rejected", f"cut at {length}"
            assert not any(message.body for i in reading.interchanges for message in i.messages), f"cut at {length}"


def test_cutting_a_second_interchange_leaves_the_first_one_whole() -> None:
    first = (SAMPLES / "deljit_summarized.edi").read_bytes()
    second = (SAMPLES / "deljit_jis_two_vehicles.edi").read_bytes()

    for length in range(1, second.rindex(b"'") + 1):
        reading = read(first + second[:length])

        assert reading.verdict == "accepted_with_errors", f"cut at {length}"
        assert reading.interchanges[0].verdict == "accepted"
        assert all(interchange.verdict == "rejected" for interchange in reading.interchanges[1:])


MUTATIONS = [
    b"",
    b"~",
    b"*",
    b">",
    b"ISA*",
    b"IEA*1*1~",
    b"ST*862*1~",
    b"GS*SS*",
    b"\xc3",
    b"\r",
    b"'",
    b"+",
    b":",
    b"?",
    b"\x00",
    b"\xff",
    b"\n",
    b"UNA:+.? '",
    b"UNB+",
    b"UNZ+1+1'",
    b"9",
    b"-",
    b" ",
]


@pytest.mark.parametrize("sample", PATHS, ids=lambda path: path.name)
def test_no_mutation_makes_the_reader_raise(sample: Path) -> None:
    whole = sample.read_bytes()
    chance = random.Random(4711)

    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 3)] = chance.choice(MUTATIONS)

        assert findings_are_complete(read(bytes(data)))


@given(st.binary(max_size=400))
def test_random_bytes_yield_findings(data: bytes) -> None:
    assert findings_are_complete(read(data))


@given(st.binary(max_size=200))
def test_random_bytes_inside_an_envelope_yield_findings(data: bytes) -> None:
    framed = b"UNB+UNOC:3+A+B+261121:1948+1'UNH+1+DELJIT:D:04A:UN'" + data + b"'UNT+3+1'UNZ+1+1'"

    assert findings_are_complete(read(framed))


@pytest.mark.parametrize("data", [b"", b"  \r\n", b"\xef\xbb\xbf", b"\x00\x00"])
def test_an_empty_file_says_so(data: bytes) -> None:
    assert [finding.code for finding in read(data).findings] == ["empty_file"]


@pytest.mark.parametrize(
    ("data", "dialect", "code"),
    [
        (b"STX=ANA:1+5000000000000'", "tradacoms", "unsupported_syntax"),
        (b"51101" + b" " * 123, "vda", "unsupported_message"),
        (b"55102" + b" " * 123, "vda", "unsupported_version"),
        (b"GS*SS*A*B*20261121*1948*1*X*004010~", "x12", "missing_header"),
    ],
)
def test_what_is_not_read_is_recognised_and_refused(data: bytes, dialect: str, code: str) -> None:
    reading = read(data)

    assert (reading.dialect, reading.verdict) == (dialect, "rejected")
    assert code in [finding.code for finding in reading.interchanges[0].findings]


def test_something_else_is_named_unrecognised() -> None:
    assert [finding.code for finding in read(b"<?xml version='1.0'?>").findings] == ["unrecognised_syntax"]
