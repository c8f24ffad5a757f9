"""Every EDI file of the shared data against a list of verdicts.

The list names, per file, the syntax, the verdict, the messages with theirs, and every finding code. It was taken down
from the reader and compared with the files: for EDIFACT and X12 the envelopes, references and (by a separate count)
segment counts; for other syntaxes, which are all refused as such, how the file begins. Of the EDIFACT files of other
projects none is acceptable: they are of messages that are not read here, and most have wrong counts or references too.
Of the X12 files the calls (862, 866) and the 997 are.
"""

import json
from pathlib import Path

import pytest

from milkrun.edi import Reading, read
from tests.conftest import SHARED_DATA

FOLDER = SHARED_DATA / "edi"
EXPECTED: dict[str, dict[str, object]] = json.loads((Path(__file__).parent / "edi_verdicts.json").read_text("utf-8"))
FILES = sorted(f"{file.parent.name}/{file.name}" for file in FOLDER.glob("*/*"))


def summary(reading: Reading) -> dict[str, object]:
    codes = {finding.code for finding in reading.findings}
    messages = []
    for interchange in reading.interchanges:
        codes |= {finding.code for finding in interchange.findings}
        for message in interchange.messages:
            codes |= {finding.code for finding in message.findings}
            messages.append([message.type, message.version, message.verdict])
    return {
        "dialect": reading.dialect,
        "verdict": reading.verdict,
        "messages": messages,
        "codes": sorted(codes),
    }


def test_the_list_names_every_file() -> None:
    assert sorted(EXPECTED) == FILES


@pytest.mark.parametrize("name", FILES)
def test_each_file_gets_its_verdict(name: str) -> None:
    assert summary(read((FOLDER / name).read_bytes())) == EXPECTED[name]


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("edifact/")])
def test_no_cut_of_a_file_is_accepted(name: str) -> None:
    whole = (FOLDER / name).read_bytes()
    last = whole.rindex(b"'") if b"UNA!" not in whole else whole.rindex(b"~")

    for length in range(last + 1):
        reading = read(whole[:length])

        assert reading.verdict == "rejected", f"cut at {length}"
        assert reading.findings or any(interchange.findings for interchange in reading.interchanges)


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("x12/")])
def test_no_cut_of_an_x12_file_is_accepted(name: str) -> None:
    whole = (FOLDER / name).read_bytes().rstrip()
    # A line break that ends segments may be missing behind the last one: the control number of IEA says that it is all.
    last = len(whole) - whole[-1:].isalnum()

    for length in range(0, last, 1 if EXPECTED[name]["verdict"] == "accepted" else 13):
        reading = read(whole[:length])

        assert reading.verdict == "rejected", f"cut at {length}"
        assert not any(message.body for interchange in reading.interchanges for message in interchange.messages)


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("tradacoms/")])
def test_a_foreign_file_stays_refused_however_short(name: str) -> None:
    whole = (FOLDER / name).read_bytes()

    for length in range(0, len(whole), 7):
        assert read(whole[:length]).verdict == "rejected"
