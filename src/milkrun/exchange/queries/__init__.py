"""Reads of exchange: files as received with their findings, messages, and what waits to be sent or was sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils.translation import gettext as _

from milkrun.exchange.errors import UnknownPartner
from milkrun.exchange.models import Agreement, Interchange, Message, OutboxMessage
from milkrun.exchange.states import CHANNELS_IN_ORDER, INTERCHANGE_STATES, OUTBOX_MOVES
from milkrun.kernel.errors import NotFound
from milkrun.kernel.machine import open_moves
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import moment


@dataclass(frozen=True, slots=True)
class InterchangeRow:
    """A received file in a list."""

    public_id: str
    partner: str
    control: str
    dialect: str
    source: str
    file_name: str
    state: str
    verdict: str
    reason: str
    copies: int
    size: str
    received_at: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a place in a file."""

    segment: str
    position: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message of a file and what came of it."""

    id: int
    position: int
    reference: str
    type: str
    state: str
    verdict: str
    findings: tuple[Finding, ...]
    outcome: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class InterchangeView:
    """A received file with its findings and messages; `text` is cut at `shown` bytes."""

    id: int
    row: InterchangeRow
    sender: str
    recipient: str
    sha256: str
    last_copy_at: str
    findings: tuple[Finding, ...]
    messages: tuple[MessageView, ...]
    text: str
    cut: bool


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A file to a partner: where it stands and what was tried."""

    id: int
    public_id: str
    partner: str
    document_type: str
    document_kind: str
    document_id: int
    document_number: str
    version: int
    control: str
    file_name: str
    state: str
    attempts: int
    last_error: str
    answer: str
    created_at: str
    due_at: str
    sent_at: str
    answered_at: str
    may_send_again: bool


SHOWN = 200_000


def interchanges(zone: str, only: str = "", after: str = "", limit: int = 50) -> Page[InterchangeRow]:
    """List received files, newest first.

    Args:
        zone: the time zone for instants.
        only: a state or a verdict to keep, "failed" for files with a message that was not taken over, "" for all.
        after: the cursor of the page before.
        limit: rows of a page.
    """
    rows = Interchange.objects.order_by("-received_at", "-id").defer("content").select_related("partner")
    if only in INTERCHANGE_STATES:
        rows = rows.filter(state=only)
    elif only == "failed":
        rows = rows.filter(pk__in=Message.objects.filter(state="failed").values("interchange"))
    elif only:
        rows = rows.filter(verdict=only)
    start = position(after, datetime, int)
    if start:
        rows = rows.filter(received_at__lte=start[0]).exclude(received_at=start[0], id__gte=start[1])
    found = list(rows[: limit + 1])
    last = cursor(found[:limit][-1].received_at, found[:limit][-1].id) if found else ""
    return page_of([_interchange(row, zone) for row in found], limit, last)


def _interchange(row: Interchange, zone: str) -> InterchangeRow:
    return InterchangeRow(
        row.public_id, row.partner.code, row.control, row.dialect, row.source, row.file_name, row.state, row.verdict,
        row.reason, row.copies, f"{row.size:,} bytes", moment(row.received_at, zone),
    )  # fmt: skip


def interchange(public_id: str, zone: str) -> InterchangeView:
    """Read one received file.

    Raises:
        NotFound: there is none.
    """
    row = _raw(public_id)
    messages = Message.objects.filter(interchange=row).order_by("position")
    content = bytes(row.content)
    return InterchangeView(
        row.id, _interchange(row, zone), row.sender.rstrip(":"), row.recipient.rstrip(":"), row.sha256,
        moment(row.last_copy_at, zone), _findings(row.findings), tuple(_message(m) for m in messages[:500]),
        readable(content[:SHOWN]), len(content) > SHOWN,
    )  # fmt: skip


def interchange_bytes(public_id: str) -> tuple[str, bytes]:
    """Return a received file's name and its bytes as they came.

    Raises:
        NotFound: there is none.
    """
    row = _raw(public_id)
    return row.file_name or f"{row.control or row.public_id}.edi", bytes(row.content)


def _raw(public_id: str) -> Interchange:
    row = Interchange.objects.filter(public_id=public_id).select_related("partner").first()
    if row is None:
        raise NotFound(_("This file does not exist. Look for it in the list of received files."), public_id=public_id)
    return row


