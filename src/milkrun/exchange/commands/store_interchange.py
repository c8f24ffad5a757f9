"""Keep a received file with what was found in it, and queue its acknowledgement.

The key is sender, recipient and control reference. The same bytes again change nothing and are answered again with the
same acknowledgement, unless they were refused before and would not be any more: then they are taken in. Other bytes
under a reference that was taken in are quarantined.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from milkrun import edi
from milkrun.exchange.errors import CannotBeWritten
from milkrun.exchange.models import Agreement, Interchange, OutboxMessage
from milkrun.exchange.states import INTERCHANGE_MOVES, OUTBOX_MOVES
from milkrun.exchange.steps import queue
from milkrun.kernel import bulk, journal
from milkrun.kernel.command import command
from milkrun.kernel.identity import Actor
from milkrun.kernel.lock import hold, lock
from milkrun.kernel.machine import move

_MESSAGE = ("id", "interchange_id", "position", "reference", "type", "state", "verdict", "findings", "outcome")
DUPLICATE_REFERENCE = "26"
ANSWERED = ("sent", "acknowledged")


@dataclass(frozen=True, slots=True)
class InterchangeStored:
    """A file was kept.

    `duplicate`: the same file had come before. `taken_in`: its good messages may take effect. `messages` are
    (id, position in the interchange) of those that wait.
    """

    interchange_id: int
    public_id: str
    duplicate: bool
    taken_in: bool
    verdict: str
    reason: str
    messages: tuple[tuple[int, int], ...]


@command
def store_interchange(
    *,
    agreement_id: int,
    content: bytes,
    found: edi.Interchange | None,
    findings: Sequence[edi.Finding],
    refuse: tuple[str, str] | None,
    dialect: str,
    file_name: str,
    source: str,
    actor: Actor,
    at: datetime,
) -> InterchangeStored:
    """Store the bytes of one interchange, its messages and the answer to it.

    Args:
        found: what the codec read, None where it could not even read an envelope.
        findings: what is wrong with the file as a whole.
        refuse: (error code of data element 0085, sentence) where the file must not take effect whatever it says.
        source: by which way it came: inbox, upload, cli or api.
    """
    agreement = Agreement.objects.select_related("partner").get(pk=agreement_id)
    hold("interchange", agreement.partner_id)
    digest = hashlib.sha256(content).hexdigest()
    key = {
        "sender": _name(found.sender) if found else "",
        "recipient": _name(found.recipient) if found else "",
        "control": found.control[:35] if found else "",
    }
    known = Interchange.objects.filter(partner=agreement.partner, sha256=digest, **key).first()
    taken = Interchange.objects.filter(state__in=["stored", "processed"], **key).first() if found else None
    if taken is not None and taken != known:
        refuse = (
            DUPLICATE_REFERENCE,
            _(
                "Reference {control} came before with other content; this file was put aside. Send it "
                "again under a new reference."
            ).format(control=taken.control),
        )
    verdict = "rejected" if refuse or found is None else found.verdict
    state = (
        "quarantined"
        if found is None or (taken and taken != known)
        else "rejected"
        if verdict == "rejected"
        else "stored"
    )
    reason = refuse[1] if refuse else next((f.text for f in findings if f.severity == "error"), "")
    if known is not None and (known.state in ("stored", "processed") or state != "stored"):
        return _copy(known, actor, at)
    about = {"verdict": verdict, "reason": reason[:400], "findings": [asdict(f) for f in findings]}
    if known is not None:
        row = _after_all(known, about, at)
    else:
        row = Interchange.objects.create(
            partner=agreement.partner,
            **key,
            sha256=digest,
            content=content,
            size=len(content),
            file_name=file_name[:200],
            source=source,
            dialect=dialect,
            state=state,
            **about,
            received_at=at,
        )
    waiting = _keep_messages(row, found, state) if found else []
    # Only what carries messages of its own is answered, never an answer.
    asks = found is not None and found.dialect != "vda" and any(m.type not in edi.ANSWERS for m in found.messages)
    if found is not None and asks and agreement.acknowledges:
        _answer(row, found, agreement, refuse[0] if refuse else "", at)

    journal.write(
        [
            journal.Entry(
                "store_interchange",
                "interchange",
                row.pk,
                after=state,
                reason=reason,
                facts={"verdict": verdict, "sha256": digest, "file": file_name, "size": len(content)},
            )
        ],
        actor=actor,
        at=at,
    )
    return InterchangeStored(row.pk, row.public_id, False, state == "stored", verdict, reason, tuple(waiting))


def _name(party: edi.Party) -> str:
    return f"{party.id}:{party.qualifier}"[:40]


def _answer(row: Interchange, found: edi.Interchange, agreement: Agreement, reject_with: str, at: datetime) -> None:
    """Queue the acknowledgement; a file whose own references cannot be repeated is kept without one, and says so."""
    try:
        with transaction.atomic():
            queue(
                agreement,
                document_type=edi.answer_type(found, reject_with),
                document=("interchange", row.pk),
                number=row.control,
                write=lambda envelope: edi.write_answer(found, envelope, reject_with=reject_with),
                at=at,
                version=_answers(row).count() + 1,
                digits=edi.CONTROL_DIGITS.get(found.dialect, 14),
                suffix="json" if found.dialect == "json" else "edi",
            )
    except CannotBeWritten as problem:
        note = edi.Finding("", 0, "", "cannot_be_answered", "", "warning", problem.message)
        row.findings = [*row.findings, asdict(note)]
        Interchange.objects.filter(pk=row.pk).update(findings=row.findings)


def _answers(row: Interchange) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(document_kind="interchange", document_id=row.pk)


def _after_all(known: Interchange, about: Mapping[str, Any], at: datetime) -> Interchange:
    """Take a file in that was refused when it came first; its messages had no effect, so they start anew."""
    known.messages.all().delete()
    Interchange.objects.filter(pk=known.pk).update(copies=known.copies + 1, last_copy_at=at, received_at=at)
    move([known], INTERCHANGE_MOVES, "take_in", noun="Interchange", **about)
    return known


def _copy(known: Interchange, actor: Actor, at: datetime) -> InterchangeStored:
    Interchange.objects.filter(pk=known.pk).update(copies=known.copies + 1, last_copy_at=at)
    answers = _answers(known).order_by("-version")[:1]
    again = lock(OutboxMessage.objects.filter(pk__in=list(answers.values_list("pk", flat=True)), state__in=ANSWERED))
    move(again, OUTBOX_MOVES, "queue_again", noun="Message", due_at=at, leased_until=None)
    journal.write([journal.Entry("interchange_again", "interchange", known.pk)], actor=actor, at=at)
    waiting = tuple(known.messages.filter(state="waiting").order_by("position").values_list("pk", "position"))
    return InterchangeStored(
        known.pk, known.public_id, True, known.state in ("stored", "processed"), known.verdict, known.reason, waiting
    )


def _keep_messages(row: Interchange, found: edi.Interchange, state: str) -> list[tuple[int, int]]:
    """Write a row for each message; returns (key, position) of those that wait to be taken over."""
    keys = bulk.take_keys("exchange_message", len(found.messages))
    rows: list[tuple[bulk.Value, ...]] = []
    waiting: list[tuple[int, int]] = []
    for position, (key, message) in enumerate(zip(keys, found.messages, strict=True), 1):
        bad = state != "stored" or message.verdict == "rejected"
        findings = json.dumps([asdict(finding) for finding in message.findings])
        kept = ("failed", "rejected") if bad else ("waiting", message.verdict)
        rows.append((key, row.pk, position, message.reference[:35], message.type[:12], *kept, findings, "[]"))
        if not bad:
            waiting.append((key, position))
    bulk.insert("exchange_message", _MESSAGE, rows)
    return waiting
