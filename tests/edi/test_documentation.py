"""Every finding code has its paragraph, and the page names no code that does not exist."""

import re
from pathlib import Path

from milkrun.edi import read
from milkrun.edi.findings import SYNTAX_CODES
from milkrun.edi.vda import layout

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "edi.md"


def test_every_finding_code_is_explained() -> None:
    explained = re.findall(r"^#### `(\w+)`$\n(.+)", PAGE.read_text("utf-8"), re.MULTILINE)

    assert sorted(code for code, _ in explained) == sorted(SYNTAX_CODES)
    assert all(len(sentence) > 20 for _, sentence in explained)


def test_the_json_example_is_read_as_it_stands() -> None:
    (example,) = re.findall(r"^```json\n(.+?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)

    assert read(example.encode()).verdict == "accepted"


def test_the_places_of_fixed_records_are_those_of_the_layout() -> None:
    section = PAGE.read_text("utf-8").split("## Calls by fixed records")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    told = {place for row in rows for place in re.findall(r"\b(\d+)-(\d+)\b", row.split("|")[2])}

    known = {(str(first), str(last)) for fields in layout().values() for first, last in fields.values()}
    single = {(first, last) for first, last in known if first == last}
    assert known - single <= told
    assert told - known == {("1", "3"), ("4", "5")}
