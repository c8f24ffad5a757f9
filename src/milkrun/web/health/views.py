"""Alive, ready, and the figures for Prometheus.

`/healthz` and `/readyz` are open and say nothing that a stranger could use. `/metrics` answers programs on this
machine, and others with a token that may read; behind a proxy every caller seems local, so a forwarded request needs
the token.
"""

from datetime import UTC, datetime
from ipaddress import ip_address

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from milkrun.gateway.folders import enough_space
from milkrun.kernel.tasks import HEARTBEAT, TaskReport, reports
from milkrun.partners.queries import token
from milkrun.web.access import public
from milkrun.web.health.figures import exposition

OLDEST_HEARTBEAT_SECONDS = 30


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; nothing else is looked at."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Tell whether database, worker and disk are fit for work: 200 when all are, else 503 naming which is not."""
    checks = {"database": "ok", "worker": "ok", "disk": "ok"}
    try:
        beat = reports().get(HEARTBEAT)
        checks["worker"] = _worker(beat, datetime.now(UTC))
    except Error:
        checks["database"] = "does not answer"
        checks["worker"] = "unknown"
    try:
        checks["disk"] = "ok" if enough_space(settings.MILKRUN_HOME) else "nearly full"
    except OSError:
        checks["disk"] = "the data folder cannot be read"
    ready = set(checks.values()) == {"ok"}
    return JsonResponse({"ready": ready, **checks}, status=200 if ready else 503)


def _worker(beat: TaskReport | None, now: datetime) -> str:
    if beat is None:
        return "has never run"
    age = (now - beat.seen_at).total_seconds()
    return "ok" if age <= OLDEST_HEARTBEAT_SECONDS else f"was last seen {age:.0f} seconds ago"


@public
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures in Prometheus' text format, to this machine or to a token that may read."""
    if not _local(request) and not _reader(request):
        return HttpResponse(_("Ask from this machine, or with a token that may read.") + "\n", "text/plain", 403)
    return HttpResponse(exposition(datetime.now(UTC)), content_type=CONTENT_TYPE_LATEST)


def _local(request: HttpRequest) -> bool:
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    try:
        return not forwarded and ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _reader(request: HttpRequest) -> bool:
    kind, __, secret = request.headers.get("Authorization", "").partition(" ")
    found = token(secret.strip(), datetime.now(UTC)) if kind.lower() == "bearer" else None
    return found is not None and found.allows("view_messages")
