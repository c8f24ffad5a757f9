"""Programs that come from the operating system: find them, install them where that is allowed, else say what to do.

Set-up and tests need a few things no Python package brings: `venv` on Debian, a PostgreSQL server, a Chromium.
As root on a Debian-like system they are installed with apt-get; anywhere else the reader gets one sentence with
the package's name. Only the standard library is used, because this runs before anything is installed.
"""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POSTGRES_FOLDERS = "/usr/lib/postgresql/*/bin"


class Missing(Exception):
    """A program is missing and could not be installed; the text is the sentence for the reader."""


def find_chromium() -> str | None:
    """Return the path of the system's Chromium, or None."""
    paths = (shutil.which(name) for name in CHROMIUM_NAMES)
    return next((path for path in paths if path), None)


def find_postgres() -> str | None:
    """Return the folder that holds `initdb` and `pg_ctl` (the newest version where there are several), or None."""
    by_version = sorted(glob.glob(POSTGRES_FOLDERS), key=lambda path: int(path.split("/")[-2]), reverse=True)
    on_path = shutil.which("initdb")
    folders = ([os.path.dirname(os.path.realpath(on_path))] if on_path else []) + by_version
    return next((folder for folder in folders if os.path.exists(os.path.join(folder, "pg_ctl"))), None)


def ensure(package: str, find: Callable[[], Found | None], purpose: str) -> Found:
    """Return what `find` finds, after installing `package` where it is missing and this user may.

    Args:
        package: name of the Debian package.
        find: function without arguments that returns the program's place, or None.
        purpose: what it is needed for, ends the sentence "... is needed for".

    Raises:
        Missing: with one sentence that names the package.
    """
    found = find()
    if found:
        return found
    advice = (
        f"{package} is needed for {purpose} and was not found: install it (apt-get install {package}), then repeat."
    )
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(advice)
    print(f"Installing {package} with apt-get, needed for {purpose} ...", file=sys.stderr)
    # The list of packages may be older than the archive, so it is always refreshed first.
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        if not _apt_get(command):
            raise Missing(f"`apt-get {' '.join(command)}` failed. {advice}")
    found = find()
    if not found:
        raise Missing(advice)
    return found


def _apt_get(arguments: list[str]) -> bool:
    """Run apt-get without questions; tell whether it worked."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(["apt-get", *arguments], stdout=subprocess.DEVNULL, env=environment).returncode == 0
