"""What every request passes: its number for the log and the history, and the headers every answer carries."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from milkrun.measure.wording import speaking

LOG = logging.getLogger("milkrun.web")
# 64 MB of files and what a form adds to them.
LARGEST_BODY = 72 * 1024 * 1024
# The key of an analysis is all that protects it, so no log keeps it.
_KEYS = re.compile(r"(?<=^/analyse/)[A-Za-z0-9_-]{22}")
_GIVEN = re.compile(r"[0-9A-Za-z._-]{8,64}", re.ASCII)

Next = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give each request a number, keep one that a proxy gave, and say it in the answer and the log."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        given = request.headers.get("X-Request-ID", "")
        number = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        request.request_id = number  # type: ignore[attr-defined]
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = number
        LOG.info(
            "%s %s %s %d ms", request.method, _KEYS.sub("…", request.path), response.status_code,
            (time.perf_counter() - started) * 1000, extra={"request_id": number},
        )  # fmt: skip
        return response


class BodyMiddleware:
    """Refuse a body larger than any form or file may be, before anything of it is read or kept on the disk."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > LARGEST_BODY:
            return HttpResponse("The request is larger than 72 MB.", status=413, content_type="text/plain")
        return self.get_response(request)


class ReaderMiddleware:
    """Write numbers and days on pages as the reader's language does; files and the API stay neutral."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        is_file = request.path.endswith((".csv", ".xlsx", "/export")) or request.GET.get("file")
        if request.path.startswith("/api/") or is_file:
            return self.get_response(request)
        with speaking(get_language() or ""):
            return self.get_response(request)


class HeadersMiddleware:
    """Keep pages out of shared caches and back buttons, and switch off what no page uses."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
