"""How soon a change shows on the wall: written by the API of a running server, seen by a browser that has it open."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rows.figures import ROOT, _until_answered

PORT = "8918"
GOAL = "<= 2 s"
SEEN = """text => new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`${text} was not seen within 30 s`)), 30000);
    const look = () => document.getElementById("loads").textContent.includes(text);
    if (look()) return done(Date.now() / 1000);
    new MutationObserver((_, watch) => { if (look()) { watch.disconnect(); done(Date.now() / 1000); } })
        .observe(document.getElementById("loads"), {childList: true, subtree: true});
})"""


def wall(quick: bool) -> list[tuple[str, str, str]]:
    """Write calls one after the other and take the time from before each request until the wall shows it."""
    home = tempfile.mkdtemp(prefix="milkrun-wall-")
    said = {**os.environ, "MILKRUN_HOME": home, "DATABASE_URL": f"sqlite:///{home}/wall.sqlite3"}
    milkrun = str(Path(sys.executable).parent / "milkrun")

    def run(*words: str) -> Any:
        done = subprocess.run([milkrun, *words, "--json"], env=said, cwd=ROOT, check=True, capture_output=True)
        return json.loads(done.stdout)

    made = run("init", "--demo")
    token = run("token", "create", "wall", "--scope", "*")["token"]
    server = subprocess.Popen(
        [milkrun, "serve", "--demo", "--port", PORT], env=said, cwd=ROOT, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _until_answered(f"http://127.0.0.1:{PORT}/healthz")
        times = _times(3 if quick else 20, made, token)
    finally:
        server.terminate()
        server.wait(timeout=30)
    return [
        ("a change shows on the wall, median", f"{median(times):.2f} s", GOAL),
        ("a change shows on the wall, slowest of " + str(len(times)), f"{max(times):.2f} s", GOAL),
    ]


def _times(count: int, made: Any, token: str) -> list[float]:
    sys.path[:0] = [str(ROOT / "tools")]
    from playwright.sync_api import sync_playwright

    import system_packages

    user = next(one for one in made["users"] if "material_planner" in one["roles"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_packages.find_chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(f"http://127.0.0.1:{PORT}/wall/")
        page.get_by_label("E-mail").fill(user["email"])
        page.get_by_label("Password").fill(user["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("#loads")
        times = []
        for number in range(count):
            began = time.time()
            _call(f"WALL{number}", number, token)
            times.append(page.evaluate(SEEN, f"WALL{number}") - began)
        browser.close()
    return times


def _call(number: str, age: int, token: str) -> None:
    """Have a call received that is older than all before, so that it stands first on the wall."""
    due = (datetime.now(UTC) - timedelta(hours=1 + age)).isoformat()
    line = {"line_no": 1, "customer_part_no": "5N0 881 105 A", "qty": "1", "order_no": "5500012345"}
    call = {
        "number": number, "kind": "summarized", "required_at": due, "ship_to": "21",
        "unloading_point": "TOR 7", "zone": "Europe/Berlin", "groups": [{"components": [line]}],
    }  # fmt: skip
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/api/v1/sites/MAIN/calls", json.dumps({"partner": "OEM01", "call": call}).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}", "Idempotency-Key": number},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=30) as reply:
        reply.read()
