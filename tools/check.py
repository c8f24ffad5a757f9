"""`make check`: everything that is judged in a minute or two, each step named, all of them run.

A step that fails does not hide the next one's findings; the last lines say which steps failed.
"""

import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
CODE = ["src", "tests", "tools"]
STEPS: dict[str, list[str | Path]] = {
    "format": [BIN / "ruff", "format", "--check", "--quiet", *CODE],
    "lint": [BIN / "ruff", "check", "--quiet", *CODE],
    "types": [BIN / "mypy", "--no-error-summary", "src", "tools"],
    "contracts": [BIN / "lint-imports", "--no-logo", "--no-cache"],
    "licences": [sys.executable, "tools/licences.py"],
    "fast tests": [BIN / "pytest", "-q", "-n", "2", "-m", "not committing and not browser and not slow"],
}


def main() -> int:
    """Run all steps; 0 when every one passed, else 1."""
    failed = []
    for name, command in STEPS.items():
        started = time.monotonic()
        code = subprocess.run([str(part) for part in command], check=False).returncode
        print(f"{'ok    ' if code == 0 else 'FAILED'} {name} ({time.monotonic() - started:.0f} s)", flush=True)
        if code:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
