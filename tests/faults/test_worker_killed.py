"""A worker killed twenty times while files flow in and out loses nothing and sends nothing in two versions."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

import pytest

from tests.gateway.files import two_vehicles
from tests.waiting import until
from tests.world import World, build_world

pytestmark = pytest.mark.slow
POINTS = [
    "milkrun.gateway.receive:store_interchange:before",
    "milkrun.gateway.receive:store_interchange:after",
    "milkrun.gateway.following:receive_jit_calls:before",
    "milkrun.gateway.following:receive_jit_calls:after",
    "milkrun.gateway.process:record_outcomes:after",
    "milkrun.gateway.inbox:take_in:after",
    "milkrun.gateway.send:claim_outbox:after",
    "milkrun.gateway.send:deliver:before",
    "milkrun.gateway.send:deliver:after",
    "milkrun.gateway.send:record_sent:after",
    "os:fsync:before",
]
RANDOM_KILLS = 10


class Seen:
    """Every version of every file that anybody could have seen in the partner's folder."""

    def __init__(self, folder: Path) -> None:
        self.versions: dict[str, set[str]] = {}
        self._folder, self._stop = folder, threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.002):
            self.look()

    def look(self) -> None:
        """Read what is there now, as a partner would: no names that begin with a dot."""
        for path in self._folder.glob("[!.]*"):
            self.versions.setdefault(path.name, set()).add(hashlib.sha256(path.read_bytes()).hexdigest())

    def end(self) -> None:
        """Look a last time."""
        self._stop.set()
        self._watcher.join()
        self.look()


class Nursery:
    """Starts workers; see tests/faults/nursery.py."""

    def __init__(self) -> None:
        command = [sys.executable, str(Path(__file__).with_name("nursery.py")), str(time.monotonic())]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._to, self._from = self._pipes()

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._process.stdin
        assert self._process.stdout
        return self._process.stdin, self._process.stdout

    def worker(self, point: str = "") -> int:
        """Start a worker that dies at a point, or lives until it is killed; returns its number."""
        self._to.write(point + "\n")
        self._to.flush()
        return int(self._from.readline())

    def ended(self, worker: int) -> int:
        """Wait for the worker's end; returns its exit code, negative for a signal.

        One that never comes to the point where it should die is ended, so that the test fails instead of hanging.
        """
        patience = threading.Timer(60, os.kill, (worker, signal.SIGTERM))
        patience.start()
        code = int(self._from.readline())
        patience.cancel()
        return code

    def close(self) -> None:
        """End the nursery."""
        self._to.close()
        self._process.wait(30)
        self._from.close()


def drop(inbox: Path, number: int) -> None:
    """Drop a file as partners do: written under another name, then renamed."""
    data = two_vehicles(
        ("CALL000123", f"KILL{number:06d}"), ("+0471'", f"+{2 * number + 1:04d}'"),
        ("+0472'", f"+{2 * number + 2:04d}'"), ("000471:XO", f"{2 * number + 1:06d}:XO"),
        ("000472:XO", f"{2 * number + 2:06d}:XO"), control=f"{number:014d}",
    )  # fmt: skip
    draft = inbox / f"{number}.tmp"
    draft.write_bytes(data)
    draft.rename(inbox / f"{number:03d}.edi")


def test_a_worker_killed_twenty_times_loses_nothing_and_sends_nothing_in_two_versions(
    committed_db, record_property
) -> None:
    from milkrun.demand.models import JitCall
    from milkrun.exchange.models import Interchange, Message, OutboxMessage
    from milkrun.insight.queries import verify
    from milkrun.shipping.commands.post_goods_issue import post_goods_issue

    world: World = build_world()
    home = Path(os.environ["MILKRUN_HOME"])
    inbox, outbox = home / "inbox" / "OEM01", home / "outbox" / "OEM01"
    for folder in (inbox, outbox):
        folder.mkdir(parents=True)
    rounds = [*POINTS, *[""] * RANDOM_KILLS]
    deliveries = [world.picked(*world.packed(world.summarized(f"DON{n}", qty="1"))) for n in range(len(rounds))]
    dice, seen, nursery, kills = random.Random(20), Seen(outbox), Nursery(), 0

    for number, (point, delivery) in enumerate(zip(rounds, deliveries, strict=True)):
        drop(inbox, number)
        post_goods_issue(delivery_id=delivery, actor=world.actor, at=world.later())
        worker = nursery.worker(point)
        if not point:
            moment = time.monotonic() + dice.uniform(0.0, 0.5)
            until(lambda moment=moment: time.monotonic() >= moment, "the moment to kill")
            os.kill(worker, signal.SIGKILL)
        assert nursery.ended(worker) == -signal.SIGKILL, point
        kills += 1
    last = nursery.worker()
    files = len(rounds)

    def all_is_done() -> bool:
        waiting = Message.objects.filter(state="waiting").exists() or any(inbox.iterdir())
        return not waiting and OutboxMessage.objects.filter(state="sent").count() == 2 * files

    try:
        until(all_is_done, "everything to be taken in and sent", seconds=60)
    finally:
        os.kill(last, signal.SIGKILL)
        nursery.ended(last)
        nursery.close()
        seen.end()

    rows = {row.file_name: bytes(row.payload) for row in OutboxMessage.objects.all()}
    assert kills >= 20
    assert seen.versions == {name: {hashlib.sha256(data).hexdigest()} for name, data in rows.items()}
    assert {name: (outbox / name).read_bytes() for name in rows} == rows
    assert Interchange.objects.filter(state="processed").count() == files == Interchange.objects.count()
    assert JitCall.objects.filter(external_no__startswith="KILL").count() == 2 * files
    kinds = OutboxMessage.objects.order_by().values_list("document_type", flat=True)
    assert (sorted(kinds), len(rows)) == (["CONTRL"] * files + ["DESADV"] * files, 2 * files)
    assert verify().ok
    record_property("workers killed", kills)
