"""Count what each token's machine did, for the page of connections: writes, refusals with their reasons, the lag."""

import json
import logging

from django.db import Error
from django.http import HttpRequest, HttpResponse

from milkrun.api import door
from milkrun.connections.commands.note_sync import note_sync

LOG = logging.getLogger("milkrun.api")
TOO_MANY = 429


def count(request: HttpRequest, response: HttpResponse) -> None:
    """Count one answered request; a read counts only where it was refused, a repeat not at all.

    The answer stands already, so trouble here is logged and nothing more. A machine that asks too often is not
    written down each time: that would make its flood ours.
    """
    visit = getattr(request, "visit", None)
    failed = response.status_code >= 400
    if not isinstance(visit, door.Visit) or visit.repeated or response.status_code == TOO_MANY:
        return
    if not failed and request.method != "POST":
        return
    code, detail = _said(response) if failed else ("", "")
    try:
        note_sync(
            kind="token",
            key=visit.token.prefix,
            at=visit.at,
            done=int(not failed),
            failed=int(failed),
            event_at=None if failed else visit.event_at,
            what=visit.operation if failed else "",
            code=code,
            detail=detail,
        )
    except Error as problem:
        LOG.warning("not counted", extra={"token": visit.token.prefix, "error": str(problem)})


def _said(response: HttpResponse) -> tuple[str, str]:
    try:
        document = json.loads(response.content)
        return str(document["code"]), str(document["detail"])
    except (ValueError, KeyError, TypeError):
        return str(response.status_code), ""
