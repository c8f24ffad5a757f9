"""The reference of the analysis names everything there is."""

import pytest

from milkrun.engine.analysis.exclusion import RULES
from milkrun.engine.analysis.rows import COLUMNS
from milkrun.engine.analysis.settings import MEANING
from milkrun.engine.tables.fields import FIELDS
from tests.conftest import ROOT


@pytest.mark.parametrize("names", [FIELDS, RULES, MEANING, COLUMNS], ids=["fields", "rules", "assumptions", "columns"])
def test_the_reference_names_everything(names: dict[str, object]) -> None:
    page = (ROOT / "docs" / "reference" / "analysis.md").read_text("utf-8")

    assert not [name for name in names if f"`{name}`" not in page]
