"""Who was heard when: the pulses of the customers, which of them are to be learnt anew, and who is silent too long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from milkrun.demand.models import JitCall
from milkrun.insight.models import CallPulse
from milkrun.insight.queries.rhythm import LONGEST, MILLION, missed
from milkrun.measure.wording import moment, zone_of
from milkrun.planning.queries import days_without_work
from milkrun.planning.queries.shifts import Calendar, calendars


@dataclass(frozen=True, slots=True)
class PulseRow:
    """A customer's rhythm as people read it.

    Args:
        customer: the customer's code.
        name: its name.
        last: when the last call came, in the customer's zone.
        usual: transmissions an hour that are usual at this hour, "" where nothing is learnt yet.
        missed: transmissions that should have come since.
        week: 168 transmissions an hour from Monday 00:00, in millionths; empty where nothing is learnt yet.
    """

    customer: str
    name: str
    last: str
    usual: str
    missed: str
    week: tuple[int, ...]


def unheard(at: datetime) -> bool:
    """Tell whether calls came that are not noted yet, or a day has begun whose rhythm is not learnt."""
    newest = JitCall.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    noted = max(CallPulse.objects.values_list("last_call_id", flat=True), default=0)
    return newest > noted or bool(pulses_to_learn(at))


def pulses_to_learn(at: datetime) -> list[CallPulse]:
    """Find the customers whose rhythm was last learnt on an earlier day of theirs."""
    rows = CallPulse.objects.order_by("pk")
    return [row for row in rows if row.learnt_on != at.astimezone(zone_of(row.zone)).date()]


def closed_for(pulses: Sequence[CallPulse], since: date) -> dict[int, set[date]]:
    """Tell the days without work that count for each customer: everybody's and its own."""
    days = days_without_work({row.site_id for row in pulses}, since)
    return {
        row.pk: days.get((row.site_id, None), set()) | days.get((row.site_id, row.partner_id), set()) for row in pulses
    }


def silences(pulses: Sequence[CallPulse], at: datetime, *, working: bool = False) -> dict[int, int]:
    """Tell how many transmissions of each customer are missing, in millionths.

    With `working` only what should have come in the site's own working time is missed.
    """
    without = closed_for(pulses, (at - LONGEST - timedelta(days=1)).date())
    known = calendars({row.site_id for row in pulses}, at) if working else {}
    return {
        row.pk: sum(
            missed(row.rhythm, since, until, row.zone, without[row.pk])
            for since, until in known.get(row.site_id, Calendar()).spans(max(row.last_at, at - LONGEST), at)
        )
        for row in pulses
    }


def pulses(site_id: int, at: datetime) -> list[PulseRow]:
    """List the customers of a site with their rhythm."""
    rows = list(CallPulse.objects.filter(site=site_id).select_related("partner").order_by("partner__code"))
    missing = silences(rows, at)
    return [_row(row, missing[row.pk], at) for row in rows]


def _row(row: CallPulse, missing: int, at: datetime) -> PulseRow:
    local = at.astimezone(zone_of(row.zone))
    usual = row.rhythm[local.weekday() * 24 + local.hour] if row.rhythm else None
    return PulseRow(
        row.partner.code, row.partner.name, moment(row.last_at, row.zone), "" if usual is None else tenths(usual),
        tenths(missing), tuple(row.rhythm),
    )  # fmt: skip


def tenths(millionths: int) -> str:
    """Write millionths with one decimal.

    Example:
        >>> tenths(2_450_000)
        '2.4'
    """
    return f"{millionths // MILLION}.{millionths % MILLION // 100_000}"
