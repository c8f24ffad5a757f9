"""How the worker's background tasks do, kept where every process can read it.

Not a business record: a row a task, overwritten. The row "worker" is the worker's heartbeat.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from milkrun.kernel.models import TaskStatus

HEARTBEAT = "worker"


@dataclass(frozen=True, slots=True)
class TaskReport:
    """How a task does: when it last looked, succeeded and failed, its last error and what it found."""

    name: str
    seen_at: datetime
    done_at: datetime | None = None
    failed_at: datetime | None = None
    error: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def failing(self) -> bool:
        """Tell whether the last try failed."""
        return bool(self.error)


def report(reports: Sequence[TaskReport]) -> None:
    """Keep how tasks do, over what was kept of them before."""
    TaskStatus.objects.bulk_create(
        [
            TaskStatus(
                name=one.name,
                seen_at=one.seen_at,
                done_at=one.done_at,
                failed_at=one.failed_at,
                error=one.error[:400],
                result=dict(one.result),
            )
            for one in reports
        ],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["seen_at", "done_at", "failed_at", "error", "result"],
    )


def reports() -> dict[str, TaskReport]:
    """Read how every task does, by name."""
    return {
        row.name: TaskReport(row.name, row.seen_at, row.done_at, row.failed_at, row.error, row.result)
        for row in TaskStatus.objects.order_by("name")
    }
