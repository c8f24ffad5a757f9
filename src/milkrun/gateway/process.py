"""Turn stored messages into commands, one kind of message after the other."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from milkrun import edi
from milkrun.demand.commands.cancel_call import cancel_call
from milkrun.demand.commands.receive_jit_calls import CallInput, CallOutcome, receive_jit_calls
from milkrun.demand.queries import call_ids_by_number
from milkrun.exchange.commands.record_answer import record_answer
from milkrun.exchange.commands.record_outcomes import Outcome, record_outcomes
from milkrun.exchange.queries import WaitingMessage, agreement_of, count_rule, waiting_messages
from milkrun.gateway.mappers import calls_of
from milkrun.kernel.errors import Refusal
from milkrun.kernel.identity import Actor
from milkrun.partners.queries import plant_zones

LINES_PER_TRANSACTION = 5_000


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
    calls: list[CallInput] = []
    for message_id, message in messages:
        body = message.body
        if isinstance(body, edi.DelJit) and body.function != "cancel":
            mapped = calls_of(
                body,
                zones=zones,
                default_zone=agreement.site.zone,
                interchange_id=interchange_id,
                message_id=message_id,
            )
            calls += mapped.calls
            failed = not mapped.calls
            results[message_id] = Result("failed" if failed else "taken", (), mapped.findings)
        elif isinstance(body, edi.DelJit):
            results[message_id] = _cancel(body, agreement.partner_id, actor, at)
        elif isinstance(body, edi.Control):
            results[message_id] = _answer(body, agreement.partner_id, actor, at)
        else:
            results[message_id] = Result("ignored", (), (_not_used(message),))
    for outcome in _receive(calls, agreement.site_id, agreement.partner_id, actor, at):
        _add(results, outcome)
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
    reading = edi.read(first.content, count_errors=count_rule(agreement))
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


def _receive(
    calls: Sequence[CallInput], site_id: int, partner_id: int, actor: Actor, at: datetime
) -> list[CallOutcome]:
    outcomes: list[CallOutcome] = []
    batch: list[CallInput] = []
    lines = 0
    for call in calls:
        batch.append(call)
        lines += sum(len(group.components) for group in call.groups)
        if lines >= LINES_PER_TRANSACTION:
            outcomes += _batch(batch, site_id, partner_id, actor, at)
            batch, lines = [], 0
    return outcomes + (_batch(batch, site_id, partner_id, actor, at) if batch else [])


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


def _cancel(body: edi.DelJit, partner_id: int, actor: Actor, at: datetime) -> Result:
    numbers = (
        [f"{body.call_no}/{s.production_no or s.number}" for s in body.sequences]
        if body.kind == "sequenced"
        else [body.call_no]
    )
    known = call_ids_by_number(partner_id, numbers)
    created, findings = [], []
    for number in numbers:
        try:
            if number not in known:
                findings.append(
                    edi.Finding(
                        "BGM",
                        0,
                        "",
                        "unknown_call",
                        "12",
                        "error",
                        f"Call {number} is to be cancelled, but was never received.",
                    )
                )
                continue
            cancel_call(call_id=known[number], reason="Cancelled by the customer", actor=actor, at=at)
            created.append({"kind": "call", "number": number, "outcome": "cancelled"})
        except Refusal as refusal:
            findings.append(edi.Finding("BGM", 0, "", refusal.code, "12", "error", refusal.message))
    return Result("failed" if findings else "taken", tuple(created), tuple(findings))


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
            f"We never sent an interchange with reference {body.reference}.",
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
        f"{message.type} is kept, but nothing is done with it yet.",
    )
