"""How every connection does: when something last came or went, how late, what went wrong, what is silent."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Max, Min

from milkrun.connections.models import ConnectionDay, ConnectionFault, Note, Webhook
from milkrun.connections.states import IMPORT_KINDS
from milkrun.exchange.models import Agreement
from milkrun.partners.models import ApiToken, Site


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """One connection. Times are None where nothing of the kind ever happened.

    Args:
        kind: edi, token, webhook or drop.
        key: which one of the kind.
        name: what people call it.
        site_id: the site it belongs to, None where it is for all.
        state: "" or what is to be said of it: paused, disabled.
        last_at: when something last came or went.
        last_failed_at: when something last went wrong.
        done: so many things came or went today (UTC).
        failed: so many went wrong today.
        waiting: so many wait to be sent.
        lag_seconds: how late the newest event was recorded, or how long the oldest one waits to be sent.
        worst_lag_seconds: the worst of today.
    """

    kind: str
    key: str
    name: str
    site_id: int | None = None
    state: str = ""
    last_at: datetime | None = None
    last_failed_at: datetime | None = None
    done: int = 0
    failed: int = 0
    waiting: int = 0
    lag_seconds: int | None = None
    worst_lag_seconds: int | None = None

    @property
    def public_id(self) -> str:
        """Name the connection in addresses: it has no row of its own, and its key may hold any character."""
        return f"{self.kind}-{zlib.crc32(f'{self.kind} {self.key}'.encode()):08x}"

    def silent_seconds(self, at: datetime) -> int | None:
        """Tell for how long nothing came or went; None where nothing ever did."""
        return None if self.last_at is None else max(int((at - self.last_at).total_seconds()), 0)

    def late(self, limit_minutes: int) -> bool:
        """Tell whether its data are later than is allowed."""
        return self.lag_seconds is not None and self.lag_seconds > limit_minutes * 60


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that went wrong at a connection."""

    at: datetime
    what: str
    code: str
    detail: str


def connections(at: datetime, site_id: int | None = None) -> list[ConnectionState]:
    """List every connection by kind and name; those of other sites are left out where a site is given."""
    found = [*_partners(), *_tokens(at), *_webhooks(at), *_drops()]
    if site_id is not None:
        found = [one for one in found if one.site_id in (None, site_id)]
    return _with_days(found, at)


def connection_of(at: datetime, public_id: str) -> ConnectionState | None:
    """Read one connection; None where there is none."""
    return next((one for one in connections(at) if one.public_id == public_id), None)


def connection_faults(kind: str, key: str, limit: int = 50) -> list[Fault]:
    """List what went wrong at a connection, newest first; kept for a month."""
    rows = ConnectionFault.objects.filter(kind=kind, key=key).order_by("-pk")[:limit]
    return [Fault(row.at, row.what, row.code, row.detail) for row in rows]


def late_connections(at: datetime, limit_minutes: int) -> list[ConnectionState]:
    """List connections whose data are later than a limit, in a bounded number of statements."""
    return [one for one in connections(at) if one.late(limit_minutes)]


def _partners() -> Iterable[ConnectionState]:
    rows = Agreement.objects.order_by("partner__code").values_list("partner__code", "partner__name", "site_id")
    return [ConnectionState("edi", code, f"{code} {name}", site_id) for code, name, site_id in rows]


def _tokens(at: datetime) -> Iterable[ConnectionState]:
    rows = ApiToken.objects.filter(revoked_at=None, expires_at__gt=at).prefetch_related("sites").order_by("name", "pk")
    for row in rows:
        sites = [one.site_id for one in row.sites.all()]
        yield ConnectionState(
            "token", row.prefix, row.name, sites[0] if len(sites) == 1 else None, last_at=row.last_used_at
        )


def _webhooks(at: datetime) -> Iterable[ConnectionState]:
    rows = Webhook.objects.exclude(state="removed").order_by("name", "pk")
    queued = Note.objects.filter(state="queued").values("webhook_id")
    oldest = {row["webhook_id"]: row["first"] for row in queued.annotate(first=Min("event__occurred_at"))}
    counts: dict[int, int] = {}
    for key in Note.objects.filter(state="queued").values_list("webhook_id", flat=True):
        counts[key] = counts.get(key, 0) + 1
    for row in rows:
        waits = oldest.get(row.pk)
        yield ConnectionState(
            "webhook", row.public_id, row.name, row.site_id, "" if row.state == "active" else row.state,
            waiting=counts.get(row.pk, 0), lag_seconds=int((at - waits).total_seconds()) if waits else None,
        )  # fmt: skip


def _drops() -> Iterable[ConnectionState]:
    seen = set(ConnectionDay.objects.filter(kind="drop").values_list("key", flat=True).distinct())
    for site_id, code in Site.objects.order_by("code").values_list("pk", "code"):
        for kind in IMPORT_KINDS:
            if f"{kind}@{code}" in seen:
                yield ConnectionState("drop", f"{kind}@{code}", f"{kind} {code}", site_id)


def _with_days(found: list[ConnectionState], at: datetime) -> list[ConnectionState]:
    """Add what was counted: ever, today, and of the last day on which anything was late."""
    ever = {
        (row["kind"], row["key"]): row
        for row in ConnectionDay.objects.values("kind", "key").annotate(
            last=Max("last_at"), bad=Max("last_failed_at"), told=Max("event_at")
        )
    }
    told = [row["told"] for row in ever.values() if row["told"]]
    today = {(row.kind, row.key): row for row in ConnectionDay.objects.filter(day=at.date())}
    newest = {(row.kind, row.key): row for row in ConnectionDay.objects.filter(event_at__in=told)}
    full = []
    for one in found:
        place = (one.kind, one.key)
        all_days, day, late = ever.get(place), today.get(place), newest.get(place)
        if all_days is not None:
            moments = [moment for moment in (one.last_at, all_days["last"]) if moment]
            one = replace(one, last_at=max(moments, default=None), last_failed_at=all_days["bad"])
        if day is not None:
            one = replace(one, done=day.done, failed=day.failed, worst_lag_seconds=day.worst_lag_seconds)
        if late is not None and one.lag_seconds is None:
            one = replace(one, lag_seconds=late.lag_seconds)
        full.append(one)
    return full
