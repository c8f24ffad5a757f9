"""One balance that everybody wants: 16 clients at once; deadlocks and lost updates are counted."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.measure import Contender, Goal, Row
from benchmarks.plant import Plant
from benchmarks.rows import posting

CLIENTS = 16


def rows(plant: Plant, quick: bool) -> Iterator[Row]:
    """Prepare the row."""
    posting._prepare(plant)
    each = 5 if quick else 40
    remarks: list[str] = []
    contenders = [
        Contender("Milkrun", "milkrun", lambda: 0),
        Contender("locked SQL function", "limit", lambda: 0),
        Contender("plain ORM", "peer", lambda: 0),
    ]
    for contender, act, runs in zip(
        contenders, (posting.milkrun, posting.raw, posting.orm), (each, each, max(each // 4, 2)), strict=True
    ):
        contender.work = _crowd(plant, act, runs, contender, remarks)
    yield Row(
        "hot",
        f"one balance, {CLIENTS} clients",
        "posting",
        contenders,
        [Goal("locked SQL function", 2, 10)],
        remarks,
    )


def _crowd(plant: Plant, act: Any, each: int, contender: Contender, remarks: list[str]) -> Callable[[], int]:
    from django.db import OperationalError, connections

    from milkrun.stock.models import Balance

    part, source, target = plant.parts[0], plant.places["A"], plant.places["B"]
    totals = {"deadlocks": 0, "lost": 0, "done": 0}

    def on_hand() -> int:
        return int(Balance.objects.get(site_id=plant.site_id, part_id=part, location_id=target, hu=None).on_hand)

    def client(gate: threading.Barrier, failed: list[str], times: list[float]) -> None:
        try:
            connections["default"].ensure_connection()
            gate.wait()
            for _ in range(each):
                began = time.perf_counter()
                try:
                    act(plant, [(part, source, target)])
                except OperationalError as problem:
                    failed.append(str(problem))
                times.append(time.perf_counter() - began)
        finally:
            connections.close_all()

    def work() -> int:
        before = on_hand()
        gate, failed, times = threading.Barrier(CLIENTS), [], []
        crowd = [threading.Thread(target=client, args=(gate, failed, times)) for _ in range(CLIENTS)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        contender.latencies += times
        done = CLIENTS * each - len(failed)
        totals["deadlocks"] += len(failed)
        totals["lost"] += done - (on_hand() - before)
        totals["done"] += done
        said = f"{contender.name}: {totals['deadlocks']} deadlocks, {totals['lost']} lost updates"
        remarks[:] = [line for line in remarks if not line.startswith(f"{contender.name}:")] + [said]
        return done

    return work
