"""The import contracts hold, and each of them breaks when it should."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import APPS, DOORS, PURE, ROOT

CONTRACTS = ROOT / ".importlinter"
# contract, file, line planted at the end of the file
BREAKS = [
    ("stack", "parts/queries.py", "import milkrun.billing"),
    ("stack", "surprise/__init__.py", ""),
    ("pure", "edi/diagnostics.py", "import django"),
    ("doors", "cli/planted.py", "import milkrun.stock.models"),
    ("commands", "stock/commands/planted.py", "import milkrun.stock.commands.planted_too"),
    ("below-commands", "stock/steps.py", "import milkrun.stock.commands.planted"),
    ("cycles", "kernel/errors.py", "import milkrun.kernel.machine"),
]


def lint(folder: Path, contract: str = "") -> subprocess.CompletedProcess[str]:
    """Judge the package that lies in a folder."""
    only = ["--contract", contract] if contract else []
    command = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache", "--config", CONTRACTS, *only]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder)})


def test_the_contracts_are_kept() -> None:
    judged = lint(ROOT / "src")

    assert judged.returncode == 0, judged.stdout


@pytest.mark.parametrize(("contract", "file", "line"), BREAKS)
def test_a_contract_breaks_on_a_planted_import(contract: str, file: str, line: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src/milkrun", tmp_path / "milkrun", ignore=shutil.ignore_patterns("static", "templates"))
    for name in ("planted", "planted_too"):
        (tmp_path / f"milkrun/stock/commands/{name}.py").touch()
    planted = tmp_path / "milkrun" / file
    planted.parent.mkdir(exist_ok=True)
    with planted.open("a") as open_file:
        open_file.write(f"\n{line}\n")

    judged = lint(tmp_path, contract)

    assert judged.returncode == 1, judged.stdout + judged.stderr
    assert "BROKEN" in judged.stdout


@pytest.mark.parametrize(("contract", "folders"), [("pure", PURE), ("doors", DOORS)])
def test_a_contract_names_every_folder_it_is_meant_for(contract: str, folders: set[str]) -> None:
    parser = configparser.ConfigParser()
    parser.read(CONTRACTS)

    named = set(parser[f"importlinter:contract:{contract}"]["source_modules"].split())
    present = {f"milkrun.{name}" for name in folders if (ROOT / "src/milkrun" / name / "__init__.py").exists()}

    assert named == present, f"in .importlinter, source_modules of the contract {contract} must list {sorted(present)}"


def test_the_rules_know_every_folder() -> None:
    known = APPS | DOORS | PURE | {"kernel", "config"}

    present = {path.parent.name for path in (ROOT / "src/milkrun").glob("*/__init__.py")}

    assert present <= known
