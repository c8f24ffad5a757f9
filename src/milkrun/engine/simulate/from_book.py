"""What the twin needs, out of the files of an analysis: demand by day, and by the analysis's period for the proof."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from milkrun.engine.analysis.book import Book
from milkrun.engine.analysis.demand import DemandBook
from milkrun.engine.analysis.figures import Figures
from milkrun.engine.analysis.leads import ItemLeads
from milkrun.engine.analysis.settings import Settings
from milkrun.engine.analysis.strong_days import has_days
from milkrun.engine.simulate.twin import History

Array = Any

# Lead times that nobody saw are spread over so many points of the normal curve.
ASSUMED_POINTS = 9
# A weekday with rows on fewer of its dates is a closed one; only said of files of at least so many weeks.
OPEN_FROM, OPEN_WEEKS = 0.05, 4
LEAST_NONZERO = 3
DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12}
SEASONS = {"day": (7,), "week": (52,), "month": (12,)}


@dataclass(frozen=True, slots=True)
class Played:
    """The items that are replayed, in one kind of period.

    Args:
        history: demand and supply by period.
        period: day, week or month.
        places: [item], its place among the items of the analysis.
        lead: [item], mean lead time in periods.
        review: periods between reviews.
    """

    history: History
    period: str
    places: Array
    lead: Array
    review: int

    @property
    def days(self) -> float:
        """Days of a period."""
        return DAYS[self.period]


@dataclass(frozen=True, slots=True)
class Left:
    """Items that are not replayed, and why: numbers of items by reason."""

    no_demand: int
    ended: int
    too_short: int


def by_day(book: Book, found: Figures, settings: Settings) -> tuple[Played, Left]:
    """Lay demand out for the twin: by day where the file has days, else as the analysis counts it.

    Items without demand, items that seem to have ended and items with too little history are left out.

    Raises:
        ValueError: the files hold no demand.
    """
    if book.demand is None:
        raise ValueError("There is no demand to replay: a file with date, item and quantity is needed.")
    period, demand, begin, is_open = _days(book.demand) if has_days(book.demand) else _as_counted(book.demand)
    return _played(book, found, settings, period, demand, begin, is_open)


def as_counted(book: Book, found: Figures, settings: Settings) -> tuple[Played, Left]:
    """Lay demand out in the periods of the analysis, in which classes and proofs are judged."""
    if book.demand is None:
        raise ValueError("There is no demand to replay: a file with date, item and quantity is needed.")
    period, demand, begin, is_open = _as_counted(book.demand)
    return _played(book, found, settings, period, demand, begin, is_open)


def _days(demand: DemandBook) -> tuple[str, Array, Array, Array | None]:
    code, day, quantity = (demand.frame[name].to_numpy() for name in ("code", "day", "quantity"))
    first, last = int(day.min()), int(day.max())
    count = last - first + 1
    place = code.astype(np.int64) * count + (day - first)
    dense = np.bincount(place, weights=quantity, minlength=len(demand.items) * count).reshape(-1, count)
    begin = np.clip(demand.first - first, 0, count).astype(np.int64)
    begin[demand.last < 0] = count
    return "day", np.maximum(dense, 0.0), begin, _open_days(day - first, first, count)


def _open_days(days: Array, first: int, count: int) -> Array | None:
    """[day], closed on weekdays that hardly ever have a row; None where all are open."""
    seen = np.zeros(count, np.bool_)
    seen[days] = True
    weekday = (np.arange(count) + first) % 7
    share = np.array([seen[weekday == one].mean() if (weekday == one).any() else 1.0 for one in range(7)])
    closed = share < OPEN_FROM
    if count < 7 * OPEN_WEEKS or not closed.any():
        return None
    found: Array = ~closed[weekday]
    return found


def _as_counted(demand: DemandBook) -> tuple[str, Array, Array, Array | None]:
    counts = demand.counts
    begin = np.where(counts.any(axis=1), counts.argmax(axis=1), demand.periods.count).astype(np.int64)
    return demand.periods.bucket, np.maximum(np.where(counts, demand.demand, 0.0), 0.0), begin, None


def _played(
    book: Book, found: Figures, settings: Settings, period: str, demand: Array, begin: Array, is_open: Array | None
) -> tuple[Played, Left]:  # fmt: skip
    assert book.demand is not None  # noqa: S101 - both callers have looked
    days, count = DAYS[period], demand.shape[1]
    review = max(1, round(settings.review_days / days))
    lead = found.leads.mean / days
    sold = (demand > 0).sum(axis=1)
    known = np.array([kind != "none" for kind in found.pattern.kind], np.bool_)
    moving, ended = (sold > 0) & known, np.asarray(book.demand.ended)
    # Half the history must be left to replay once levels are learnt and the first orders have come.
    long_enough = (count - begin >= 2 * (lead + review) + 8) & (sold >= LEAST_NONZERO)
    places = np.flatnonzero(moving & ~ended & long_enough)
    numbers = book.masters.numbers
    history = History(
        tuple(book.items[place] for place in places), demand[places], begin[places],
        tuple(lead_times(found.leads, int(place), days) for place in places),
        np.nan_to_num(numbers["min_order"][places]), np.nan_to_num(numbers["multiple"][places]),
        np.full(len(places), np.nan), is_open,
    )  # fmt: skip
    left = Left(int((~moving).sum()), int((moving & ended).sum()), int((moving & ~ended & ~long_enough).sum()))
    return Played(history, period, places, lead[places], review), left


def lead_times(leads: ItemLeads, place: int, days: float) -> list[float]:
    """Return the lead times seen, in periods; or points of the normal curve where none were."""
    seen = leads.samples[place]
    if seen and leads.source[place] != "item":
        return [max(0.0, one / days) for one in seen]
    mean, deviation = float(leads.mean[place]), float(leads.deviation[place])
    if deviation <= 0:
        return [mean / days]
    curve = NormalDist(mean, deviation)
    shares = [(point + 0.5) / ASSUMED_POINTS for point in range(ASSUMED_POINTS)]
    return [max(0.0, curve.inv_cdf(share)) / days for share in shares]
