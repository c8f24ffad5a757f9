"""What is committed says nothing about the machine it was made on, and the locks fit each other."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOT, texts

# Put together here, so that this file does not contain what it forbids.
FORBIDDEN = [
    re.compile(pattern)
    for pattern in (
        r"(^|[\s\"'(=:])/" + r"(work|home|root|Users|opt|mnt)/\w",
        r"\bfile:" + r"//",
        r"(pypi\." + r"org|pythonhosted\." + r"org|registry\.npm" + r"js|registry\.yarn" + r"pkg)",
    )
]
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)
MOST_DIRECT_DEPENDENCIES = 30


def offences(text: str) -> list[str]:
    """Return every place of a text that names a machine's path or a package registry."""
    return [found.group(0) for pattern in FORBIDDEN for found in pattern.finditer(text)]


def pins(lock: str) -> set[tuple[str, str]]:
    """Return name and version of everything a lock file pins."""
    return set(PINNED.findall((ROOT / "locks" / lock).read_text()))


def test_no_committed_file_names_a_machine_or_a_registry() -> None:
    found = {path: offences(text) for path, text in texts() if offences(text)}

    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "open('/" + "home/anna/x')",
        "--find-links file:" + "///srv/wheels",
        "https://pypi." + "org/simple",
        '"resolved": "https://registry.npm' + 'js.org/a"',
    ],
)
def test_a_path_or_a_registry_is_noticed(text: str) -> None:
    assert offences(text)


def test_every_pinned_package_has_a_hash() -> None:
    for lock in (ROOT / "locks").glob("*.txt"):
        entries = re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE)[1:]

        assert entries
        assert not [entry for entry in entries if "--hash=sha256:" not in entry], lock.name


def test_the_developers_lock_contains_the_server_s_with_the_same_versions() -> None:
    assert pins("server.txt") <= pins("dev.txt")


def test_the_browser_packages_are_checked_by_hash_and_name_no_source() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    fetched = [package for path, package in packages.items() if path]

    assert all("integrity" in package and "resolved" not in package for package in fetched)


def test_the_server_has_few_direct_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    direct = project["dependencies"] + project["optional-dependencies"]["server"]

    assert len(direct) <= MOST_DIRECT_DEPENDENCIES


def test_the_largest_committed_file_is_no_third_party_asset() -> None:
    folders = {Path(path).parts[0] for path, _ in texts()}

    assert not {"node_modules", "vendor", "var", ".venv"} & folders
