"""The task that verifies the database once an hour, and keeps what it found for the status pages."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from milkrun.insight.queries import verify
from milkrun.kernel.tasks import reports

LOG = logging.getLogger("milkrun.worker")
NAME = "verify"
EVERY = timedelta(hours=1)


def verify_when_due(at: datetime) -> Mapping[str, Any]:
    """Verify where the last time, by whichever worker, is an hour ago; keep only the invariants that do not hold."""
    last = reports().get(NAME)
    verified_at = last.result.get("verified_at") if last else None
    if verified_at and timedelta(0) <= at - datetime.fromisoformat(verified_at) < EVERY:
        return {}
    report = verify()
    broken = [asdict(found) for found in report.invariants if found.violations]
    for found in broken:
        LOG.error("invariant broken", extra={"invariant": found["id"], "violations": found["violations"]})
    return {
        "verified_at": at.isoformat(),
        "ok": report.ok,
        "checked": len(report.invariants),
        "violations": sum(found["violations"] for found in broken),
        "broken": broken,
    }
