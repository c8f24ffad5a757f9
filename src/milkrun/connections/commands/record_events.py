"""Keep what a feed told, for everybody who wants to know it, and how far the feed was read: in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from milkrun.connections.errors import FeedMoved
from milkrun.connections.models import Event, FeedPosition, Note, Webhook
from milkrun.connections.queries.kinds import EVERY_KIND
from milkrun.kernel.command import command


@dataclass(frozen=True, slots=True)
class EventInput:
    """One event: the feed's entry it was made from, when it happened, and the bytes that tell of it."""

    kind: str
    entry: int
    site_id: int | None
    occurred_at: datetime
    payload: bytes


@dataclass(frozen=True, slots=True)
class EventsRecorded:
    """How many events were kept, and how many notes wait for webhooks because of them."""

    events: int
    notes: int


@command
def record_events(
    *, feed: str, read_from: int, read_to: int, events: Sequence[EventInput], at: datetime
) -> EventsRecorded:
    """Move a feed's position on and queue the events that webhooks want; events that nobody wants are not kept.

    Raises:
        FeedMoved: another worker was faster; nothing is kept.
    """
    FeedPosition.objects.get_or_create(name=feed)
    moved = FeedPosition.objects.filter(name=feed, position=read_from).update(position=read_to)
    if not moved:
        raise FeedMoved(_("Another worker has read this feed further."), feed=feed)

    webhooks = list(Webhook.objects.exclude(state="removed").order_by("pk"))
    wanted = [(event, [hook for hook in webhooks if _wants(hook, event)]) for event in events]
    rows = [
        (
            Event(
                kind=event.kind,
                site_id=event.site_id,
                feed=feed,
                entry=event.entry,
                occurred_at=event.occurred_at,
                recorded_at=at,
                payload=event.payload,
            ),
            hooks,
        )
        for event, hooks in wanted
        if hooks
    ]
    Event.objects.bulk_create([row for row, __ in rows])
    notes = [Note(webhook=hook, event=row) for row, hooks in rows for hook in hooks]
    Note.objects.bulk_create(notes)
    return EventsRecorded(len(rows), len(notes))


def _wants(hook: Webhook, event: EventInput) -> bool:
    here = hook.site_id is None or event.site_id in (None, hook.site_id)
    return here and bool({EVERY_KIND, event.kind} & set(hook.kinds)) and event.occurred_at >= hook.created_at
