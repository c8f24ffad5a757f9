"""Every formula's example in the documentation is true, and every module of formulas has one."""

import doctest
import importlib
from pathlib import Path

import pytest

import milkrun.engine

ROOT = Path(milkrun.engine.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in ROOT.rglob("*.py")
    if ">>>" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_engine_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"milkrun.engine.{name}"))

    assert (result.failed, result.attempted > 0) == (0, True)
