"""Turn stored messages into commands, one kind of message after the other."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

from milkrun import edi
from milkrun.demand.commands.receive_jit_calls import CallInput, CallOutcome, receive_jit_calls
from milkrun.demand.commands.request_cancel import request_cancel
from milkrun.demand.queries import calls_by_number
from milkrun.exchange.commands.record_answer import record_answer
from milkrun.exchange.commands.record_outcomes import Outcome, record_outcomes
from milkrun.exchange.queries import (
    WaitingMessage,
    agreement_of,
    content_of,
    count_rule,
    failed_message,
    waiting_messages,
)
from milkrun.gateway.mappers import Cancellation, Step, steps_of
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor
from milkrun.kernel.plugins import points
from milkrun.partners.queries import plant_zones

LINES_PER_TRANSACTION = 5_000
# What the customer's message is told to have done; a cancellation that came before is as good as a new one.
OUTCOMES = {"cancelled": "cancelled", "unchanged": "cancelled", "requested": "cancel requested"}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one message."""

    state: str
    created: tuple[dict[str, Any], ...]
    findings: tuple[edi.Finding, ...]


def take_over(
    messages: Sequence[tuple[int, edi.Message]],
    *,
    interchange_id: int,
    partner_code: str,
    actor: Actor,
    at: datetime,
) -> dict[int, Result]:
    """Give messages (id, message) their effect and note it on them; returns results by message id."""
    agreement = agreement_of(partner_code)
    zones = plant_zones(agreement.partner_id)
    results: dict[int, Result] = {}
    steps: list[Step] = []
    for message_id, message in messages:
        body = message.body
        if isinstance(body, edi.DelJit):
            mapped = points().call_mappers.get(partner_code, steps_of)(
                body,
                zones=zones,
                default_zone=agreement.site.zone,
                interchange_id=interchange_id,
                message_id=message_id,
            )
            steps += mapped.steps
            wrong = any(finding.severity == "error" for finding in mapped.findings)
            results[message_id] = Result("failed" if wrong or not mapped.steps else "taken", (), mapped.findings)
        elif isinstance(body, edi.Control):
            results[message_id] = _answer(body, agreement.partner_id, actor, at)
        else:
            results[message_id] = Result("ignored", (), (_not_used(message),))
    _follow(steps, results, agreement.site_id, agreement.partner_id, actor, at)
    record_outcomes(
        interchange_id=interchange_id,
        outcomes=[
            Outcome(key, result.state, result.created, tuple(asdict(f) for f in result.findings))
            for key, result in results.items()
        ],
        actor=actor,
        at=at,
    )
    return results


def take_over_left_behind(*, actor: Actor, at: datetime) -> int:
    """Take over messages that a process left behind when it died; returns how many."""
    return sum(take_over_again(waiting, actor=actor, at=at) for waiting in left_behind(at=at).values())


def left_behind(*, at: datetime) -> dict[int, list[WaitingMessage]]:
    """List, by interchange, the messages that wait longer than whoever stored them would let them."""
    by_interchange: dict[int, list[WaitingMessage]] = {}
    for row in waiting_messages(stored_before=at - timedelta(seconds=30)):
        by_interchange.setdefault(row.interchange_id, []).append(row)
    return by_interchange


def take_over_again(waiting: Sequence[WaitingMessage], *, actor: Actor, at: datetime) -> int:
    """Take over messages of one interchange from its stored bytes; returns how many."""
    first = waiting[0]
    agreement = agreement_of(first.partner_code)
    reading = edi.read(content_of(first.interchange_id), count_errors=count_rule(agreement))
    # A file may hold several interchanges; each was stored with the bytes of the whole file.
    found = next(i.messages for i in reading.interchanges if i.control[:35] == first.control)
    take_over(
        [(row.message_id, found[row.position - 1]) for row in waiting],
        interchange_id=first.interchange_id,
        partner_code=first.partner_code,
        actor=actor,
        at=at,
    )
    return len(waiting)


def try_again(message_id: int, *, actor: Actor, at: datetime) -> bool:
    """Take over a message that failed, now that its cause may be gone; tells whether it was taken over.

    Raises:
        NotFound: it was taken over in the meantime.
    """
    take_over_again([failed_message(message_id)], actor=actor, at=at)
    try:
        failed_message(message_id)
    except NotFound:
        return True
    return False


def give_up(waiting: Sequence[WaitingMessage], *, reason: str, actor: Actor, at: datetime) -> None:
    """Note on messages of one interchange that they cannot be taken over; people see them as failed, with the reason.

    Their bytes stay, and the customer may send the same file again once the cause is gone.
    """
    finding = asdict(edi.Finding("UNH", 0, "", "not_taken_over", "18", "error", reason[:400]))
    record_outcomes(
        interchange_id=waiting[0].interchange_id,
        outcomes=[Outcome(row.message_id, "failed", (), (finding,)) for row in waiting],
        actor=actor,
        at=at,
    )


