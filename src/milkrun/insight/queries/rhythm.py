"""The rhythm of a customer's calls: how often they come at each hour of the week, and how many are missing now.

The average of the last four weeks, by hour and weekday in the customer's own zone. A customer who never calls at night
is not missed at night; days without work count neither for learning nor for waiting.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from milkrun.measure.wording import zone_of

HOUR = timedelta(hours=1)
WEEKS = 4
MILLION = 1_000_000
# Less than this tells nothing about a rhythm.
LEAST_ARRIVALS, LEAST_DAYS = 20, 7
# Nobody waits longer than this: the sum ends here.
LONGEST = timedelta(days=14)


def learn(hours: Mapping[datetime, int], today: date, zone: str, closed: Iterable[date] = ()) -> list[int]:
    """Learn the rhythm from what was heard.

    Args:
        hours: start of an hour (UTC) -> arrivals within it.
        today: the day it is learnt on, in the customer's zone; only whole days before it count.
        zone: the customer's zone.
        closed: days without work.

    Returns:
        Arrivals an hour in millionths for the 168 hours of a week from Monday 00:00, [] where there is too little.
    """
    here, without = zone_of(zone), set(closed)
    heard: dict[tuple[date, int], int] = {}
    for hour, arrivals in hours.items():
        local = hour.astimezone(here)
        heard[local.date(), local.hour] = heard.get((local.date(), local.hour), 0) + arrivals
    first = max(today - timedelta(weeks=WEEKS), min((day for day, _ in heard), default=today))
    days = [first + timedelta(days=n) for n in range((today - first).days) if first + timedelta(days=n) not in without]
    if len(days) < LEAST_DAYS or sum(n for (day, _), n in heard.items() if day in days) < LEAST_ARRIVALS:
        return []
    rhythm = []
    for weekday in range(7):
        same = [day for day in days if day.weekday() == weekday]
        for clock in range(24):
            arrivals = sum(heard.get((day, clock), 0) for day in same)
            rhythm.append(arrivals * MILLION // len(same) if same else 0)
    return rhythm


def missed(rhythm: list[int], since: datetime, at: datetime, zone: str, closed: Iterable[date] = ()) -> int:
    """Tell how many arrivals should have come between two instants.

    Args:
        rhythm: as `learn` returns it.
        since: when the customer was heard last.
        at: now.
        zone: the customer's zone.
        closed: days without work.

    Returns:
        Arrivals in millionths.
    """
    if not rhythm:
        return 0
    here, without = zone_of(zone), set(closed)
    begin = max(since, at - LONGEST)
    expected = 0
    while begin < at:
        local = begin.astimezone(here)
        end = min(begin + HOUR - (begin - datetime.combine(begin.date(), time(begin.hour), begin.tzinfo)), at)
        if local.date() not in without:
            expected += rhythm[local.weekday() * 24 + local.hour] * int((end - begin).total_seconds())
        begin = end
    return expected // 3600
