"""The whole suite in two lanes: everything on SQLite, then what uses the database again on a private PostgreSQL.

Arguments are handed to pytest in both lanes. Both always run, and the exit code is the first that is not 0.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import postgres
import system_packages

PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q"]
NOTHING_COLLECTED = 5


def main(arguments: Sequence[str]) -> int:
    """Run both lanes and return the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        system_packages.ensure("postgresql", system_packages.find_postgres, "the tests")
        system_packages.ensure("chromium", system_packages.find_chromium, "the browser tests")
        without_url = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        first = _lane("SQLite", arguments, without_url)
        with postgres.private_postgres() as url:
            second = _lane("PostgreSQL", ["--database-only", *arguments], {**os.environ, "DATABASE_URL": url})
    except (system_packages.Missing, postgres.NoServer) as missing:
        print(missing, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    for lane, code in (("SQLite", first), ("PostgreSQL", second)):
        if code:
            print(f"The {lane} lane failed (exit code {code}).", file=sys.stderr)
    return first or second


def _lane(name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run pytest once. A selection that leaves nothing for a lane is no failure."""
    print(f"--- {name}", flush=True)
    profile = {"HYPOTHESIS_PROFILE": "daily", **environment}
    code = subprocess.run([*PYTEST, *arguments], env=profile, check=False).returncode
    return 0 if code == NOTHING_COLLECTED and arguments else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
