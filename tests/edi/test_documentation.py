"""Every finding code has its paragraph, and the page names no code that does not exist."""

import re
from pathlib import Path

from milkrun.edi.findings import SYNTAX_CODES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "edi.md"


def test_every_finding_code_is_explained() -> None:
    explained = re.findall(r"^#### `(\w+)`$\n(.+)", PAGE.read_text("utf-8"), re.MULTILINE)

    assert sorted(code for code, _ in explained) == sorted(SYNTAX_CODES)
    assert all(len(sentence) > 20 for _, sentence in explained)
