"""Runs `milkrun` as a user does: a process of its own, on the database of the test."""

import json
import os
import subprocess
import sys
from typing import Any

from tests.conftest import ROOT


def milkrun(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a verb and wait for its end; settings are those of the test, over them the ones given here."""
    return subprocess.run(
        [sys.executable, "-m", "milkrun.cli.main", *arguments],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def spoken(run: subprocess.CompletedProcess[str]) -> Any:
    """Return the one JSON document that a run printed."""
    return json.loads(run.stdout)