def _follow(
    steps: Sequence[Step], results: dict[int, Result], site_id: int, partner_id: int, actor: Actor, at: datetime
) -> None:
    """Take steps in the order the customer wrote them: calls together, up to the next cancellation."""
    batch: list[CallInput] = []
    lines = 0
    for step in steps:
        if isinstance(step, Cancellation):
            _receive(batch, results, site_id, partner_id, actor, at)
            batch, lines = [], 0
            _cancel(step, results, site_id, partner_id, actor, at)
            continue
        batch.append(step)
        lines += sum(len(group.components) for group in step.groups)
        if lines >= LINES_PER_TRANSACTION:
            _receive(batch, results, site_id, partner_id, actor, at)
            batch, lines = [], 0
    _receive(batch, results, site_id, partner_id, actor, at)


def _receive(
    calls: Sequence[CallInput], results: dict[int, Result], site_id: int, partner_id: int, actor: Actor, at: datetime
) -> None:
    if not calls:
        return
    try:
        outcomes = _batch(calls, site_id, partner_id, actor, at)
    except (DataError, IntegrityError, ValueError):
        # One odd call must not stop the good ones: they go one at a time, and only the odd one is refused.
        outcomes = [_alone(call, site_id, partner_id, actor, at) for call in calls]
    for outcome in outcomes:
        _add(results, outcome)


def _alone(call: CallInput, site_id: int, partner_id: int, actor: Actor, at: datetime) -> CallOutcome:
    try:
        return _batch([call], site_id, partner_id, actor, at)[0]
    except (DataError, IntegrityError, ValueError):
        return CallOutcome(
            call.external_no,
            "refused",
            code="call_not_understood",
            message=_(
                "Call {external_no} has a value that cannot be kept. Compare it with the customer's guide."
            ).format(external_no=call.external_no),
            message_id=call.message_id,
        )


def _batch(calls: Sequence[CallInput], site_id: int, partner_id: int, actor: Actor, at: datetime) -> list[CallOutcome]:
    return list(
        receive_jit_calls(
            calls=calls, site_id=site_id, partner_id=partner_id, source="edi", actor=actor, at=at
        ).outcomes
    )


def _add(results: dict[int, Result], outcome: CallOutcome) -> None:
    key = outcome.message_id or 0
    before = results[key]
    if outcome.outcome == "refused":
        finding = edi.Finding("BGM", 0, "", outcome.code, "12", "error", outcome.message)
        results[key] = Result("failed", before.created, (*before.findings, finding))
        return
    notes = tuple(edi.Finding("LIN", 0, "", "unmatched", "", "warning", text) for text in outcome.unmatched)
    created: dict[str, Any] = {
        "kind": "call",
        "id": outcome.public_id,
        "number": outcome.external_no,
        "outcome": outcome.outcome,
    }
    results[key] = Result(before.state, (*before.created, created), (*before.findings, *notes))


def _cancel(
    wish: Cancellation, results: dict[int, Result], site_id: int, partner_id: int, actor: Actor, at: datetime
) -> None:
    number = wish.external_no
    call_id, __ = calls_by_number(site_id, partner_id, [number]).get(number, (0, ""))
    before = results[wish.message_id]
    if not call_id:
        text = _("Call {number} is to be cancelled, but was never received.").format(number=number)
        finding = edi.Finding("BGM", 0, "", "unknown_call", "12", "error", text)
        results[wish.message_id] = Result("failed", before.created, (*before.findings, finding))
        return
    (answer,) = request_cancel(
        call_ids=(call_id,), reason="Cancelled by the customer", source="edi", actor=actor, at=at
    ).answers
    if answer.outcome == "refused":
        finding = edi.Finding("BGM", 0, "", answer.code, "12", "error", answer.message)
        results[wish.message_id] = Result("failed", before.created, (*before.findings, finding))
        return
    done = {"kind": "call", "number": number, "outcome": OUTCOMES[answer.outcome]}
    notes = (_undecided(number),) if answer.outcome == "requested" else ()
    results[wish.message_id] = Result(before.state, (*before.created, done), (*before.findings, *notes))


def _undecided(number: str) -> edi.Finding:
    text = _("Call {number} is under way: a planner decides whether it is cancelled.").format(number=number)
    return edi.Finding("BGM", 0, "", "cancel_requested", "", "warning", text)


def _answer(body: edi.Control, partner_id: int, actor: Actor, at: datetime) -> Result:
    bad = [m for m in body.messages if m.action == "4"]
    accepted = body.action != "4" and not bad
    text = "" if accepted else f"CONTRL action {body.action}, error {body.error or (bad[0].error if bad else '')}"
    done = record_answer(
        partner_id=partner_id, control=body.reference, accepted=accepted, text=text, actor=actor, at=at
    )
    if done.outbox_id is None:
        note = edi.Finding(
            "UCI",
            0,
            "",
            "unknown_reference",
            "12",
            "warning",
            _("We never sent an interchange with reference {reference}.").format(reference=body.reference),
        )
        return Result("ignored", (), (note,))
    return Result("taken", ({"kind": "answer", "number": body.reference},), ())


def _not_used(message: edi.Message) -> edi.Finding:
    return edi.Finding(
        "UNH",
        1,
        "",
        "message_not_used",
        "",
        "warning",
        _("{type} is kept, but nothing is done with it yet.").format(type=message.type),
    )
