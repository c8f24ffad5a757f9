"""Set-up says in one sentence what it cannot do."""

import subprocess
import sys
from pathlib import Path

import pytest

import setup
import system_packages

TOOL = Path(setup.__file__)


def test_a_program_that_cannot_be_installed_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(system_packages.Missing, match=r"^postgresql is needed for the tests .*apt-get install"):
        system_packages.ensure("postgresql", lambda: None, "the tests")


def test_an_unknown_kind_is_a_usage_error() -> None:
    done = subprocess.run([sys.executable, TOOL, "everything"], capture_output=True, text=True)

    assert (done.returncode, done.stderr.splitlines()) == (2, ["usage: python3 tools/setup.py server|dev"])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (b"a{b:c}\n/*# sourceMappingURL=kit.min.css.map */", b"a{b:c}\n"),
        (b"f();\n//# sourceMappingURL=kit.min.js.map", b"f();\n"),
        (b"f();\n", b"f();\n"),
    ],
)
def test_a_reference_to_a_map_that_is_not_copied_is_cut_off(text: bytes, kept: bytes) -> None:
    assert setup.SOURCE_MAP.sub(b"\n", text) == kept
