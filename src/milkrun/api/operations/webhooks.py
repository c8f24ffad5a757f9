"""Webhooks: who is told what happens, and what became of each event."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from milkrun.api.door import by, visit
from milkrun.api.fields import Body, Cursor, Instant, Listed, PublicId, listed
from milkrun.api.operations.calls import Nothing
from milkrun.api.operations.sites import Id, site_of
from milkrun.api.routes import reads, runs
from milkrun.connections.commands.change_webhook import change_webhook
from milkrun.connections.commands.create_webhook import create_webhook
from milkrun.connections.commands.replay_events import replay_events
from milkrun.connections.commands.rotate_webhook_secret import rotate_webhook_secret
from milkrun.connections.commands.send_test_event import send_test_event
from milkrun.connections.commands.switch_webhook import switch_webhook
from milkrun.connections.queries.secrets import secret_of
from milkrun.connections.queries.webhooks import NoteRecord, WebhookRecord, notes, webhook, webhook_key, webhooks
from milkrun.gateway.addresses import Network, networks, refuse_private

router = Router(tags=["webhooks"])

Kinds = Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=30)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Url = Annotated[str, Field(min_length=8, max_length=400)]
SiteOrNone = Annotated[str, Field(max_length=12, pattern=r"^([!-.0-~]+)?$")]


class WebhookBody(Body):
    """Where events go and which ones; `*` stands for every kind. An empty site means every site."""

    name: Name
    url: Url
    kinds: Kinds
    site: SiteOrNone = ""


class WebhookChange(Body):
    """What the webhook is from now on."""

    name: Name
    url: Url
    kinds: Kinds


class SwitchBody(Body):
    """Where the webhook goes; a removed one is gone for good."""

    switch: Literal["pause", "resume", "remove"]


class ReplayBody(Body):
    """Which events are sent again: these, or every one since an instant."""

    event_ids: Annotated[list[PublicId], Field(max_length=500)] = []
    since: Instant | None = None


class RotateBody(Body):
    """For how many hours the former secret stays live beside the new one."""

    both_hours: Annotated[int, Field(ge=0, le=720, strict=True)] = 24


class NoteQuery(Cursor):
    """Which events are wanted."""

    state: Literal["", "queued", "sent", "held"] = ""


class WebhookList(Schema):
    """All webhooks."""

    items: list[WebhookRecord]


class WebhookReply(Schema):
    """The webhook as it is now."""

    webhook_id: str
    state: str


class SecretReply(Schema):
    """The signing secret, shown this once; a repeated request gets no secret, because none is kept."""

    webhook_id: str
    secret: str
    former_until: datetime | None


class EventQueuedReply(Schema):
    """The event waits to be sent."""

    event_id: str


class ReplayedReply(Schema):
    """How many events wait to be sent again."""

    events: int


@reads(router, "/webhooks", "list_webhooks", WebhookList, action="view_connections")
def list_webhooks(request: HttpRequest) -> Any:
    """List the webhooks by name."""
    return {"items": webhooks(visit(request).token.sites)}


@reads(router, "/webhooks/{webhook_id}", "get_webhook", WebhookRecord, action="view_connections")
def get_webhook(request: HttpRequest, webhook_id: Id) -> Any:
    """Read one webhook and how it does."""
    return webhook(webhook_id)


@reads(router, "/webhooks/{webhook_id}/events", "list_webhook_events", Listed[NoteRecord], action="view_connections")
def list_webhook_events(request: HttpRequest, webhook_id: Id, query: Query[NoteQuery]) -> Any:
    """List the events of a webhook, newest first, with what became of each."""
    return listed(notes(webhook_id, query.state, query.cursor, query.limit))


@runs(router, "/webhooks", "create_webhook", SecretReply)
def post_webhook(request: HttpRequest, body: WebhookBody) -> Any:
    """Make a webhook; the reply holds the secret that its receiver checks signatures with."""
    refuse_private(body.url, allowed_networks())
    site_id = site_of(body.site).id if body.site else None
    done = create_webhook(name=body.name, url=body.url, kinds=body.kinds, site_id=site_id, **by(request))
    return SecretReply(webhook_id=done.public_id, secret=secret_of(done.public_id, done.version), former_until=None)


@runs(router, "/webhooks/{hook}/change", "change_webhook", WebhookReply)
def post_change(request: HttpRequest, hook: Id, body: WebhookChange) -> Any:
    """Give a webhook another name, address or choice of events."""
    refuse_private(body.url, allowed_networks())
    done = change_webhook(webhook_id=webhook_key(hook), name=body.name, url=body.url, kinds=body.kinds, **by(request))
    return WebhookReply(webhook_id=hook, state=done.state)


@runs(router, "/webhooks/{hook}/rotate-secret", "rotate_webhook_secret", SecretReply)
def post_rotation(request: HttpRequest, hook: Id, body: RotateBody) -> Any:
    """Make a new secret; the former one stays live beside it for some hours."""
    done = rotate_webhook_secret(webhook_id=webhook_key(hook), both_for=timedelta(hours=body.both_hours), **by(request))
    secret = secret_of(done.public_id, done.version)
    return SecretReply(webhook_id=hook, secret=secret, former_until=done.former_until)


@runs(router, "/webhooks/{hook}/switch", "switch_webhook", WebhookReply)
def post_switch(request: HttpRequest, hook: Id, body: SwitchBody) -> Any:
    """Pause a webhook, let it go on, or remove it."""
    done = switch_webhook(webhook_id=webhook_key(hook), switch=body.switch, **by(request))
    return WebhookReply(webhook_id=hook, state=done.state)


@runs(router, "/webhooks/{hook}/test", "send_test_event", EventQueuedReply)
def post_test(request: HttpRequest, hook: Id, body: Nothing) -> Any:
    """Send a webhook an event that says nothing but that the way is open."""
    return EventQueuedReply(event_id=send_test_event(webhook_id=webhook_key(hook), **by(request)).event_id)


@runs(router, "/webhooks/{hook}/replay", "replay_events", ReplayedReply)
def post_replay(request: HttpRequest, hook: Id, body: ReplayBody) -> Any:
    """Send events to a webhook once more, byte for byte the same and under the same ids."""
    done = replay_events(webhook_id=webhook_key(hook), event_ids=body.event_ids, since=body.since, **by(request))
    return ReplayedReply(events=done.events)


def allowed_networks() -> list[Network]:
    """Return the private networks that webhooks may reach."""
    return networks(settings.MILKRUN_WEBHOOK_NETWORKS)
