"""Take a file in: read it, keep it with its answer, then turn its messages into commands.

Storing and taking over are transactions of their own. Whoever is killed between them loses nothing: the messages wait,
and the worker takes them over later; receiving a call twice changes nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from milkrun import edi
from milkrun.connections.commands.note_sync import note_sync
from milkrun.exchange.commands.store_interchange import InterchangeStored, store_interchange
from milkrun.exchange.queries import agreement_of, count_rule
from milkrun.gateway.following import Result
from milkrun.gateway.process import take_over
from milkrun.kernel.identity import Actor

# Where a file says who sent it to whom, and that it is a test, in the words of its dialect.
HEADERS = {"edifact": "UNB", "x12": "ISA", "vda": "551", "json": "JSON"}
TEST_MARKS = {"edifact": "UNB 0035", "x12": "ISA15", "vda": "551", "json": "test"}
# These dialects have no qualifiers, or leave them out.
WITHOUT_QUALIFIERS = frozenset({"vda", "json"})
UNKNOWN_SENDER, NOT_OURS, TEST_NOT_SUPPORTED = "23", "7", "25"


@dataclass(frozen=True, slots=True)
class MessageReport:
    """What became of one message."""

    reference: str
    type: str
    verdict: str
    created: list[dict[str, Any]]
    findings: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of a file: the shape of `milkrun ingest --json`."""

    interchange: str
    duplicate: bool
    verdict: str
    reason: str
    findings: list[dict[str, Any]] = field(default_factory=list)
    messages: list[MessageReport] = field(default_factory=list)


def take_in(
    data: bytes, *, partner_code: str, file_name: str, source: str, actor: Actor, at: datetime
) -> list[IngestReport]:
    """Take one file of a partner in; a report for each interchange in it (one, as a rule).

    Raises:
        UnknownPartner: nobody with a trading agreement has this code.
    """
    agreement = agreement_of(partner_code)
    reading = edi.read(data, count_errors=count_rule(agreement))
    found: Sequence[edi.Interchange | None] = reading.interchanges or (None,)
    reports = []
    for interchange in found:
        findings = [*reading.findings, *(interchange.findings if interchange else ())]
        stored = store_interchange(
            agreement_id=agreement.pk,
            content=data,
            found=interchange,
            findings=findings,
            refuse=_refuse(interchange, agreement),
            dialect=reading.dialect,
            file_name=file_name,
            source=source,
            actor=actor,
            at=at,
        )
        _count(interchange, stored, agreement, partner_code, at)
        results = _take_over(interchange, stored, partner_code, actor, at)
        reports.append(_report(stored, interchange, findings, results))
    return reports


def keep_unreadable(partner_code: str, file_name: str, *, actor: Actor, at: datetime) -> IngestReport:
    """Note a file that was put aside unread: larger than an interchange may be, or not to be opened."""
    finding = edi.Finding(
        "",
        0,
        "",
        "too_large",
        "",
        "error",
        _(
            "{file_name} is larger than 64 MB or cannot be opened. It lies in the partner's "
            "quarantine folder; have it sent in smaller interchanges."
        ).format(file_name=file_name),
    )
    stored = store_interchange(
        agreement_id=agreement_of(partner_code).pk,
        content=file_name.encode(),
        found=None,
        findings=[finding],
        refuse=None,
        dialect="",
        file_name=file_name,
        source="inbox",
        actor=actor,
        at=at,
    )
    return _report(stored, None, [finding], {})


def _refuse(found: edi.Interchange | None, agreement: Any) -> tuple[str, str] | None:
    if found is None or found.verdict == "rejected":
        return None
    header = HEADERS[found.dialect]
    if not _is(found.sender, agreement.their_id, agreement.their_qualifier, found.dialect):
        return (
            UNKNOWN_SENDER,
            _(
                "{header} names {id} as sender; the agreement with {code} expects {their_id}. Correct the "
                "agreement or have the file sent by the right party."
            ).format(header=header, id=found.sender.id, code=agreement.partner.code, their_id=agreement.their_id),
        )
    if not _is(found.recipient, agreement.our_id, agreement.our_qualifier, found.dialect):
        return (
            NOT_OURS,
            _("{header} addresses {id}; we are {our_id}. Send it back.").format(
                header=header, id=found.recipient.id, our_id=agreement.our_id
            ),
        )
    if found.test and not agreement.accepts_test:
        return (
            TEST_NOT_SUPPORTED,
            _(
                "The file is marked as a test ({place}). Allow tests in the agreement, or send it without the mark."
            ).format(place=TEST_MARKS[found.dialect]),
        )
    return None


def _is(party: edi.Party, number: str, qualifier: str, dialect: str) -> bool:
    """Tell whether a file names the party of the agreement."""
    if dialect in WITHOUT_QUALIFIERS and not party.qualifier:
        return party.id == number
    return (party.id, party.qualifier) == (number, qualifier)


def _count(
    found: edi.Interchange | None, stored: InterchangeStored, agreement: Any, partner_code: str, at: datetime
) -> None:
    """Count the file for the page of connections, with the time between its making and now."""
    if stored.duplicate:
        return
    bad = "" if stored.taken_in else stored.reason or stored.verdict
    note_sync(
        kind="edi",
        key=partner_code,
        at=at,
        done=int(stored.taken_in),
        failed=int(not stored.taken_in),
        event_at=_made_at(found.prepared if found else "", agreement.site.zone, at),
        what=(found.control if found else "")[:80] or "file" if bad else "",
        code="file_refused",
        detail=bad,
    )


def _made_at(text: str, zone: str, at: datetime) -> datetime | None:
    """Read when a file was made (UNB S004, local time of the site); None where that cannot be told."""
    try:
        made = datetime.strptime(text, "%y%m%d:%H%M" if len(text) == 11 else "%Y%m%d:%H%M")  # noqa: DTZ007 - below
    except ValueError:
        return None
    moment = made.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    # Test files carry dates from anywhere; what lies years back says nothing about a lag.
    return moment if timedelta(0) <= at - moment <= timedelta(days=30) else None


def _take_over(
    found: edi.Interchange | None, stored: InterchangeStored, partner_code: str, actor: Actor, at: datetime
) -> dict[int, Result]:
    if found is None or not stored.taken_in or not stored.messages:
        return {}
    waiting = {position: message_id for message_id, position in stored.messages}
    messages = [
        (waiting[position], message) for position, message in enumerate(found.messages, 1) if position in waiting
    ]
    return take_over(messages, interchange_id=stored.interchange_id, partner_code=partner_code, actor=actor, at=at)


def _report(
    stored: InterchangeStored,
    found: edi.Interchange | None,
    findings: Sequence[edi.Finding],
    results: dict[int, Result],
) -> IngestReport:
    waiting = {position: message_id for message_id, position in stored.messages}
    messages = []
    for position, message in enumerate(found.messages if found else (), 1):
        result = results.get(waiting.get(position, 0))
        messages.append(
            MessageReport(
                message.reference,
                message.type,
                message.verdict if stored.taken_in else "rejected",
                list(result.created) if result else [],
                [asdict(f) for f in (*message.findings, *(result.findings if result else ()))],
            )
        )
    verdict = stored.verdict
    if verdict == "accepted" and any(result.findings for result in results.values()):
        verdict = "accepted_with_errors"
    return IngestReport(
        stored.public_id, stored.duplicate, verdict, stored.reason, [asdict(f) for f in findings], messages
    )
