"""Files of partners: taken in as bytes; what was received, what waits to be sent and what was sent."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from milkrun.api.door import actor, by, keyed, visit
from milkrun.api.fields import CodeOrEmpty, Cursor, Listed, listed
from milkrun.api.operations.calls import Nothing
from milkrun.api.operations.sites import Id, partner_of
from milkrun.api.routes import reads, runs
from milkrun.exchange.commands.send_again import send_again
from milkrun.exchange.queries import agreement_of
from milkrun.exchange.queries.records import (
    InterchangeDetail,
    InterchangeRecord,
    OutboxRecord,
    interchange_record,
    interchange_records,
    outbox_id,
    outbox_record,
    outbox_records,
)
from milkrun.gateway.receive import take_in
from milkrun.kernel.errors import Forbidden, Invalid, Problem
from milkrun.kernel.once import answered_once

router = Router(tags=["files"])

PartnerCode = Annotated[str, Path(), Field(min_length=1, max_length=20, pattern=r"^[!-.0-~]+$")]


class MessageReply(Schema):
    """What became of one message of the file."""

    reference: str
    type: str
    verdict: str
    created: list[dict[str, Any]]
    findings: list[dict[str, Any]]


class IngestReply(Schema):
    """What became of one interchange of the file, in the shape of `milkrun ingest --json`."""

    interchange: str
    duplicate: bool
    verdict: str
    reason: str
    findings: list[dict[str, Any]]
    messages: list[MessageReply]


class IngestReplies(Schema):
    """A report for each interchange of the file: one, as a rule."""

    reports: list[IngestReply]


class SentAgainReply(Schema):
    """The file waits in the outbox again."""

    outbox_id: str


class FileName(Schema):
    """The file's name, for people who look for it later."""

    file_name: Annotated[CodeOrEmpty, Field(max_length=120, pattern=r"^[^/\\]*$")] = ""


class InterchangeQuery(Cursor):
    """Which files are wanted."""

    state: Literal["", "stored", "processed", "rejected", "quarantined"] = ""


class OutboxQuery(Cursor):
    """Which files are wanted."""

    state: Literal["", "queued", "sent", "acknowledged", "rejected", "held"] = ""


BYTES = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The file as it is, in its own character set.",
    }
}


@runs(
    router,
    "/partners/{partner}/interchanges",
    "ingest_interchange",
    IngestReplies,
    action="receive_interchange",
    extra=BYTES,
    every_site=True,
)
def post_interchange(request: HttpRequest, partner: PartnerCode, query: Query[FileName]) -> Any:
    """Take a file of a partner in, by the same way as the inbox; it is stored before it is understood."""
    code = partner_of(partner).code
    site = agreement_of(code).site.code
    if not visit(request).token.good_for(site):
        raise Forbidden(
            _("This token is not for site {site}, which exchanges files with {code}.").format(site=site, code=code),
            site=site,
        )
    if not request.body:
        raise Invalid([Problem("", _("The file is empty. Send its bytes as the body."), "empty_file")])
    return answered_once(
        keyed(request), lambda: _take_in(request, code, query.file_name), IngestReplies, at=visit(request).at
    )


def _take_in(request: HttpRequest, code: str, file_name: str) -> IngestReplies:
    reports = take_in(
        request.body,
        partner_code=code,
        file_name=file_name,
        source="api",
        actor=actor(request),
        at=visit(request).at,
    )
    return IngestReplies(reports=[IngestReply(**asdict(report)) for report in reports])


@reads(router, "/interchanges", "list_interchanges", Listed[InterchangeRecord], action="view_messages")
def list_interchanges(request: HttpRequest, query: Query[InterchangeQuery]) -> Any:
    """List received files, newest first."""
    return listed(interchange_records(query.state, query.cursor, query.limit))


@reads(router, "/interchanges/{interchange_id}", "get_interchange", InterchangeDetail, action="view_messages")
def get_interchange(request: HttpRequest, interchange_id: Id) -> Any:
    """Read one received file with its findings and messages."""
    return interchange_record(interchange_id)


@reads(router, "/outbox", "list_outbox", Listed[OutboxRecord], action="view_messages")
def list_outbox(request: HttpRequest, query: Query[OutboxQuery]) -> Any:
    """List files to partners, newest first."""
    return listed(outbox_records(query.state, query.cursor, query.limit))


@reads(router, "/outbox/{outbox_id}", "get_outbox_message", OutboxRecord, action="view_messages")
def get_outbox_message(request: HttpRequest, outbox_id: Id) -> Any:
    """Read where one file to a partner stands."""
    return outbox_record(outbox_id)


@runs(router, "/outbox/{message_id}/send-again", "send_again", SentAgainReply)
def post_send_again(request: HttpRequest, message_id: Id, body: Nothing) -> Any:
    """Queue a sent, answered or held file again; its bytes and its reference stay."""
    send_again(outbox_id=outbox_id(message_id), **by(request))
    return SentAgainReply(outbox_id=message_id)
