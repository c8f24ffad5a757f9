"""The figures of `/metrics`: requests counted by each web process, and what the database knows at the moment of asking.

`milkrun serve` gives the web processes a folder to count in (`PROMETHEUS_MULTIPROC_DIR`), so that the sum over all of
them is told whichever of them answers.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from milkrun.exchange.queries import backlog
from milkrun.kernel.tasks import HEARTBEAT, reports

REQUESTS = Counter("milkrun_http_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "milkrun_http_request_seconds", "Time to answer", ["route"], buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10)
)


class _Installation(Collector):
    """What the tables say: files waiting, messages waiting, tasks, invariants."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def collect(self) -> Iterator[Metric]:
        """Give one family after the other."""
        waiting = backlog()
        yield _by("milkrun_outbox_messages", "Files to partners that are not done", "state", waiting.outbox,
                  ("queued", "held", "rejected"))  # fmt: skip
        yield _one(
            "milkrun_outbox_oldest_seconds", "Age of the oldest unsent file", self._age(waiting.oldest_queued_at)
        )
        yield _by("milkrun_inbound_messages", "Messages from partners without effect yet", "state", waiting.messages,
                  ("waiting", "failed"))  # fmt: skip
        yield _one(
            "milkrun_inbound_oldest_seconds", "Age of the oldest waiting message", self._age(waiting.oldest_waiting_at)
        )
        yield from self._tasks()

    def _tasks(self) -> Iterator[Metric]:
        known = reports()
        if HEARTBEAT in known:
            age = self._age(known[HEARTBEAT].seen_at)
            yield _one("milkrun_worker_heartbeat_age_seconds", "Since the worker was last seen", age)
        failing = {name: int(one.failing) for name, one in known.items() if name != HEARTBEAT}
        yield _by("milkrun_task_failing", "Whether the last try of a task failed", "task", failing, ())
        verified = known["verify"].result if "verify" in known else {}
        if "verified_at" in verified:
            age = self._age(datetime.fromisoformat(verified["verified_at"]))
            yield _one("milkrun_verify_violations", "Violated invariants, as last verified", verified["violations"])
            yield _one("milkrun_verify_age_seconds", "Since the database was last verified", age)

    def _age(self, then: datetime | None) -> float:
        return max((self._at - then).total_seconds(), 0.0) if then else 0.0


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _by(name: str, text: str, label: str, values: Mapping[str, int], always: tuple[str, ...]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key in sorted({*values, *always}):
        family.add_metric([key], values.get(key, 0))
    return family


def exposition(at: datetime) -> bytes:
    """Write all figures in Prometheus' text format."""
    told = CollectorRegistry()
    told.register(_Installation(at))
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(told) + generate_latest(REGISTRY)
    MultiProcessCollector(told)  # type: ignore[no-untyped-call]
    return generate_latest(told)
