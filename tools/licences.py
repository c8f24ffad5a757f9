"""Judge the licences of everything installed, and of the browser packages: nothing we may not pass on comes in.

What users receive must be permissive; the one exception is psycopg, which is LGPL and only imported. Tools that
stay with developers may also be under the MPL. A package whose metadata name no licence is a finding too.
"""

import importlib.metadata
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
SHIPPED_EXTRAS = ("server", "analysis", "cluster")
PERMISSIVE = re.compile(r"^(mit|0?bsd|apache|isc|psf|python software foundation|zlib|unlicense|cc0)", re.IGNORECASE)
MPL = re.compile(r"^(mpl|mozilla public license)", re.IGNORECASE)
# Imported as they are, replaceable by the user, never copied into the project.
LGPL_ALLOWED = {"psycopg", "psycopg-binary", "psycopg-pool"}


def main() -> int:
    """Print every package whose licence is not accepted; 0 when there is none."""
    findings = [
        f"{name}: {licence or 'no licence named'}"
        for name, licence, shipped in sorted([*_installed(), *_browser_packages()])
        if not accepted(name, licence, shipped)
    ]
    for finding in findings:
        print(f"licence not accepted: {finding}")
    return 1 if findings else 0


def accepted(name: str, licence: str, shipped: bool) -> bool:
    """Judge one licence text.

    Args:
        name: the package's canonical name.
        licence: an SPDX expression, or the name of a licence in words.
        shipped: whether users receive the package, or only developers.
    """
    if name in LGPL_ALLOWED and licence.startswith("LGPL"):
        return True
    choices = [choice.strip("() ").split(" AND ") for choice in licence.split(" OR ")]
    return any(all(_one_accepted(part.strip("() "), shipped) for part in parts) for parts in choices)


def _one_accepted(licence: str, shipped: bool) -> bool:
    return bool(PERMISSIVE.match(licence)) or (not shipped and bool(MPL.match(licence)))


def _installed() -> Iterator[tuple[str, str, bool]]:
    """Yield name, licence and whether users receive it, for every installed distribution."""
    shipped = _closure("milkrun", frozenset(SHIPPED_EXTRAS))
    for distribution in importlib.metadata.distributions():
        name = canonicalize_name(distribution.metadata["Name"])
        yield name, licence_of(distribution.metadata), name in shipped


def licence_of(metadata: importlib.metadata.PackageMetadata) -> str:
    """Return the licence a distribution names: the expression, else the classifiers, else the old free text."""
    expression = _field(metadata, "License-Expression")
    classifiers = [text for text in metadata.get_all("Classifier", []) if text.startswith("License :: OSI Approved ::")]
    named = " AND ".join(text.rpartition(" :: ")[2] for text in classifiers)
    return expression or named or _field(metadata, "License").partition("\n")[0].strip()


def _field(metadata: importlib.metadata.PackageMetadata, name: str) -> str:
    return str((metadata.get_all(name) or [""])[0])


def _browser_packages() -> Iterator[tuple[str, str, bool]]:
    """Yield the same for every package in package-lock.json."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for path, package in packages.items():
        if path:
            yield path.removeprefix("node_modules/"), package.get("license", ""), not package.get("dev")


def _closure(name: str, extras: frozenset[str]) -> set[str]:
    """Return the names of a distribution and of everything it requires here with these extras."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, extras)]
    while waiting:
        name, extras = current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += [
                (canonicalize_name(requirement.name), frozenset(requirement.extras))
                for requirement in _requirements(name)
                if any(not requirement.marker or requirement.marker.evaluate({"extra": e}) for e in extras | {""})
            ]
    return {name for name, _ in seen}


def _requirements(name: str) -> list[Requirement]:
    try:
        return [Requirement(line) for line in importlib.metadata.requires(name) or []]
    except importlib.metadata.PackageNotFoundError:
        return []


if __name__ == "__main__":
    sys.exit(main())