def _message(row: Message) -> MessageView:
    return MessageView(
        row.id, row.position, row.reference, row.type, row.state, row.verdict, _findings(row.findings),
        tuple(row.outcome),
    )  # fmt: skip


def _findings(raw: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    return tuple(
        Finding(str(f.get("segment") or ""), str(f.get("position") or ""), str(f.get("code") or ""), str(f.get("text")))
        for f in raw
    )


def readable(content: bytes) -> str:
    """Turn a file's bytes into text for people: one segment or record a line where it comes without line breaks."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if text.startswith(("UNA", "UNB")) and text.count("\n") * 4 < text.count("'"):
        text = text.replace("'", "'\n")
    elif (
        text.startswith("ISA")
        and len(text) > 106
        and text[105] != "\n"
        and text.count("\n") * 4 < text.count(text[105])
    ):
        text = text.replace(text[105], text[105] + "\n")
    elif text.startswith("551") and not {"\n", "\r"} & set(text[:256]):
        text = "\n".join(text[start : start + 128] for start in range(0, len(text), 128))
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{SYMBOL FOR SUBSTITUTE FORM TWO}" for c in text)


def interchanges_by_id(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return (public id, control reference) of received files by their key."""
    rows = Interchange.objects.filter(pk__in=list(ids)).values_list("id", "public_id", "control")
    return {key: (public_id, control) for key, public_id, control in rows}


def outbox(zone: str, only: str = "", after: str = "", limit: int = 50) -> Page[OutboxRow]:
    """List files to partners, newest first; `only` keeps one state."""
    rows = OutboxMessage.objects.order_by("-id").defer("payload").select_related("partner")
    if only:
        rows = rows.filter(state=only)
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_outbox(row, zone) for row in found], limit, cursor(found[:limit][-1].id) if found else "")


def outbox_of(document_kind: str, document_id: int, zone: str) -> list[OutboxRow]:
    """List the files that tell of one document, newest first."""
    rows = OutboxMessage.objects.filter(document_kind=document_kind, document_id=document_id)
    return [_outbox(row, zone) for row in rows.defer("payload").select_related("partner").order_by("-id")]


def outbox_message(public_id: str, zone: str) -> OutboxRow:
    """Read one file to a partner.

    Raises:
        NotFound: there is none.
    """
    return _outbox(_sent(public_id), zone)


def outbox_bytes(public_id: str) -> tuple[str, bytes]:
    """Return the name and the bytes of a file to a partner.

    Raises:
        NotFound: there is none.
    """
    row = _sent(public_id)
    return row.file_name, bytes(row.payload)


def _sent(public_id: str) -> OutboxMessage:
    row = OutboxMessage.objects.filter(public_id=public_id).select_related("partner").first()
    if row is None:
        raise NotFound(_("This outgoing file does not exist. Look for it in the list."), public_id=public_id)
    return row


def _outbox(row: OutboxMessage, zone: str) -> OutboxRow:
    return OutboxRow(
        row.id, row.public_id, row.partner.code, row.document_type, row.document_kind, row.document_id,
        row.document_number, row.version, row.control, row.file_name, row.state, row.attempts, row.last_error,
        row.answer, moment(row.created_at, zone), moment(row.due_at, zone), moment(row.sent_at, zone),
        moment(row.answered_at, zone), "queue_again" in open_moves(OUTBOX_MOVES, row.state),
    )  # fmt: skip


def trouble() -> dict[str, int]:
    """Count what a person should look at: held and rejected files out, quarantined files in, failed messages."""
    waiting = OutboxMessage.objects.filter(state__in=("held", "rejected"))
    return {
        "out_stuck": waiting.count(),
        "out_failing": OutboxMessage.objects.filter(state="queued", attempts__gt=0).count(),
        "in_quarantined": Interchange.objects.filter(state="quarantined").count(),
        "in_failed": Message.objects.filter(state="failed").count(),
    }


def last_received(zone: str) -> str:
    """Tell when the last file came in; "" where none ever came."""
    row = Interchange.objects.order_by("-received_at").values_list("received_at", flat=True).first()
    return moment(row, zone)


