"""The list of connections, and one of them with what went wrong."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from milkrun.connections.queries.overview import ConnectionState, connection_faults, connection_of, connections
from milkrun.insight.queries.metrics.connected import lag_limit_minutes
from milkrun.kernel.errors import NotFound
from milkrun.measure.wording import moment
from milkrun.web import pages
from milkrun.web.access import StaffRequest, permit
from milkrun.web.words import Word

KINDS: dict[str, Word] = {
    "edi": gettext_lazy("EDI partner"),
    "token": gettext_lazy("API token"),
    "webhook": gettext_lazy("Webhook"),
    "drop": gettext_lazy("Tables"),
}


@permit("view_connections")
@require_safe
def listed(request: StaffRequest) -> HttpResponse:
    """List every connection of the site; those with trouble first."""
    at, limit = timezone.now(), lag_limit_minutes()
    rows = [row_of(one, at, limit, request.zone) for one in connections(at, request.site.id)]
    rows.sort(key=lambda row: {"act": 0, "watch": 1}.get(row["tone"], 2))
    context = {"rows": rows, "limit": limit, "zone": request.zone}
    return pages.page(request, "connections/connections.html", context)


@permit("view_connections")
@require_safe
def connection(request: StaffRequest, public_id: str) -> HttpResponse:
    """Show one connection with the newest faults."""
    at = timezone.now()
    found = connection_of(at, public_id)
    if found is None or found.site_id not in (None, request.site.id):
        raise NotFound(_("This connection does not exist at this site. Look for it in the list."))
    faults = [
        {"at": moment(one.at, request.zone), "what": one.what, "code": one.code, "detail": one.detail}
        for one in connection_faults(found.kind, found.key)
    ]
    limit = lag_limit_minutes()
    context = {"row": row_of(found, at, limit, request.zone), "faults": faults, "limit": limit}
    return pages.page(request, "connections/connection.html", context)


def row_of(one: ConnectionState, at: datetime, limit: int, zone: str) -> dict[str, Any]:
    """Put a connection into words."""
    tone, word = _tone(one, limit)
    silent = one.silent_seconds(at)
    return {
        "kind": one.kind,
        "key": one.key,
        "public_id": one.public_id,
        "kind_word": KINDS[one.kind],
        "name": one.name,
        "tone": tone,
        "word": word,
        "last": moment(one.last_at, zone),
        "silent": span(silent) if silent is not None else "",
        "last_failed": moment(one.last_failed_at, zone),
        "done": one.done,
        "failed": one.failed,
        "waiting": one.waiting,
        "lag": span(one.lag_seconds) if one.lag_seconds is not None else "",
        "late": one.late(limit),
        "worst": span(one.worst_lag_seconds) if one.worst_lag_seconds is not None else "",
    }


def _tone(one: ConnectionState, limit: int) -> tuple[str, str]:
    if one.state == "disabled":
        return "act", _("Switched off")
    if one.state:
        return "none", _("Paused")
    if one.late(limit):
        return "act", _("Late")
    if one.last_failed_at and (one.last_at is None or one.last_failed_at > one.last_at):
        return "watch", _("Last one failed")
    return ("ok", _("Works")) if one.last_at else ("none", _("Never used"))


def span(seconds: int) -> str:
    """Write a length of time in its two largest units: 45 s, 12 min 05 s, 3 h 20 min, 2 d 4 h."""
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    if days:
        return _("%(d)d d %(h)d h") % {"d": days, "h": hours}
    if hours:
        return _("%(h)d h %(m)d min") % {"h": hours, "m": minutes}
    return _("%(m)d min %(s)02d s") % {"m": minutes, "s": left} if minutes else _("%(s)d s") % {"s": left}
