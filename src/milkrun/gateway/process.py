"""Turn stored messages into commands, one kind of message after the other."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _

from milkrun import edi
from milkrun.demand.queries.wanted import statuses_of
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
from milkrun.gateway.following import Following, Result
from milkrun.gateway.mappers import Step, steps_of
from milkrun.kernel.errors import NotFound
from milkrun.kernel.identity import Actor
from milkrun.kernel.plugins import points
from milkrun.partners.queries import plant_zones

# What the findings of taking over are about, in a DELJIT and in what the other dialects have instead.
_X12 = {"BGM": "BSS", "SEQ": "LIN", "DTM": "FST", "LOC": "REF", "UCI": "AK1", "UNH": "ST"}
_VDA = {"BGM": "552", "SEQ": "552", "DTM": "552", "LOC": "552", "LIN": "553"}
_JSON = {
    "BGM": "body",
    "SEQ": "sequence",
    "DTM": "required",
    "LOC": "unloading_point",
    "LIN": "line",
    "UCI": "acknowledges",
}
_PLACES = {"x12": _X12, "vda": _VDA, "json": _JSON}


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
    statuses = statuses_of(agreement.partner_id)
    results: dict[int, Result] = {}
    steps: list[Step] = []
    for message_id, message in messages:
        body = message.body
        if isinstance(body, edi.DelJit):
            mapper = points().call_mappers.get(partner_code) or partial(steps_of, statuses=statuses)
            mapped = mapper(
                body,
                zones=zones,
                default_zone=agreement.site.zone,
                interchange_id=interchange_id,
                message_id=message_id,
            )
            steps += mapped.steps
            wrong = any(finding.severity == "error" for finding in mapped.findings)
            nothing = not mapped.steps and not any(f.code == "status_ignored" for f in mapped.findings)
            results[message_id] = Result("failed" if wrong or nothing else "taken", (), mapped.findings)
        elif isinstance(body, edi.Control):
            results[message_id] = _answer(body, agreement.partner_id, actor, at)
        else:
            results[message_id] = Result("ignored", (), (_not_used(message),))
    Following(results, agreement.site_id, agreement.partner_id, actor, at).follow(steps)
    results = {key: _placed(results[key], message) for key, message in messages}
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


def _placed(result: Result, message: edi.Message) -> Result:
    """Name the places of findings as the message's own dialect does."""
    words = _PLACES.get(message.dialect)
    if not words:
        return result
    found = tuple(replace(finding, segment=words.get(finding.segment, finding.segment)) for finding in result.findings)
    return replace(result, findings=found)


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


def _answer(body: edi.Control, partner_id: int, actor: Actor, at: datetime) -> Result:
    bad = [m for m in body.messages if m.action == "4"]
    accepted = body.action != "4" and not bad
    text = "" if accepted else f"Action {body.action}, error {body.error or (bad[0].error if bad else '')}"
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