def agreement_of(partner_code: str) -> Agreement:
    """Find the trading agreement of a partner by its code.

    Raises:
        UnknownPartner: no partner with an agreement has this code.
    """
    found = Agreement.objects.select_related("partner", "site").filter(partner__code=partner_code).first()
    if found is None:
        raise UnknownPartner(
            _("Partner {partner_code} is not known, or has no trading agreement. Add one in the master data.").format(
                partner_code=partner_code
            ),
            partner=partner_code,
        )
    return found


def count_rule(agreement: Agreement) -> Literal["reject", "accept"]:
    """Tell whether wrong counts in a partner's files are refused or let through with a finding."""
    return "accept" if agreement.count_errors == "accept" else "reject"


def partner_codes() -> list[str]:
    """List the codes of all partners we exchange files with."""
    return list(Agreement.objects.order_by("partner__code").values_list("partner__code", flat=True))


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message that was stored but whose meaning was not taken over yet."""

    message_id: int
    interchange_id: int
    position: int
    control: str
    partner_code: str


def waiting_messages(*, stored_before: datetime, limit: int = 50_000) -> list[WaitingMessage]:
    """List messages left behind by a process that died between storing and taking over."""
    rows = (
        Message.objects.filter(state="waiting", interchange__received_at__lt=stored_before)
        .select_related("interchange__partner")
        .defer("interchange__content", "interchange__findings")
    )
    return [
        WaitingMessage(
            row.pk,
            row.interchange_id,
            row.position,
            row.interchange.control,
            row.interchange.partner.code,
        )
        for row in rows.order_by("pk")[:limit]
    ]


def failed_message(message_id: int) -> WaitingMessage:
    """Read a message that was not taken over, for another try.

    Raises:
        NotFound: there is none, or it was taken over in the meantime.
    """
    row = (
        Message.objects.filter(pk=message_id, state="failed")
        .select_related("interchange__partner")
        .defer("interchange__content", "interchange__findings")
        .first()
    )
    if row is None:
        raise NotFound(_("This message was taken over in the meantime."), message_id=message_id)
    file = row.interchange
    return WaitingMessage(row.pk, row.interchange_id, row.position, file.control, file.partner.code)


def content_of(interchange_id: int) -> bytes:
    """Read the bytes of a file as it came."""
    return bytes(Interchange.objects.values_list("content", flat=True).get(pk=interchange_id))


# Minutes until the next try after a failure; the last one repeats.
RETRY_MINUTES = (2, 5, 10, 15, 30, 60, 120, 240, 480)


def next_try(attempts: int, at: datetime) -> datetime:
    """Tell when a message that failed `attempts` times is due again."""
    return at + timedelta(minutes=RETRY_MINUTES[min(attempts, len(RETRY_MINUTES)) - 1])


def due_partners(at: datetime, channel: str = "folder") -> list[int]:
    """List partners to whom something is due by one way; files leave in the order they were made."""
    queued = OutboxMessage.objects.filter(channel=channel, state="queued")
    older = queued.filter(partner_id=OuterRef("partner_id"), pk__lt=OuterRef("pk"))
    heads = queued.filter(~Exists(older)) if channel in CHANNELS_IN_ORDER else queued
    free = heads.filter(due_at__lte=at).filter(Q(leased_until=None) | Q(leased_until__lte=at))
    return list(dict.fromkeys(free.order_by("due_at", "pk").values_list("partner_id", flat=True)))


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits to be taken over or sent, as monitoring asks for it; times are None where nothing waits."""

    outbox: Mapping[str, int]
    oldest_queued_at: datetime | None
    messages: Mapping[str, int]
    oldest_waiting_at: datetime | None


def backlog() -> Backlog:
    """Count files to partners and messages from them by state, without those that are done."""
    queued = OutboxMessage.objects.filter(state="queued")
    waiting = Message.objects.filter(state="waiting")
    out = OutboxMessage.objects.filter(state__in=("queued", "held", "rejected"))
    troubled = Message.objects.filter(state__in=("waiting", "failed"))
    return Backlog(
        outbox=dict(out.values_list("state").annotate(Count("id"))),
        oldest_queued_at=queued.aggregate(first=Min("created_at"))["first"],
        messages=dict(troubled.values_list("state").annotate(Count("id"))),
        oldest_waiting_at=waiting.aggregate(first=Min("interchange__received_at"))["first"],
    )
