"""Note when customers' calls came, and learn their rhythm from it once a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from milkrun.demand.models import JitCall
from milkrun.insight.models import CallHour, CallPulse
from milkrun.insight.queries.rhythm import WEEKS, learn
from milkrun.insight.queries.silence import closed_for, pulses_to_learn
from milkrun.kernel.command import command
from milkrun.kernel.lock import hold
from milkrun.measure.wording import zone_of

Customer = tuple[int, int]  # site, partner
MOST_CALLS = 200_000


@dataclass(frozen=True, slots=True)
class ArrivalsNoted:
    """How many transmissions were noted, and of how many customers the rhythm was learnt."""

    arrivals: int
    learnt: int


@command
def note_arrivals(*, at: datetime) -> ArrivalsNoted:
    """Go on behind the last call that was noted; what came together counts once."""
    hold("call_pulse", 1)
    pulses = {(row.site_id, row.partner_id): row for row in CallPulse.objects.all()}
    behind = max((row.last_call_id for row in pulses.values()), default=0)
    rows = JitCall.objects.filter(pk__gt=behind).order_by("pk")[:MOST_CALLS]
    calls = list(rows.values_list("pk", "site_id", "partner_id", "received_at", "zone"))

    heard: dict[Customer, set[datetime]] = {}
    newest: dict[Customer, tuple[int, datetime, str]] = {}
    for pk, site, partner, received_at, zone in calls:
        heard.setdefault((site, partner), set()).add(received_at)
        last = newest.get((site, partner), (0, received_at, zone))[1]
        newest[site, partner] = (pk, max(last, received_at), zone)
    for customer, (pk, last_at, zone) in newest.items():
        _pulse(customer, pk, last_at, zone, known=customer in pulses)
    for customer, instants in heard.items():
        _hours(customer, instants)

    learnt = _learn(at)
    return ArrivalsNoted(sum(len(instants) for instants in heard.values()), learnt)


def _pulse(customer: Customer, pk: int, last_at: datetime, zone: str, *, known: bool) -> None:
    site, partner = customer
    if known:
        CallPulse.objects.filter(site_id=site, partner_id=partner).update(last_call_id=pk, last_at=last_at, zone=zone)
    else:
        CallPulse.objects.create(site_id=site, partner_id=partner, last_call_id=pk, last_at=last_at, zone=zone)


def _hours(customer: Customer, instants: set[datetime]) -> None:
    site, partner = customer
    counted: dict[datetime, int] = {}
    for instant in instants:
        hour = instant.replace(minute=0, second=0, microsecond=0)
        counted[hour] = counted.get(hour, 0) + 1
    mine = CallHour.objects.filter(site_id=site, partner_id=partner)
    known = set(mine.filter(hour__in=counted).values_list("hour", flat=True)) if len(counted) < 500 else set(
        mine.values_list("hour", flat=True))  # fmt: skip
    for hour in known & set(counted):
        mine.filter(hour=hour).update(arrivals=F("arrivals") + counted[hour])
    CallHour.objects.bulk_create(
        [
            CallHour(site_id=site, partner_id=partner, hour=hour, arrivals=arrivals)
            for hour, arrivals in counted.items()
            if hour not in known
        ],
        batch_size=500,
    )


def _learn(at: datetime) -> int:
    due = pulses_to_learn(at)
    without = closed_for(due, (at - timedelta(weeks=WEEKS + 1)).date())
    since = at - timedelta(weeks=WEEKS, days=1)
    for pulse in due:
        hours = dict(
            CallHour.objects.filter(site_id=pulse.site_id, partner_id=pulse.partner_id, hour__gte=since).values_list(
                "hour", "arrivals"
            )
        )
        _remember(pulse, hours, at.astimezone(zone_of(pulse.zone)).date(), without[pulse.pk])
    return len(due)


def _remember(pulse: CallPulse, hours: Mapping[datetime, int], today: date, without: set[date]) -> None:
    rhythm = learn(hours, today, pulse.zone, without)
    CallPulse.objects.filter(pk=pulse.pk).update(rhythm=rhythm, learnt_on=today)
