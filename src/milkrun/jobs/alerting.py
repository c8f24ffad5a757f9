"""The task that looks at every rule every few seconds and lets alerts open and close."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from milkrun.insight.commands.add_standard_rules import add_standard_rules
from milkrun.insight.commands.note_arrivals import note_arrivals
from milkrun.insight.commands.record_stockouts import record_stockouts
from milkrun.insight.commands.settle_rule import settle_rule
from milkrun.insight.queries import lacking_standard_rules, rules_to_settle, stockouts_differ, unheard
from milkrun.kernel import journal
from milkrun.kernel.identity import Actor

LOG = logging.getLogger("milkrun.worker")
WORKER = Actor("worker", "worker")
# Clocks run on where nothing happens: without anything new the rules are looked at as rarely as this.
QUIET = timedelta(seconds=15)


class Alerting:
    """Settles the rules whenever something happened, and now and then where nothing did."""

    def __init__(self) -> None:
        self._seen = -1
        self._looked: datetime | None = None

    def __call__(self, at: datetime) -> Mapping[str, Any]:
        """Look, where there is a reason to."""
        newest = journal.latest()
        if newest == self._seen and self._looked is not None and timedelta(0) <= at - self._looked < QUIET:
            return {}
        found = settle_rules(at)
        self._seen, self._looked = newest, at
        return found


def settle_rules(at: datetime) -> dict[str, Any]:
    """Settle every rule whose alerts are not as they should be; one that cannot be looked at stops no other."""
    if lacking_standard_rules():
        add_standard_rules(actor=WORKER, at=at)
    if unheard(at):
        note_arrivals(at=at)
    due, failing = rules_to_settle(at)
    for title, problem in failing:
        LOG.error("alert rule failed", extra={"rule": title, "error": problem})
    for rule_id in due:
        settle_rule(rule_id=rule_id, actor=WORKER, at=at)
    if stockouts_differ(at):
        record_stockouts(actor=WORKER, at=at)
    return {"settled": len(due), "failing": [title for title, _ in failing]}
