"""Let go of what nobody will ask for again: events long sent, faults long past."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from milkrun.connections.models import ConnectionFault, Event, Note
from milkrun.kernel.command import command

KEEP_EVENTS = timedelta(days=90)
KEEP_FAULTS = timedelta(days=30)
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class OldEventsForgotten:
    """How many events and faults were let go."""

    events: int
    faults: int


@command
def forget_old_events(*, at: datetime) -> OldEventsForgotten:
    """Delete events older than 90 days that wait for nobody, and faults older than 30 days, some thousands at once."""
    waiting = Note.objects.filter(event=OuterRef("pk")).exclude(state="sent")
    old = Event.objects.filter(recorded_at__lt=at - KEEP_EVENTS).filter(~Exists(waiting)).order_by("pk")
    keys = list(old.values_list("pk", flat=True)[:AT_ONCE])
    Note.objects.filter(event__in=keys).delete()
    Event.objects.filter(pk__in=keys).delete()
    past = ConnectionFault.objects.filter(at__lt=at - KEEP_FAULTS).order_by("pk").values_list("pk", flat=True)
    faults = list(past[:AT_ONCE])
    ConnectionFault.objects.filter(pk__in=faults).delete()
    return OldEventsForgotten(len(keys), len(faults))
