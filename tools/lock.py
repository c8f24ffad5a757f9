"""`make lock`: resolve pyproject.toml and package.json again and write the lock files.

The locks carry exact versions and hashes and never say where a package comes from: that is the business of the
machine that installs it.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMPILE = [".boot/bin/uv", "pip", "compile", "--quiet", "--upgrade", "--generate-hashes", "--universal"]
COMPILE += ["--python-version", "3.11", "--no-emit-index-url", "--no-emit-find-links"]
COMPILE += ["--custom-compile-command", "make lock"]
LOCKS = {
    "server": ["pyproject.toml", "--extra", "server", "--extra", "analysis", "--group", "build"],
    # A superset with the very same versions, so that one environment can serve both purposes.
    "dev": ["pyproject.toml", "--all-extras", "--group", "build", "--constraint", "locks/server.txt"],
    "boot": ["--group", "boot"],
    "node": ["--group", "node"],
}


def main() -> int:
    """Write all lock files."""
    for name, sources in LOCKS.items():
        subprocess.run([*COMPILE, *sources, "--output-file", f"locks/{name}.txt"], cwd=ROOT, check=True)
    npm = ["npm", "install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"]
    subprocess.run(npm, cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
