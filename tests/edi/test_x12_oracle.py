"""pyx12 as a second opinion: the same segments, the same verdict on envelopes, and no fault found in what we write."""

import io
from pathlib import Path

import pytest
from pyx12.x12file import X12Reader

from milkrun.edi import read, write_answer
from milkrun.edi.x12_syntax import X12Tokens
from tests.edi.documents import ENVELOPE, SAMPLES

PATHS = sorted(SAMPLES.glob("*.x12"))
SCHEDULE = (SAMPLES / "x12_862_two_deliveries.x12").read_text("ascii")


def faults(text: str) -> list[tuple[str, str]]:
    """What pyx12 finds wrong with the envelopes: the level and the code of its acknowledgement."""
    reader = X12Reader(io.StringIO(text))
    found = []
    for _ in reader:
        found += reader.pop_errors()
    reader.cleanup()
    return [(level, code) for level, code, *_ in [*found, *reader.pop_errors()]]


@pytest.mark.parametrize("sample", PATHS, ids=lambda path: path.name)
def test_pyx12_sees_the_same_segments(sample: Path) -> None:
    theirs = [
        segment.format("~", "*", ">").rstrip("~").split("*") for segment in X12Reader(io.StringIO(sample.read_text()))
    ]

    ours = [[">".join(parts) for parts in segment.elements] for segment in X12Tokens(sample.read_bytes())]

    assert [row for row in ours if row[0] != "ISA"] == [row for row in theirs if row[0] != "ISA"]


@pytest.mark.parametrize(
    ("change", "fault", "answer"),
    [
        (("", ""), [], "AK9*A*1*1*1"),
        (("SE*15", "SE*14"), [("st", "4")], "AK5*R*4"),
        (("SE*15*0001", "SE*15*0002"), [("st", "3")], "AK5*R*3"),
        (("GE*1*123", "GE*2*123"), [("gs", "5")], "AK9*R*2*1*0*5"),
        (("GE*1*123", "GE*1*9"), [("gs", "4")], "AK9*R*1*1*0*4"),
        (("IEA*1*", "IEA*2*"), [("isa", "021")], "*R*021"),
        (("IEA*1*000000123", "IEA*1*000000124"), [("isa", "001")], "*R*001"),
        (("IEA*1*000000123~\n", ""), [("isa", "023")], "*R*023"),
    ],
)
def test_pyx12_gives_the_same_code_to_a_faulty_envelope(change, fault: list[tuple[str, str]], answer: str) -> None:
    text = SCHEDULE.replace(*change) if change[0] else SCHEDULE

    written = write_answer(read(text.encode()).interchanges[0], ENVELOPE).decode()

    assert faults(text) == fault
    assert f"{answer}~" in written
    assert faults(written) == []
