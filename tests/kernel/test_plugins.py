"""A plug-in that is installed by path adds to every point; one that does not load stops the start with a sentence."""

import json
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from milkrun.kernel.plugins import filled
from tests.cli.commandline import milkrun
from tests.world import build_world

MANUAL = Path(__file__).parent.parent.parent / "docs" / "how-to" / "extend.md"


def sample(folder: Path) -> Path:
    """Write the manual's plug-in to a file."""
    file = folder / "ours.py"
    file.write_text("\n".join(re.findall(r"```python\n(.*?)```", MANUAL.read_text(), re.DOTALL)))
    return file


def test_a_plug_in_fills_every_point(tmp_path: Path) -> None:
    points = filled([str(sample(tmp_path))])

    assert [metric.name for metric in points.metrics] == ["part_undescribed"]
    assert points.placeholders["part.short"][2]({"part.number": "SEAT-105A"}) == "05A"
    assert list(points.call_mappers) == ["OEM01"]
    assert list(points.exports["tsv"]([{"a": 1, "b": "x"}])) == ["a\tb\n", "1\tx\n"]


@pytest.mark.parametrize(
    ("text", "said"), [("x = 1", "has no function register"), ("import nothing_like_this", "does not load")]
)
def test_a_plug_in_that_does_not_load_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.py").write_text(text)

    with pytest.raises(ImproperlyConfigured, match=said):
        filled([str(tmp_path / "bad.py")])


PROGRAM = """
import django, json
django.setup()
from milkrun.insight.queries.metrics import BY_NAME
from milkrun.kernel.plugins import points
from milkrun.labels import SOURCES
from milkrun.printing.queries import unit_labels
print(json.dumps(["part_undescribed" in BY_NAME, "part.short" in SOURCES, list(points().call_mappers)]))
"""


def test_a_plug_in_installed_by_path_works_in_the_product(committed_db, tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    build_world()
    ours = str(sample(tmp_path))

    rows = milkrun("export", "items", "--format", "tsv", MILKRUN_PLUGINS=ours)
    none = milkrun("export", "items", "--format", "tsv")
    inside = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, "MILKRUN_PLUGINS": ours}, capture_output=True, text=True,
        timeout=120, check=True,
    )  # fmt: skip

    assert rows.stdout.startswith("part\tdescription\t"), rows.stderr
    assert (none.returncode, "unknown_format" in none.stderr) == (2, True)
    assert json.loads(inside.stdout) == [True, True, ["OEM01"]]
