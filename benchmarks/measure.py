"""Run contenders interleaved and keep what each run took: wall time and processor time of client and server."""

import gc
import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

TICK = os.sysconf("SC_CLK_TCK")

Work = Callable[[], int]
"""Does one run and returns how many units it did."""


@dataclass(frozen=True)
class Goal:
    """What Milkrun's rate should be at least, as a multiple of another contender's."""

    against: str
    at_least: float
    stretch: float | None = None


@dataclass
class Contender:
    """Something measured: `work` is timed, `before` runs untimed ahead of each run."""

    name: str
    role: str  # milkrun, limit or peer
    work: Work
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    # Seconds of single units, where a run keeps them: for p50 and p99.
    latencies: list[float] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Run:
    """One run: units done, seconds on the clock, seconds of processor in client and server."""

    units: int
    wall: float
    client_cpu: float
    server_cpu: float


@dataclass
class Measured:
    """All runs of one contender."""

    name: str
    role: str
    runs: list[Run]
    latencies: list[float]
    note: str

    @property
    def rate(self) -> float:
        """Units a second, the median of the runs."""
        return median(run.units / run.wall for run in self.runs)

    @property
    def spread(self) -> float:
        """Slowest to fastest run, as a share of the median."""
        rates = [run.units / run.wall for run in self.runs]
        return (max(rates) - min(rates)) / median(rates)

    @property
    def cpu_us(self) -> float:
        """Microseconds of processor for a unit, client and server together, the median of the runs."""
        return median((run.client_cpu + run.server_cpu) / run.units for run in self.runs) * 1e6

    @property
    def server_us(self) -> float:
        """The server's share of `cpu_us`."""
        return median(run.server_cpu / run.units for run in self.runs) * 1e6

    def percentile(self, share: float) -> float | None:
        """Milliseconds that this share of the single units stayed within; None where they were not kept."""
        if not self.latencies:
            return None
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


@dataclass
class Row:
    """One line of goals: contenders for the same work, and what Milkrun should reach."""

    id: str
    title: str
    unit: str
    contenders: Sequence[Contender]
    goals: Sequence[Goal] = ()
    remarks: Sequence[str] = ()
    # Repeats fewer than asked for, where one run takes long.
    most_repeats: int = 99
    # A peer that runs in a process of its own: its processor time counts, too.
    pid: int | None = None


@dataclass
class Result:
    """A measured row."""

    row: Row
    measured: list[Measured]

    @property
    def milkrun(self) -> Measured:
        """The contender all goals are about: the first of that role."""
        return next(one for one in self.measured if one.role == "milkrun")

    def ratio(self, against: str) -> float:
        """How many times as fast as another contender, by the clock."""
        return self.milkrun.rate / self._named(against).rate

    def cpu_ratio(self, against: str) -> float:
        """How many times as much work as another contender for the same processor time."""
        return self._named(against).cpu_us / max(self.milkrun.cpu_us, 1e-9)

    def _named(self, name: str) -> Measured:
        return next(one for one in self.measured if one.name == name)


def measure(row: Row, repeats: int, server_pid: int | None) -> Result:
    """Run every contender of a row `repeats` times, in turns."""
    server_pid = server_pid or row.pid
    runs: dict[str, list[Run]] = {contender.name: [] for contender in row.contenders}
    for contender in row.contenders:
        contender.before()
        contender.work()  # once to warm caches and prepared statements
        contender.after()
        contender.latencies.clear()
    for _ in range(min(repeats, row.most_repeats)):
        for contender in row.contenders:
            contender.before()
            gc.collect()  # what preparing left behind is nobody's cost
            runs[contender.name].append(_run(contender.work, server_pid))
            contender.after()
    return Result(row, [Measured(c.name, c.role, runs[c.name], list(c.latencies), c.note) for c in row.contenders])


def _run(work: Work, server_pid: int | None) -> Run:
    server = _tree_cpu(server_pid)
    client, wall = _own_cpu(), time.perf_counter()
    units = work()
    wall, client = time.perf_counter() - wall, _own_cpu() - client
    return Run(units, wall, client, _tree_cpu(server_pid) - server)


def _own_cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _tree_cpu(pid: int | None) -> float:
    """Processor seconds of a server process, its living children and those that have ended."""
    if pid is None:
        return 0.0
    total = 0.0
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as stat:
                    fields = stat.read().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            # Behind the name: state, parent, ... user, system, children's user, children's system.
            if int(entry) == pid:
                total += sum(int(value) for value in fields[11:15])
            elif int(fields[1]) == pid:
                total += int(fields[11]) + int(fields[12])
    return total / TICK
