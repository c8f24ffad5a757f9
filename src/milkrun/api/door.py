"""What a request carries through the door: who asks, from which token, under which key, at which instant."""

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypedDict

from django.http import HttpRequest, HttpResponse

from milkrun.kernel.identity import Actor, Request
from milkrun.partners.queries import TokenView

KEY = re.compile(r"[\x21-\x7e]{1,120}", re.ASCII)


@dataclass(slots=True)
class Visit:
    """One request that was let in.

    Args:
        token: whose it is.
        operation: what it asks for.
        at: when it came; the clock is read once.
        key: its request key, "" for a read.
        repeated: the answer is the stored one of an earlier request.
        event_at: when what it tells of happened, where the asker says so.
    """

    token: TokenView
    operation: str
    at: datetime
    key: str = ""
    repeated: bool = False
    event_at: datetime | None = None

    def mark_repeated(self) -> None:
        """Note that the answer is a stored one."""
        self.repeated = True


class By(TypedDict):
    """The arguments that every command takes beside its own."""

    actor: Actor
    at: datetime
    request: Request | None


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def request_id(request: HttpRequest) -> str:
    """Return the number that the log, the history and the answer name this request by."""
    found: str = getattr(request, "request_id", "")
    if not found:
        found = request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
    return found


def visit(request: HttpRequest) -> Visit:
    """Return what was noted when the request was let in."""
    found: Visit = request.auth  # type: ignore[attr-defined]
    return found


def actor(request: HttpRequest) -> Actor:
    """Say who acts."""
    return Actor(f"token {visit(request).token.name}", "api", request_id=request_id(request))


def by(request: HttpRequest) -> By:
    """Make the arguments that every command takes: who, when and under which request key."""
    return By(actor=actor(request), at=visit(request).at, request=keyed(request))


def keyed(request: HttpRequest) -> Request:
    """Make the command's request: keys are unique for a token and an operation.

    What was asked is the address and the body; JSON is brought into one form, so that blanks and the order of names
    do not make it another request.
    """
    here = visit(request)
    asked = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + _canonical(request))
    scope = f"api:{here.token.prefix}:{here.operation}"
    return Request(scope, here.key, asked.hexdigest(), repeated=here.mark_repeated)


def _canonical(request: HttpRequest) -> bytes:
    if not request.body or request.content_type != "application/json":
        return request.body
    parsed: Any = json.loads(request.body)
    return json.dumps(parsed, sort_keys=True, separators=(",", ":")).encode()


def say_repeated(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell the asker that the answer is the stored one of an earlier request."""
    found = getattr(request, "auth", None)
    if isinstance(found, Visit) and found.repeated:
        response["Idempotent-Replayed"] = "true"
    return response
