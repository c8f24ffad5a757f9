"""Webhooks as people and machines read them, and what the worker has to send."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from milkrun.connections.errors import UnknownWebhook
from milkrun.connections.models import FeedPosition, Note, Webhook
from milkrun.connections.queries.kinds import EVERY_KIND
from milkrun.connections.states import NOTE_MOVES
from milkrun.kernel.machine import open_moves
from milkrun.kernel.paging import Page, cursor, page_of, position

JOURNAL = "journal"


def movements_of(site_id: int) -> str:
    """Name the feed of a site's movements."""
    return f"movements {site_id}"


@dataclass(frozen=True, slots=True)
class WebhookRecord:
    """A webhook and how it does; the secret cannot be read."""

    id: str
    name: str
    url: str
    kinds: tuple[str, ...]
    site: str
    state: str
    created_at: datetime
    failing_since: datetime | None
    next_try_at: datetime | None
    former_secret_until: datetime | None
    waiting: int
    held: int


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """An event on its way to a webhook."""

    event_id: str
    kind: str
    state: str
    occurred_at: datetime
    recorded_at: datetime
    attempts: int
    last_status: int
    last_error: str
    tried_at: datetime | None
    sent_at: datetime | None
    payload: str
    may_send_again: bool


def webhooks(sites: Sequence[str] = ()) -> list[WebhookRecord]:
    """List the webhooks by name; only those of the given sites where any are given."""
    rows = Webhook.objects.exclude(state="removed").select_related("site").order_by("name", "pk")
    if sites:
        rows = rows.filter(site__code__in=list(sites))
    counted = rows.annotate(
        queued=Count("note", filter=Q(note__state="queued")), stuck=Count("note", filter=Q(note__state="held"))
    )
    return [_record(row, row.queued, row.stuck) for row in counted]


def webhook(public_id: str) -> WebhookRecord:
    """Read one webhook.

    Raises:
        UnknownWebhook: there is none.
    """
    row = _row(public_id)
    states = dict(Note.objects.filter(webhook=row).values_list("state").annotate(Count("pk")))
    return _record(row, states.get("queued", 0), states.get("held", 0))


def webhook_key(public_id: str) -> int:
    """Turn a public id into a key.

    Raises:
        UnknownWebhook: there is none.
    """
    # A removed one too: whoever repeats the request that removed it gets the first answer again.
    row = Webhook.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
    return row if row is not None else _row(public_id).pk


def _row(public_id: str) -> Webhook:
    row = Webhook.objects.exclude(state="removed").filter(public_id=public_id).select_related("site").first()
    if row is None:
        raise UnknownWebhook(_("This webhook does not exist. Look for it among the connections."), webhook=public_id)
    return row


def _record(row: Webhook, waiting: int, held: int) -> WebhookRecord:
    return WebhookRecord(
        row.public_id, row.name, row.url, tuple(row.kinds), row.site.code if row.site else "", row.state,
        row.created_at, row.failing_since, row.due_at if row.failures else None, row.former_until, waiting, held,
    )  # fmt: skip


def notes(public_id: str, state: str = "", after: str = "", limit: int = 50) -> Page[NoteRecord]:
    """List the events of a webhook, newest first; `state` keeps queued, sent or held ones.

    Raises:
        UnknownWebhook: there is none.
    """
    rows = Note.objects.filter(webhook=_row(public_id)).select_related("event").order_by("-pk")
    if state:
        rows = rows.filter(state=state)
    start = position(after, int)
    if start:
        rows = rows.filter(pk__lt=start[0])
    found = list(rows[: limit + 1])
    return page_of([_note(row) for row in found], limit, cursor(found[:limit][-1].pk) if found else "")


def _note(row: Note) -> NoteRecord:
    return NoteRecord(
        row.event.public_id, row.event.kind, row.state, row.event.occurred_at, row.event.recorded_at, row.attempts,
        row.last_status, row.last_error, row.tried_at, row.sent_at, bytes(row.event.payload).decode(),
        "queue_again" in open_moves(NOTE_MOVES, row.state),
    )  # fmt: skip


def wanted_kinds() -> frozenset[str]:
    """Return the kinds of events that anybody wants; `*` among them stands for all."""
    found = Webhook.objects.exclude(state="removed").values_list("kinds", flat=True)
    return frozenset(kind for kinds in found for kind in kinds)


def anybody_wants(kinds: frozenset[str], wanted: frozenset[str]) -> bool:
    """Tell whether one of these kinds is wanted."""
    return EVERY_KIND in wanted or bool(kinds & wanted)


def feed_position(name: str) -> int | None:
    """Return how far a feed was read; None where nobody ever did."""
    return FeedPosition.objects.filter(name=name).values_list("position", flat=True).first()


def due_webhooks(at: datetime) -> list[int]:
    """List webhooks that have something to send and whose time has come."""
    queued = Note.objects.filter(webhook=OuterRef("pk"), state="queued")
    free = queued.filter(Q(leased_until=None) | Q(leased_until__lte=at))
    rows = Webhook.objects.filter(Exists(free), state="active", due_at__lte=at)
    return list(rows.order_by("due_at", "pk").values_list("pk", flat=True))
