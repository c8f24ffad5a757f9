"""Note on messages what came of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from milkrun.exchange.models import Interchange, Message
from milkrun.exchange.states import INTERCHANGE_MOVES, MESSAGE_MOVES
from milkrun.kernel import bulk, journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import lock, lock_one
from milkrun.kernel.machine import move


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one message: its new state, the rows it made and what to tell about it."""

    message_id: int
    state: str
    created: tuple[dict[str, Any], ...]
    findings: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomesRecorded:
    """How many messages were noted."""

    messages: int


@command
def record_outcomes(
    *, interchange_id: int, outcomes: Sequence[Outcome], actor: Actor, at: datetime
) -> OutcomesRecorded:
    """Set the state of messages and mark their interchange as processed."""
    interchange = lock_one(Interchange.objects.filter(pk=interchange_id), noun="interchange")
    rows = {row.pk: row for row in lock(Message.objects.filter(interchange_id=interchange_id))}

    # Two processes may have worked on the same messages; what the first one noted stands.
    fresh = [outcome for outcome in outcomes if rows[outcome.message_id].state in ("waiting", "failed")]
    for outcome in fresh:
        row = rows[outcome.message_id]
        row.outcome = list(outcome.created)
        row.findings = row.findings + list(outcome.findings)
        if outcome.findings and row.verdict == "accepted":
            row.verdict = "accepted_with_errors"
    noted = [rows[outcome.message_id] for outcome in fresh]
    bulk.update(
        "exchange_message",
        {"outcome": "jsonb", "findings": "jsonb", "verdict": "text"},
        [(row.pk, json.dumps(row.outcome), json.dumps(row.findings), row.verdict) for row in noted],
    )
    for state, step in (("taken", "take"), ("failed", "fail"), ("ignored", "ignore")):
        group = [rows[o.message_id] for o in fresh if o.state == state]
        if group:
            move(group, MESSAGE_MOVES, step, noun="Message")
    flawed = interchange.verdict == "accepted" and any(row.verdict != "accepted" for row in rows.values())
    verdict = "accepted_with_errors" if flawed else interchange.verdict
    move([interchange], INTERCHANGE_MOVES, "process", noun="Interchange", verdict=verdict)

    journal.write(
        [
            journal.Entry(
                "record_outcomes",
                "interchange",
                interchange_id,
                after="processed",
                facts={state: sum(o.state == state for o in outcomes) for state in ("taken", "failed", "ignored")},
            )
        ],
        actor=actor,
        at=at,
    )
    return OutcomesRecorded(len(outcomes))
