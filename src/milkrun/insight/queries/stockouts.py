"""Reads of stockouts: events with the demand they left unmet, and apart from them the days an item stood at zero."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from milkrun.insight.models import Stockout
from milkrun.insight.queries.shortage import Shortage, shortages
from milkrun.insight.queries.zero import days_at_zero
from milkrun.kernel.paging import Page, cursor, page_of, position
from milkrun.measure.wording import moment, quantity
from milkrun.partners.queries import sites

ZERO_DAYS = 30


@dataclass(frozen=True, slots=True)
class StockoutRow:
    """A stockout as people read it.

    Args:
        part: the part's number.
        part_public_id: for its page.
        open: whether demand is still unmet.
        started: since when the first unmet demand was due.
        ended: when all of it could be met, "" while it is open.
        minutes: how long it lasted, until now while it is open.
        unmet: what is missing now.
        peak: the most that was missing at once.
        calls: (call, customer, quantity first missed).
        zero_days: days of the last 30 that the part stood at zero; another figure than the event.
    """

    id: int
    part: str
    part_public_id: str
    description: str
    open: bool
    started: str
    ended: str
    minutes: int
    unmet: str
    peak: str
    calls: tuple[tuple[str, str, str], ...]
    zero_days: int


def current_shortages(at: datetime) -> list[Shortage]:
    """Find the due demand that is not met, at every site."""
    return shortages([site.id for site in sites()], at)


def stockouts_differ(at: datetime) -> bool:
    """Tell whether the record of stockouts is not as it should be."""
    now = {(s.site_id, s.part_id): (s.unmet, set(s.calls)) for s in current_shortages(at)}
    kept = {(row.site_id, row.part_id): row for row in Stockout.objects.filter(closed_at=None)}
    return set(now) != set(kept) or any(
        kept[key].unmet_qty != unmet or not calls <= set(kept[key].demands) for key, (unmet, calls) in now.items()
    )


def stockouts(
    site_id: int, at: datetime, zone: str, show: str = "", text: str = "", after: str = "", limit: int = 50
) -> Page[StockoutRow]:
    """List stockouts, the newest first.

    Args:
        site_id: the site.
        at: now.
        zone: for the instants and the days.
        show: open, closed or "" for both.
        text: in the part's number.
        after: the cursor of the page before.
        limit: rows of a page.
    """
    rows = _shown(site_id, show, text)
    start = position(after, int)
    if start:
        rows = rows.filter(id__lt=start[0])
    found = list(rows[: limit + 1])
    zero = days_at_zero(site_id, [row.part_id for row in found], at, zone, ZERO_DAYS)
    last = cursor(found[:limit][-1].pk) if found else ""
    return page_of([_row(row, zero.get(row.part_id, 0), at, zone) for row in found], limit, last)


def _shown(site_id: int, show: str, text: str) -> QuerySet[Stockout]:
    rows = Stockout.objects.filter(site_id=site_id).select_related("part").order_by("-id")
    if show in ("open", "closed"):
        rows = rows.filter(closed_at__isnull=show == "open")
    return rows.filter(part__number__icontains=text.strip()) if text.strip() else rows


def _row(row: Stockout, zero_days: int, at: datetime, zone: str) -> StockoutRow:
    unit = row.part.base_unit
    lasted = (row.closed_at or at) - row.started_at
    calls = tuple((call, customer, quantity(Decimal(qty), unit)) for call, (customer, qty) in row.demands.items())
    return StockoutRow(
        row.pk, row.part.number, row.part.public_id, row.part.description, row.closed_at is None,
        moment(row.started_at, zone), moment(row.closed_at, zone), max(lasted // timedelta(minutes=1), 0),
        quantity(row.unmet_qty, unit), quantity(row.peak_qty, unit), calls, zero_days,
    )  # fmt: skip


def stockout_export(site_id: int, at: datetime, zone: str, show: str = "", text: str = "") -> Iterator[StockoutRow]:
    """Read every stockout that the filter keeps, page by page."""
    after = ""
    while True:
        page = stockouts(site_id, at, zone, show, text, after, limit=500)
        yield from page.rows
        after = page.next_cursor
        if not after:
            return
