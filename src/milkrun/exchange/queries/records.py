"""Files in and out as other systems read them: plain values, public ids, nothing worded for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from milkrun.exchange.models import Interchange, Message, OutboxMessage
from milkrun.exchange.states import INTERCHANGE_STATES, OUTBOX_STATES
from milkrun.kernel.errors import Invalid, NotFound, Problem
from milkrun.kernel.paging import Page, cursor, page_of, position


@dataclass(frozen=True, slots=True)
class InterchangeRecord:
    """A received file."""

    id: str
    partner: str
    control: str
    dialect: str
    source: str
    file_name: str
    state: str
    verdict: str
    reason: str
    copies: int
    size: int
    sha256: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """Something wrong with a place in a file."""

    segment: str
    position: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """One message of a file."""

    position: int
    reference: str
    type: str
    state: str
    verdict: str
    findings: tuple[FindingRecord, ...]


@dataclass(frozen=True, slots=True)
class InterchangeDetail:
    """A received file with its findings and its messages (the first 500)."""

    interchange: InterchangeRecord
    findings: tuple[FindingRecord, ...]
    messages: tuple[MessageRecord, ...]


@dataclass(frozen=True, slots=True)
class OutboxRecord:
    """A file to a partner: where it stands and what was tried."""

    id: str
    partner: str
    document_type: str
    document_number: str
    version: int
    control: str
    file_name: str
    sha256: str
    state: str
    attempts: int
    last_error: str
    answer: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None


def interchange_records(state: str = "", after: str = "", limit: int = 50) -> Page[InterchangeRecord]:
    """List received files, newest first; `state` keeps one state.

    Raises:
        Invalid: there is no such state.
    """
    rows = Interchange.objects.order_by("-received_at", "-id").defer("content").select_related("partner")
    if state:
        _check(state, INTERCHANGE_STATES)
        rows = rows.filter(state=state)
    start = position(after, datetime, int)
    if start:
        rows = rows.filter(received_at__lte=start[0]).exclude(received_at=start[0], id__gte=start[1])
    found = list(rows[: limit + 1])
    last = cursor(found[:limit][-1].received_at, found[:limit][-1].id) if found else ""
    return page_of([_interchange(row) for row in found], limit, last)


def interchange_record(public_id: str) -> InterchangeDetail:
    """Read one received file.

    Raises:
        NotFound: there is none.
    """
    row = Interchange.objects.filter(public_id=public_id).defer("content").select_related("partner").first()
    if row is None:
        raise NotFound(_("This file does not exist."), interchange_id=public_id)
    messages = Message.objects.filter(interchange=row).order_by("position")
    return InterchangeDetail(_interchange(row), _findings(row.findings), tuple(_message(m) for m in messages[:500]))


def outbox_records(state: str = "", after: str = "", limit: int = 50) -> Page[OutboxRecord]:
    """List files to partners, newest first; `state` keeps one state.

    Raises:
        Invalid: there is no such state.
    """
    rows = OutboxMessage.objects.order_by("-id").defer("payload").select_related("partner")
    if state:
        _check(state, OUTBOX_STATES)
        rows = rows.filter(state=state)
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_outbox(row) for row in found], limit, cursor(found[:limit][-1].id) if found else "")


def outbox_record(public_id: str) -> OutboxRecord:
    """Read one file to a partner.

    Raises:
        NotFound: there is none.
    """
    return _outbox(_sent(public_id))


def outbox_id(public_id: str) -> int:
    """Turn the public id of a file to a partner into its key.

    Raises:
        NotFound: there is none.
    """
    return _sent(public_id).id


def _sent(public_id: str) -> OutboxMessage:
    row = OutboxMessage.objects.filter(public_id=public_id).defer("payload").select_related("partner").first()
    if row is None:
        raise NotFound(_("This outgoing file does not exist."), outbox_id=public_id)
    return row


def _check(state: str, known: tuple[str, ...]) -> None:
    if state not in known:
        raise Invalid(
            [Problem("state", _("Known states are {known}.").format(known=", ".join(known)), "unknown_state")]
        )


def _interchange(row: Interchange) -> InterchangeRecord:
    return InterchangeRecord(
        row.public_id, row.partner.code, row.control, row.dialect, row.source, row.file_name, row.state, row.verdict,
        row.reason, row.copies, row.size, row.sha256, row.received_at,
    )  # fmt: skip


def _message(row: Message) -> MessageRecord:
    return MessageRecord(row.position, row.reference, row.type, row.state, row.verdict, _findings(row.findings))


def _findings(raw: list[Mapping[str, Any]]) -> tuple[FindingRecord, ...]:
    return tuple(
        FindingRecord(
            str(f.get("segment") or ""), str(f.get("position") or ""), str(f.get("code") or ""), str(f["text"])
        )
        for f in raw
    )


def _outbox(row: OutboxMessage) -> OutboxRecord:
    return OutboxRecord(
        row.public_id, row.partner.code, row.document_type, row.document_number, row.version, row.control,
        row.file_name, row.sha256, row.state, row.attempts, row.last_error, row.answer, row.created_at, row.due_at,
        row.sent_at, row.answered_at,
    )  # fmt: skip
