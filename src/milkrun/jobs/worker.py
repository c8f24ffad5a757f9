"""The worker process: which tasks there are and how often they look, and how the process is asked to end."""

import logging
from collections.abc import Iterable
from pathlib import Path

from milkrun.jobs.alerting import Alerting
from milkrun.jobs.analyses import Analyses
from milkrun.jobs.checking import NAME, verify_when_due
from milkrun.jobs.clockwork import Clockwork, Task
from milkrun.jobs.endings import Signals
from milkrun.jobs.linking import Drop, Webhooks, forget_what_is_old
from milkrun.jobs.mailroom import Inbox, LeftBehind, Mail, Outbox
from milkrun.jobs.papers import prepare_invoices
from milkrun.jobs.printing import print_labels
from milkrun.jobs.stepping import Stepping

LOG = logging.getLogger("milkrun.worker")


def tasks(home: Path) -> list[Task]:
    """List the tasks with their pauses in seconds."""
    return [
        Task("inbox", 1, Inbox(home)),
        Task("outbox", 1, Outbox(home)),
        Task("mail", 2, Mail()),
        Task("printing", 0.5, print_labels),
        Task("papers", 5, prepare_invoices),
        Task("left_behind", 10, LeftBehind()),
        Task("alerts", 2, Alerting()),
        Task(NAME, 60, verify_when_due),
        Task("automatic_steps", 2, Stepping()),
        Task("webhooks", 1, Webhooks()),
        Task("drop", 2, Drop(home)),
        Task("looking", 0.5, Analyses(home, "look")),
        Task("analyses", 0.5, Analyses(home, "run")),
        Task("forget", 600, forget_what_is_old),
    ]


def work(home: Path, todo: Iterable[Task] | None = None) -> None:
    """Work until SIGTERM or SIGINT, then finish what is at hand and return."""
    clockwork = Clockwork(list(tasks(home) if todo is None else todo))
    signals = Signals()
    LOG.info("worker starts", extra={"tasks": ",".join(task.name for task in clockwork.tasks)})
    clockwork.run(signals.ended)
    LOG.info("worker ends")
