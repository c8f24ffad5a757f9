"""Files received with their findings, and files sent with where they stand."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milkrun.exchange import queries as exchange
from milkrun.gateway.as_read import as_read
from milkrun.kernel.errors import Invalid, Problem, Refusal
from milkrun.web import pages, words
from milkrun.web.access import StaffRequest, permit
from milkrun.web.history import history

# Dialects that know no acknowledgement of a file.
WITHOUT_ANSWERS = frozenset({"vda"})
ANSWER_SHOWN = 4_000
SHOWS = ("", "failed", *words.STATES["interchange"], *words.STATES["verdict"])


def _choice(text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise Invalid([Problem("show", _("This list does not exist. Choose one of the lists above it."))])
    return text


@permit("view_messages")
@require_safe
def inbox(request: StaffRequest) -> HttpResponse:
    """List received files, newest first."""
    only = _choice(request.GET.get("show", ""), SHOWS)
    page = exchange.interchanges(request.zone, only, request.GET.get("after", ""))
    context = {
        "rows": page.rows,
        "only": only,
        "trouble": exchange.trouble(),
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'show': only, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode({'show': only})}",
    }
    return pages.page(request, "messages/inbox.html", context)


@permit("view_messages")
@require_safe
def received(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one received file: verdict, findings, messages, what became of them, and its text."""
    found = exchange.interchange(public_id, request.zone)
    answers = exchange.outbox_of("interchange", found.id, request.zone)
    _name, content = exchange.interchange_bytes(public_id)
    read = as_read(content, partner_code=found.row.partner, control=found.row.control)
    context = {
        "file": found,
        "messages_read": [(message, read.get(message.position)) for message in found.messages],
        "answers": answers,
        "answer_text": _beginning(answers[0].public_id) if answers else "",
        "without_answers": found.row.dialect in WITHOUT_ANSWERS,
        "history": history([("interchange", found.id)], request.zone),
    }
    return pages.page(request, "messages/received.html", context)


def _beginning(public_id: str) -> str:
    _name, content = exchange.outbox_bytes(public_id)
    return exchange.readable(content[:ANSWER_SHOWN])


@permit("view_messages")
@require_safe
def received_bytes(request: StaffRequest, public_id: str) -> HttpResponse:
    """Download a received file, byte for byte."""
    return _download(*exchange.interchange_bytes(public_id))


def _download(name: str, content: bytes) -> HttpResponse:
    """Send bytes that came from outside: as a file to keep, never as something to show."""
    answer = HttpResponse(content, content_type="application/octet-stream")
    safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in name)[-120:] or "file.edi"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=safe)
    return answer


@permit("view_messages")
@require_safe
def outbox(request: StaffRequest) -> HttpResponse:
    """List files to partners, newest first."""
    only = _choice(request.GET.get("state", ""), ("", *words.STATES["outbox"]))
    page = exchange.outbox(request.zone, only, request.GET.get("after", ""))
    context = {
        "rows": page.rows,
        "only": only,
        "trouble": exchange.trouble(),
        "next_cursor": page.next_cursor,
        "next_url": f"?{urlencode({'state': only, 'after': page.next_cursor})}",
        "first_url": f"?{urlencode({'state': only})}",
    }
    return pages.page(request, "messages/outbox.html", context)


@permit("view_messages")
@require_safe
def sent(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one file to a partner."""
    return sent_page(request, public_id)


def sent_page(request: StaffRequest, public_id: str, refusal: Refusal | None = None) -> HttpResponse:
    """Render one file to a partner."""
    row = exchange.outbox_message(public_id, request.zone)
    _name, content = exchange.outbox_bytes(public_id)
    context = {
        "row": row,
        "text": exchange.readable(content[: exchange.SHOWN]),
        "history": history([("outbox", row.id)], request.zone),
    }
    return pages.page(request, "messages/sent.html", context, refusal=refusal)


@permit("view_messages")
@require_safe
def sent_bytes(request: StaffRequest, public_id: str) -> HttpResponse:
    """Download a file to a partner, byte for byte."""
    return _download(*exchange.outbox_bytes(public_id))
