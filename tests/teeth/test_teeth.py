"""The suites bite: each planted bug is seen by the tests that are there for it."""

from pathlib import Path

import pytest

from tests.teeth.planted import BUGS, Bug, hunt, plant


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_bug_can_still_be_planted(bug: Bug) -> None:
    from tests.teeth.planted import ROOT

    for path, old, _ in bug.edits:
        assert old in (ROOT / path).read_text(encoding="utf-8"), f"{path} has changed, write the bug anew"


@pytest.mark.full
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_bug_is_seen(bug: Bug, tmp_path: Path) -> None:
    plant(bug, tmp_path)

    seen, said = hunt(bug, tmp_path)

    assert seen, f"{', '.join(bug.tests)} did not see it:\n{said}"
