"""Figures that are no rates: how soon the command answers, how much a web worker takes."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent.parent


def figures() -> list[tuple[str, str, str]]:
    """Take each figure: its name, its value, its goal."""
    return [_help(), _web_worker()]


def _help() -> tuple[str, str, str]:
    command = [str(Path(sys.executable).parent / "milkrun"), "--help"]
    times = []
    for _ in range(7):
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
        times.append(time.perf_counter() - began)
    return "milkrun --help", f"{median(times):.2f} s", "<= 0.3 s"


def _web_worker() -> tuple[str, str, str]:
    """Start the web server on a fresh database and look at its largest process once it has served pages."""
    home = tempfile.mkdtemp(prefix="milkrun-figure-")
    said = {**os.environ, "MILKRUN_HOME": home, "DATABASE_URL": f"sqlite:///{home}/figure.sqlite3"}
    milkrun = str(Path(sys.executable).parent / "milkrun")
    subprocess.run([milkrun, "init"], env=said, cwd=ROOT, check=True, capture_output=True)
    port = "8917"
    server = subprocess.Popen(
        [milkrun, "serve", "--port", port], env=said, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _until_answered(f"http://127.0.0.1:{port}/")
        for _ in range(20):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).read()
        sizes = _resident([server.pid])
    finally:
        server.terminate()
        server.wait(timeout=30)
    return "largest process of milkrun serve, resident", f"{max(sizes) / 1024:.0f} MB", "< 250 MB"


def _until_answered(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).read()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} did not answer")


def _resident(roots: Sequence[int]) -> list[int]:
    """Kilobytes resident of processes and everything below them."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry))
    found, level = list(roots), list(roots)
    while level:
        level = [child for parent in level for child in parents.get(parent, [])]
        found += level
    sizes = []
    for pid in found:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                sizes.append(int(line.split()[1]))
    return sizes
